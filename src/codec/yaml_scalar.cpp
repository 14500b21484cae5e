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

}  // namespace seawall::codec::detail
