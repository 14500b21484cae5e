// Quantities of Kubernetes ("12Mi", "0.5", "1e3", "100m"): exact decimals of any size.
//
// As in Kubernetes a quantity is small (64 bits and a power of ten) or large; which of the two is decided by how it
// was written, and only small ones without a fraction are integers (`1000m` is none, `1Pi` neither).
// Threads: values are read-only. Owns: nothing; digits of large ones live in the arena.
// Limits: 5,000 digits, written out; more is no quantity.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cel/arena.h"

namespace seawall::cel {

struct Quantity {
  // Small: value * 10^-scale. Large: limbs of nine decimal digits each, lowest first, without zeros on top; the sign
  // apart.
  bool is_small = true;
  bool is_negative = false;
  std::int32_t scale = 0;
  std::int64_t value = 0;
  std::span<const std::uint32_t> limbs;

  int sign() const noexcept;
};

enum class QuantityError : unsigned char { none, format, suffix, too_large, out_of_memory };
struct ReadQuantity {
  Quantity quantity;
  QuantityError error = QuantityError::none;
};

ReadQuantity read_quantity(std::string_view text, Arena& arena) noexcept;
Quantity quantity_of(std::int64_t value) noexcept;
ReadQuantity add(const Quantity& left, const Quantity& right, Arena& arena) noexcept;
Quantity negated(const Quantity& quantity) noexcept;
std::strong_ordering compare(const Quantity& left, const Quantity& right) noexcept;
std::optional<std::int64_t> as_integer(const Quantity& quantity) noexcept;
double as_double(const Quantity& quantity);
// Plain decimal notation: "12582912", "0.1".
std::string text(const Quantity& quantity);

}  // namespace seawall::cel
