#include <charconv>
#include <limits>

#include "base/text.h"
#include "codec/detail/yaml_scalar.h"

namespace seawall::codec::detail {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (auto word : words)
    if (text == word) return true;
  return false;
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

// "0o17" and "0x1F".
std::optional<std::int64_t> based_integer(std::string_view text) {
  int base = text.starts_with("0o") ? 8 : text.starts_with("0x") ? 16 : 0;
  if (base == 0 || text.size() == 2) return std::nullopt;
  std::int64_t value = 0;
  auto* end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data() + 2, end, value, base);
  if (error != std::errc{} || rest != end || text[2] == '-') return std::nullopt;
  return value;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_decimal(std::string_view text) {
  auto take_digits = [&] {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count])) ++count;
    text.remove_prefix(count);
    return count;
  };
  text = without_sign(text);
  auto digits = take_digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += take_digits();
  }
  if (digits == 0) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text = without_sign(text.substr(1));
    if (take_digits() == 0) return false;
  }
  return text.empty();
}

std::optional<Node> infinite_or_none(Builder& builder, std::string_view written) {
  using Limit = std::numeric_limits<double>;
  if (is_one_of(written, {".nan", ".NaN", ".NAN"})) return builder.real(Limit::quiet_NaN(), written);
  if (!is_one_of(without_sign(written), {".inf", ".Inf", ".INF"})) return std::nullopt;
  return builder.real(written.starts_with('-') ? -Limit::infinity() : Limit::infinity(), written);
}

std::optional<Node> number_or_none(Builder& builder, std::string_view written) {
  if (is_decimal(written)) return builder.number(written);
  if (auto value = based_integer(written)) return builder.integer(*value, written);
  return infinite_or_none(builder, written);
}

}  // namespace

Node yaml_scalar(Builder& builder, std::string_view written) {
  // Most scalars are names: the first character tells that they are nothing else.
  constexpr std::string_view first_of_others = "~nNtTfF+-.0123456789";
  if (written.empty()) return builder.null();
  if (first_of_others.find(written.front()) == std::string_view::npos) return builder.text(written);
  if (is_one_of(written, {"~", "null", "Null", "NULL"})) return builder.null();
  if (is_one_of(written, {"true", "True", "TRUE"})) return builder.boolean(true, written);
  if (is_one_of(written, {"false", "False", "FALSE"})) return builder.boolean(false, written);
  if (auto number = number_or_none(builder, written)) return *number;
  return builder.text(written);
}

// Go's strconv.ParseInt with base 0: "0x1F", "0b1", "0o17", "0644".
static std::optional<std::int64_t> go_integer(std::string_view text) {
  bool negative = text.starts_with('-');
  auto digits = without_sign(text);
  if (digits.empty() || !is_digit(digits.front())) return std::nullopt;
  int base = 10;
  if (digits.size() > 1 && digits.front() == '0') {
    auto mark = to_lower(digits[1]);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    digits.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  auto* end = digits.data() + digits.size();
  std::uint64_t value = 0;
  auto [rest, error] = std::from_chars(digits.data(), end, value, base);
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (digits.empty() || error != std::errc{} || rest != end || value > most + (negative ? 1 : 0)) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - value : value);
}

static std::optional<Node> go_number(Builder& builder, std::string_view written) {
  std::string without_underscores;
  auto plain = written;
  if (written.find('_') != std::string_view::npos && written.front() != '.') {
    without_underscores = replace_all(written, "_", "");
    plain = without_underscores;
  }
  if (auto value = go_integer(plain)) return builder.integer(*value, written);
  if (!is_decimal(plain)) return infinite_or_none(builder, written);
  auto number = builder.number(plain);  // "08" is one as well, and a whole number too big for 64 bits
  return plain.size() == written.size() ? number : builder.real(Value(&number).number().value_or(0), written);
}

Node kubernetes_scalar(Builder& builder, std::string_view written) {
  constexpr std::string_view first_of_others = "~nNtTfFyYoO+-.0123456789";
  if (written.empty()) return builder.null();
  if (first_of_others.find(written.front()) == std::string_view::npos) return builder.text(written);
  if (is_one_of(written, {"~", "null", "Null", "NULL"})) return builder.null();
  if (is_one_of(written, {"true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}))
    return builder.boolean(true, written);
  if (is_one_of(written, {"false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF"}))
    return builder.boolean(false, written);
  if (auto number = go_number(builder, written)) return *number;
  return builder.text(written);
}

}  // namespace seawall::codec::detail
