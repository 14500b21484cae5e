// Numbers as text and text as numbers, as the language has them (which is how Go has them).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace seawall::cel {

struct NumberBuffer {
  char bytes[40];
};
// What is returned points into the buffer.
std::string_view write_integer(std::int64_t value, NumberBuffer& buffer) noexcept;
std::string_view write_unsigned(std::uint64_t value, NumberBuffer& buffer) noexcept;
// The shortest text that reads back as the same number: "0.5", "1e+06", "NaN", "+Inf". With an exponent where that is
// below -4 or above 5.
std::string_view write_double(double value, NumberBuffer& buffer) noexcept;

// The whole text, with an optional sign.
std::optional<std::int64_t> read_integer(std::string_view text) noexcept;
std::optional<std::uint64_t> read_unsigned(std::string_view text) noexcept;
// Decimal, or hexadecimal with "0x" and "p", or "inf", "infinity", "nan" in any case. Numbers too small are 0, too
// large ones none.
std::optional<double> read_double(std::string_view text) noexcept;

}  // namespace seawall::cel
