// Units of cost (cel-go common/cost.go) and the sizes that they are reckoned from. Private to the room.
#pragma once

#include <algorithm>
#include <cstdint>

#include "cel/value.h"

namespace seawall::cel::detail {

constexpr std::uint64_t cost_of_list = 10, cost_of_map = 30, cost_of_record = 40;
constexpr double traversal_factor = 0.1, regex_factor = 0.25;

// Texts in code points, bytes, lists and maps in elements, optionals as what they hold, everything else 1.
inline std::uint64_t size_for_cost(const Value& value) noexcept {
  switch (value.kind()) {
    case Kind::string:
      return count_code_points(value.as_text());
    case Kind::bytes:
    case Kind::list:
    case Kind::map:
      return value.size();
    case Kind::optional:
      return value.as_optional() ? size_for_cost(*value.as_optional()) : 1;
    case Kind::opaque: {
      const auto& node = value.as_opaque();
      return node.kind->size ? node.kind->size(node) : 1;
    }
    default:
      return 1;
  }
}

inline std::uint64_t traversal(std::uint64_t size) noexcept {
  static_assert(traversal_factor == 0.1);
  return (size + 9) / 10;  // the same as rounding up the product, as far as anything has a size
}

inline std::uint64_t cost_of_equality(const Value& a, const Value& b) noexcept {
  if (a.is(Kind::opaque)) return 1;
  return traversal(std::min(size_for_cost(a), size_for_cost(b)));
}

inline std::uint64_t cost_of_order(const Value& a, const Value& b) noexcept {
  bool texts = (a.is(Kind::string) || a.is(Kind::bytes)) && a.kind() == b.kind();
  return texts ? traversal(std::min(size_for_cost(a), size_for_cost(b))) : 1;
}

}  // namespace seawall::cel::detail
