#include "cel/detail/numbers.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "base/text.h"

namespace seawall::cel {

namespace {

std::string_view written(const NumberBuffer& buffer, const char* end) noexcept {
  return {buffer.bytes, static_cast<std::size_t>(end - buffer.bytes)};
}

bool take_sign(std::string_view& text) noexcept {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

bool is_hex_digit(char c) noexcept { return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f'); }

// Underscores separate digits, or stand behind "0x".
bool underscores_fit(std::string_view text, bool hexadecimal) noexcept {
  bool after_digit = hexadecimal;
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool digit = hexadecimal ? is_hex_digit(text[at]) : is_digit(text[at]);
    if (text[at] == '_' && (!after_digit || at + 1 == text.size())) return false;
    if (at > 0 && text[at - 1] == '_' && !digit) return false;
    after_digit = digit;
  }
  return true;
}

// Digits with at most one point, then an exponent; from_chars itself would accept less and more ("inf", no point).
bool is_number(std::string_view text, bool hexadecimal) noexcept {
  std::size_t at = 0, digits = 0, points = 0;
  for (; at < text.size(); ++at) {
    if (hexadecimal ? is_hex_digit(text[at]) : is_digit(text[at]))
      ++digits;
    else if (text[at] == '.')
      ++points;
    else
      break;
  }
  if (digits == 0 || points > 1) return false;
  if (at == text.size()) return !hexadecimal;
  if (to_lower(text[at]) != (hexadecimal ? 'p' : 'e')) return false;
  auto exponent = text.substr(at + 1);
  take_sign(exponent);
  return !exponent.empty() && exponent.find_first_not_of("0123456789") == std::string_view::npos;
}

// Whether a number that from_chars couldn't hold is a small one: its first digit that isn't 0 stands far behind the
// point, or its exponent is negative.
bool is_tiny(std::string_view text, bool hexadecimal) noexcept {
  auto mark = text.find_first_of(hexadecimal ? "pP" : "eE");
  if (mark != std::string_view::npos) return text.substr(mark + 1).starts_with('-');
  return text.find_first_of("123456789.") == text.find('.');
}

std::optional<double> magnitude(std::string_view text) noexcept {
  bool hexadecimal = text.size() > 2 && text[0] == '0' && to_lower(text[1]) == 'x';
  if (hexadecimal) text.remove_prefix(2);
  std::string plain;
  if (text.find('_') != std::string_view::npos) {
    if (!underscores_fit(text, hexadecimal)) return std::nullopt;
    plain = replace_all(text, "_", "");
    text = plain;
  }
  if (!is_number(text, hexadecimal)) return std::nullopt;
  // from_chars takes no '+' in front of exponents of hexadecimal numbers and no leading point everywhere.
  double value = 0;
  auto format = hexadecimal ? std::chars_format::hex : std::chars_format::general;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, format);
  if (error == std::errc::result_out_of_range) {
    if (is_tiny(text, hexadecimal)) return 0.0;
    return std::nullopt;
  }
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string_view write_integer(std::int64_t value, NumberBuffer& buffer) noexcept {
  return written(buffer, std::to_chars(buffer.bytes, buffer.bytes + sizeof buffer.bytes, value).ptr);
}

std::string_view write_unsigned(std::uint64_t value, NumberBuffer& buffer) noexcept {
  return written(buffer, std::to_chars(buffer.bytes, buffer.bytes + sizeof buffer.bytes, value).ptr);
}

std::string_view write_double(double value, NumberBuffer& buffer) noexcept {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  auto* limit = buffer.bytes + sizeof buffer.bytes;
  auto text = written(buffer, std::to_chars(buffer.bytes, limit, value, std::chars_format::scientific).ptr);
  auto exponent = read_integer(text.substr(text.find('e') + 1)).value_or(0);
  if (exponent < -4 || exponent > 5) return text;
  return written(buffer, std::to_chars(buffer.bytes, limit, value, std::chars_format::fixed).ptr);
}

std::optional<std::int64_t> read_integer(std::string_view text) noexcept {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  return to_i64(text);
}

std::optional<std::uint64_t> read_unsigned(std::string_view text) noexcept { return to_u64(text); }

std::optional<double> read_double(std::string_view text) noexcept {
  if (equal_ignoring_case(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
  bool negative = take_sign(text);
  auto value = equal_ignoring_case(text, "inf") || equal_ignoring_case(text, "infinity")
                   ? std::numeric_limits<double>::infinity()
                   : magnitude(text);
  if (value && negative) return -*value;
  return value;
}

}  // namespace seawall::cel
