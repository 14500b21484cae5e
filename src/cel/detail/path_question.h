// Expressions simple enough to be answered without the machine. Private to the room.
#pragma once

#include <optional>
#include <span>

#include "cel/detail/code.h"

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

// Equality of a node with a string, int, bool or null.
inline bool is_constant(const codec::detail::Node& node, const Value& constant) noexcept {
  if (constant.is(Kind::string))
    return node.kind == codec::Kind::text && node.size == constant.size() &&
           codec::detail::same_text(node.text, constant.as_text().data(), node.size);
  return equal(Value::document(&node), constant);
}

}  // namespace seawall::cel::detail
