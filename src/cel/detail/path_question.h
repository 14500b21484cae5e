// Expressions simple enough to be answered without the machine. Private to the room.
#pragma once

#include <optional>
#include <span>

#include "cel/detail/code.h"
#include "cel/detail/cost_rules.h"

namespace seawall::cel::detail {

// What the routine is as a test; `keys` is null where it is none.
PathQuestion path_question(const Bytecode& code, const Routine& routine);

// The node at the end of the path, or null: missing, or not in a document.
inline const codec::detail::Node* at_path(const Value& input, const codec::Key* keys, std::uint32_t count) noexcept {
  if (!input.is(Kind::map) || !input.in_document()) return nullptr;
  codec::Value at(input.node());
  for (std::uint32_t i = 0; i < count; ++i) {
    at = at[keys[i]];
    if (at.node() == nullptr) return nullptr;
  }
  return at.node();
}

inline bool holds(const PathQuestion& question, const codec::detail::Node& node) noexcept {
  bool text = node.kind == codec::Kind::text;
  if (question.set)
    return text ? question.set->contains_text({node.text, node.size}) : question.set->contains(Value::document(&node));
  const auto& constant = *question.constant;
  if (!constant.is(Kind::string)) return equal(Value::document(&node), constant);
  return text && node.size == constant.size() &&
         codec::detail::same_text(node.text, constant.as_text().data(), node.size);
}

// Of comparing: the smaller size decides, and equal texts have the same.
inline std::uint64_t comparison_cost(const PathQuestion& question, const codec::detail::Node& node,
                                     bool found) noexcept {
  constexpr std::size_t longest_character = 4;
  bool constant_is_smaller = node.kind == codec::Kind::text && node.size / longest_character >= question.constant_size;
  if (found || constant_is_smaller) return traversal(question.constant_size);
  return traversal(std::min(size_for_cost(Value::document(&node)), question.constant_size));
}

}  // namespace seawall::cel::detail
