#include "cel/detail/constant_set.h"

#include <algorithm>
#include <bit>

namespace seawall::cel::detail {

ConstantSet::ConstantSet(const Value& list) : size_(list.size()) {
  texts_.resize(std::bit_ceil(list.size() * 2 + 1));
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto item = list.item(i);
    if (!item.is(Kind::string)) {
      others_.push_back(item);
      continue;
    }
    if (contains_text(item.as_text())) continue;
    auto bucket = codec::detail::hash_of(item.as_text()) & (texts_.size() - 1);
    while (texts_[bucket].is(Kind::string)) bucket = (bucket + 1) & (texts_.size() - 1);
    texts_[bucket] = item;
  }
}

bool ConstantSet::contains(const Value& value) const noexcept {
  if (value.is(Kind::string)) return contains_text(value.as_text());
  return std::ranges::any_of(others_, [&](const Value& other) { return equal(other, value); });
}

PrefixSet::PrefixSet(const Value& list) : nodes_(1) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    std::uint32_t at = 0;
    for (char c : list.item(i).as_text()) {
      auto child = nodes_[at].first_child;
      while (child != 0 && nodes_[child].byte != c) child = nodes_[child].next_sibling;
      if (child == 0) {
        child = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back({.next_sibling = nodes_[at].first_child, .byte = c});
        nodes_[at].first_child = child;
      }
      at = child;
    }
    nodes_[at].ends = true;
  }
}

bool PrefixSet::matches(std::string_view text) const noexcept {
  std::uint32_t at = 0;
  for (char c : text) {
    if (nodes_[at].ends) return true;
    at = nodes_[at].first_child;
    while (at != 0 && nodes_[at].byte != c) at = nodes_[at].next_sibling;
    if (at == 0) return false;
  }
  return nodes_[at].ends;
}

std::optional<Regex> any_of_patterns(const Value& list) {
  std::string all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto pattern = list.item(i).as_text();
    // A quotation that is not ended would go on over the next pattern.
    if (pattern.contains("\\Q") || !Regex::compile(pattern)) return std::nullopt;
    ((all += all.empty() ? "(?:" : "|(?:") += pattern) += ")";
  }
  if (all.empty()) return std::nullopt;
  auto joined = Regex::compile(all);
  return joined ? std::optional(std::move(*joined)) : std::nullopt;
}

}  // namespace seawall::cel::detail
