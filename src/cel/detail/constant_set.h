// Sets known when a program is compiled. Private to the room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/regex.h"
#include "cel/value.h"

namespace seawall::cel::detail {

// `x in [constants]`: equality of the language, one look-up whatever the size.
class ConstantSet {
 public:
  explicit ConstantSet(const Value& list);
  bool contains(const Value& value) const noexcept;
  bool contains_text(std::string_view text) const noexcept {
    auto bucket = codec::detail::hash_of(text) & (texts_.size() - 1);
    while (texts_[bucket].is(Kind::string)) {
      const auto& known = texts_[bucket];
      if (known.size() == text.size() && codec::detail::same_text(known.as_text().data(), text.data(), text.size()))
        return true;
      bucket = (bucket + 1) & (texts_.size() - 1);
    }
    return false;
  }
  std::uint64_t size() const noexcept { return size_; }

 private:
  std::vector<Value> texts_;   // open addressing; null: empty
  std::vector<Value> others_;  // few in practice: compared one by one
  std::uint64_t size_;
};

// `[constants].exists(p, x.startsWith(p))`: a trie over bytes, walked once.
class PrefixSet {
 public:
  explicit PrefixSet(const Value& list);
  bool matches(std::string_view text) const noexcept;

 private:
  struct Node {
    std::uint32_t first_child = 0;  // children of a node are a chain
    std::uint32_t next_sibling = 0;
    char byte = 0;
    bool ends = false;
  };
  std::vector<Node> nodes_;
};

// `[constants].exists(p, x.matches(p))`: all patterns as one automaton. Nothing where one of them is no pattern, or
// together they are too large.
std::optional<Regex> any_of_patterns(const Value& list);

}  // namespace seawall::cel::detail
