// Parts of the cost estimator. Private to the room.
#pragma once

#include <cmath>
#include <span>
#include <string>

#include "cel/estimate.h"

namespace seawall::cel::detail {

inline constexpr std::uint64_t no_bound = UINT64_MAX;
inline constexpr CostRange unknown_size{0, no_bound};

constexpr std::uint64_t add_bounded(std::uint64_t left, std::uint64_t right) noexcept {
  return left > no_bound - right ? no_bound : left + right;
}
constexpr std::uint64_t multiply_bounded(std::uint64_t left, std::uint64_t right) noexcept {
  return right != 0 && left > no_bound / right ? no_bound : left * right;
}
inline std::uint64_t scale_bounded(std::uint64_t value, double factor) noexcept {
  constexpr double two_to_64 = 18446744073709551616.0;
  double scaled = std::ceil(static_cast<double>(value) * factor);
  return scaled >= two_to_64 ? no_bound : static_cast<std::uint64_t>(scaled);
}

constexpr CostRange exactly(std::uint64_t value) noexcept { return {value, value}; }
constexpr CostRange operator+(CostRange left, CostRange right) noexcept {
  return {add_bounded(left.least, right.least), add_bounded(left.most, right.most)};
}
constexpr CostRange operator*(CostRange left, CostRange right) noexcept {
  return {multiply_bounded(left.least, right.least), multiply_bounded(left.most, right.most)};
}
// Rounded up.
inline CostRange scaled(CostRange range, double factor) noexcept {
  return {scale_bounded(range.least, factor), scale_bounded(range.most, factor)};
}
constexpr CostRange united(CostRange left, CostRange right) noexcept {
  return {left.least < right.least ? left.least : right.least, left.most > right.most ? left.most : right.most};
}

// An argument of a call, as far as it is known.
struct Operand {
  const Node* node = nullptr;
  Type type;
  std::string path;
  std::optional<CostRange> size;
  CostRange size_or_unknown() const noexcept { return size.value_or(unknown_size); }
};

struct CallFacts {
  std::string_view function, overload;
  const Operand* target = nullptr;  // null for functions
  std::span<const Operand> arguments;
  const SizeHint& hint;
};

// Of the call alone, without its arguments.
struct CallEstimate {
  CostRange cost;
  std::optional<CostRange> result;  // the size of what it gives
};

CallEstimate estimate_call(const CallFacts& call);

}  // namespace seawall::cel::detail
