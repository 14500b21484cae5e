#include "cel/detail/literals.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/result.h"
#include "base/text.h"

namespace seawall::cel::detail {
namespace {

constexpr std::uint64_t most_negative = std::uint64_t{1} << 63;

std::expected<std::uint64_t, Mistake> read_magnitude(std::string_view digits) {
  bool hexadecimal = digits.starts_with("0x");
  if (hexadecimal) digits.remove_prefix(2);
  std::uint64_t magnitude = 0;
  auto read = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, hexadecimal ? 16 : 10);
  if (read.ec != std::errc{}) return std::unexpected(Mistake{0, "the number doesn't fit into 64 bits"});
  return magnitude;
}

std::expected<Value, Mistake> read_integer(std::string_view digits, Negative negative) {
  auto magnitude = read_magnitude(digits);
  if (!magnitude) return std::unexpected(magnitude.error());
  if (*magnitude > (negative == Negative::yes ? most_negative : most_negative - 1)) {
    return std::unexpected(Mistake{0, "the number doesn't fit into a signed integer of 64 bits"});
  }
  return Value::integer(static_cast<std::int64_t>(negative == Negative::yes ? 0 - *magnitude : *magnitude));
}

std::expected<Value, Mistake> read_unsigned(std::string_view digits) {
  digits.remove_suffix(1);
  auto magnitude = read_magnitude(digits);
  if (!magnitude) return std::unexpected(magnitude.error());
  return Value::unsigned_integer(*magnitude);
}

// Is a number that is out of range so because it is too small? It is then zero, as everywhere.
bool is_tiny(std::string_view digits) {
  auto mantissa = digits.substr(0, digits.find_first_of("eE"));
  std::int64_t exponent = 0;
  if (auto written = digits.substr(mantissa.size()); !written.empty()) {
    written.remove_prefix(written[1] == '+' ? 2 : 1);
    auto read = std::from_chars(written.data(), written.data() + written.size(), exponent);
    if (read.ec != std::errc{}) return written[0] == '-';
  }
  auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  auto first = static_cast<std::int64_t>(mantissa.find_first_not_of("0."));
  return point - first + exponent <= 0;
}

std::expected<Value, Mistake> read_floating(std::string_view digits, Negative negative) {
  double number = 0;
  auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec == std::errc::result_out_of_range && is_tiny(digits)) {
    number = 0;
  } else if (read.ec != std::errc{} || std::isinf(number)) {
    return std::unexpected(Mistake{0, "the number is too large for a double"});
  }
  return Value::floating(negative == Negative::yes ? -number : number);
}

// Takes a text apart: prefixes and quotes away, escapes and ends of lines resolved.
class TextReader {
 public:
  TextReader(std::string_view literal, bool bytes) : literal_(literal), bytes_(bytes) {
    std::size_t begin = bytes ? 1 : 0;
    raw_ = to_lower(literal[begin]) == 'r';
    if (raw_) ++begin;
    // Quotes opened thrice are closed thrice; six of them are an empty text, two are as well.
    auto body = literal.substr(begin);
    std::size_t quotes = body.size() >= 6 && body[1] == body[0] && body[2] == body[0] ? 3 : 1;
    at_ = begin + quotes;
    end_ = literal.size() - quotes;
  }

  std::expected<std::string_view, Mistake> read(Arena& arena) {
    auto body = literal_.substr(at_, end_ - at_);
    if (body.find_first_of(raw_ ? "\r" : "\r\\") == std::string_view::npos) return body;
    // No escape is shorter than what it stands for.
    out_ = arena.array<char>(body.size());
    SW_CHECK(out_ != nullptr);
    while (at_ < end_) {
      if (auto mistake = next()) return std::unexpected(*mistake);
    }
    return std::string_view(out_, size_);
  }

 private:
  using Outcome = std::optional<Mistake>;

  void put(char c) { out_[size_++] = c; }
  void put_byte(std::uint32_t byte) { put(static_cast<char>(byte)); }
  void put_code_point(std::uint32_t point) {
    if (point < 0x80) return put_byte(point);
    if (point < 0x800) {
      put_byte(0xC0 | point >> 6);
    } else {
      if (point < 0x10000) {
        put_byte(0xE0 | point >> 12);
      } else {
        put_byte(0xF0 | point >> 18);
        put_byte(0x80 | (point >> 12 & 0x3F));
      }
      put_byte(0x80 | (point >> 6 & 0x3F));
    }
    put_byte(0x80 | (point & 0x3F));
  }

  Outcome next() {
    char c = literal_[at_];
    if (c == '\\' && !raw_) return escape();
    ++at_;
    if (c != '\r') {
      put(c);
      return {};
    }
    // All ends of lines read as '\n', whatever the editor wrote.
    if (at_ < end_ && literal_[at_] == '\n') ++at_;
    put('\n');
    return {};
  }

  Outcome escape() {
    begin_ = at_;
    char c = at_ + 1 < end_ ? literal_[at_ + 1] : '\0';
    at_ += 2;
    constexpr std::string_view letters = "abfnrtv\\'\"`?", meanings = "\a\b\f\n\r\t\v\\'\"`?";
    if (auto found = letters.find(c); found != std::string_view::npos) {
      put(meanings[found]);
      return {};
    }
    switch (c) {
      case 'x':
      case 'X':
        return numeric({.digits = 2, .base = 16, .names_byte = true});
      case 'u':
        return numeric({.digits = 4, .base = 16, .names_byte = false});
      case 'U':
        return numeric({.digits = 8, .base = 16, .names_byte = false});
      case '0':
      case '1':
      case '2':
      case '3':
        --at_;
        return numeric({.digits = 3, .base = 8, .names_byte = true});
      default:
        return wrong(
            "no such escape: there are \\\\ \\\" \\' \\` \\? \\a \\b \\f \\n \\r \\t \\v, \\x and two hexadecimal "
            "digits, "
            "\\u and four, \\U and eight, and three octal digits from \\000 to \\377");
    }
  }

  struct NumericEscape {
    std::size_t digits;
    int base;
    bool names_byte;  // in bytes; in strings all name code points
  };
  Outcome numeric(const NumericEscape& form) {
    if (bytes_ && !form.names_byte) return wrong("\\u and \\U name code points: in bytes write \\x and two digits");
    std::uint32_t number = 0;
    auto digits = literal_.substr(at_, std::min(form.digits, end_ - at_));
    auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number, form.base);
    if (digits.size() != form.digits || read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) {
      return wrong(form.base == 8
                       ? "an octal escape has three digits, from \\000 to \\377"
                       : "the escape is followed by too few hexadecimal digits: \\x has two, \\u four, \\U eight");
    }
    at_ += form.digits;
    if (bytes_) {
      put_byte(number);
      return {};
    }
    if (number > 0x10FFFF) return wrong("code points end at \\U0010FFFF");
    if (number >= 0xD800 && number <= 0xDFFF) return wrong("half of a surrogate pair is no code point");
    put_code_point(number);
    return {};
  }

  Outcome wrong(std::string_view what) const { return Mistake{begin_, what}; }

  std::string_view literal_;
  bool bytes_, raw_ = false;
  std::size_t at_ = 0, end_ = 0, begin_ = 0;
  char* out_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace

std::expected<Value, Mistake> read_number(const Token& token, std::string_view text, Negative negative) {
  if (token.kind == TokenKind::floating) return read_floating(text, negative);
  return token.kind == TokenKind::integer ? read_integer(text, negative) : read_unsigned(text);
}

std::expected<Value, Mistake> read_text(const Token& token, std::string_view text, Arena& arena) {
  bool bytes = token.kind == TokenKind::bytes;
  auto content = TextReader(text, bytes).read(arena);
  if (!content) return std::unexpected(content.error());
  return bytes ? Value::bytes(*content) : Value::string(*content);
}

}  // namespace seawall::cel::detail
