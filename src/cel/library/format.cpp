#include "cel/library/format.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "cel/detail/moments.h"
#include "cel/detail/numbers.h"
#include "cel/detail/texts.h"

namespace seawall::cel::library {

namespace {

enum class Notation : bool { plain, localized };

constexpr unsigned default_precision = 6;
constexpr unsigned largest_precision = 1000;  // a double has no more digits behind the point than 1074
constexpr unsigned deepest = 200;

// Digits of the largest double, a sign, a point and the fraction.
struct DoubleBuffer {
  char bytes[1 + 309 + 1 + largest_precision + 8];
};

std::string_view fixed(double number, unsigned precision, DoubleBuffer& buffer) {
  auto end = std::to_chars(buffer.bytes, std::end(buffer.bytes), number, std::chars_format::fixed,
                           static_cast<int>(precision));
  return {buffer.bytes, static_cast<std::size_t>(end.ptr - buffer.bytes)};
}
std::string_view scientific(double number, unsigned precision, DoubleBuffer& buffer) {
  auto end = std::to_chars(buffer.bytes, std::end(buffer.bytes), number, std::chars_format::scientific,
                           static_cast<int>(precision));
  return {buffer.bytes, static_cast<std::size_t>(end.ptr - buffer.bytes)};
}

class Formatter {
 public:
  Formatter(Call& call, Notation notation, const Value& arguments)
      : call_(call), out_(call), notation_(notation), arguments_(arguments) {}

  Value format(std::string_view pattern) {
    while (!pattern.empty() && !failed()) {
      auto percent = std::min(pattern.find('%'), pattern.size());
      out_.add(pattern.substr(0, percent));
      pattern.remove_prefix(percent);
      if (pattern.starts_with("%%")) {
        out_.add('%');
        pattern.remove_prefix(2);
      } else if (!pattern.empty()) {
        pattern.remove_prefix(1);
        clause(pattern);
      }
    }
    return error_.is_error() ? error_ : out_.finish();
  }

 private:
  bool failed() const { return error_.is_error() || out_.failed(); }
  void fail(std::string_view message) {
    if (!error_.is_error()) error_ = call_.fail(ErrorCode::bad_argument, message);
  }
  void refuse(std::string_view clause, const Value& value) {
    std::string message = "error during formatting: ";
    message += clause;
    message += " clause can't be used on ";
    message += type_of(value).name();
    fail(message);
  }

  // What follows a '%'.
  void clause(std::string_view& pattern) {
    if (next_ >= arguments_.size()) return fail("index " + std::to_string(next_) + " out of range");
    auto value = arguments_.item(next_++);
    auto precision = default_precision;
    if (!read_precision(pattern, precision)) return fail("could not parse formatting clause: precision");
    if (pattern.empty()) return fail("unexpected end of string");
    auto letter = pattern.front();
    pattern.remove_prefix(1);
    switch (letter) {
      case 's':
        return text(value);
      case 'd':
        return decimal(value);
      case 'f':
        return floating(value, "fixed-point", [&](double number) { fixed_point(number, precision); });
      case 'e':
        return floating(value, "scientific", [&](double number) { exponential(number, precision); });
      case 'b':
        return in_base(value, 2, "binary");
      case 'o':
        return in_base(value, 8, "octal");
      case 'x':
      case 'X':
        return hexadecimal(value, letter == 'X');
      default:
        return fail("could not parse formatting clause: unrecognized formatting clause \"" + to_utf8({&letter, 1}) +
                    '"');
    }
  }

  bool read_precision(std::string_view& pattern, unsigned& precision) {
    if (!pattern.starts_with('.')) return true;
    pattern.remove_prefix(1);
    auto digits = pattern.substr(0, pattern.find_first_not_of("0123456789"));
    pattern.remove_prefix(digits.size());
    auto number = to_u64(digits);
    if (!number || *number > largest_precision) return false;
    precision = static_cast<unsigned>(*number);
    return true;
  }

  // --- %s ---

  void text(const Value& value) {
    if (value.is(Kind::floating) && notation_ == Notation::localized) return general(value.as_floating());
    if (value.is(Kind::list) || value.is(Kind::map)) return member(value, deepest);
    bare(value);
  }

  // Without quotes.
  void bare(const Value& value) {
    NumberBuffer number;
    MomentBuffer moment;
    switch (value.kind()) {
      case Kind::null:
        return out_.add("null");
      case Kind::boolean:
        return out_.add(value.as_boolean() ? "true" : "false");
      case Kind::integer:
        return out_.add(write_integer(value.as_integer(), number));
      case Kind::unsigned_integer:
        return out_.add(write_unsigned(value.as_unsigned(), number));
      case Kind::floating:
        return shortest(value.as_floating());
      case Kind::string:
      case Kind::bytes:
        return raw(value);
      case Kind::timestamp:
        return out_.add(write_timestamp(value.as_moment(), moment));
      case Kind::duration:
        return out_.add(write_duration(value.as_moment(), moment));
      case Kind::type:
        return out_.add(value.as_type().name());
      default:
        return refuse("string", value);
    }
  }
  void raw(const Value& value) {
    if (value.is(Kind::bytes) && !is_utf8(value.as_text())) return fail("error during formatting: invalid UTF-8");
    out_.add(value.as_text());
  }

  // An element of a list, a key or a value of a map.
  void member(const Value& value, unsigned depth) {
    if (depth == 0) return fail("error during formatting: nested too deep");
    if (value.is(Kind::list)) return list(value, depth - 1);
    if (value.is(Kind::map)) return map(value, depth - 1);
    if (notation_ == Notation::plain) return bare(value);
    switch (value.kind()) {
      case Kind::string:
        return quoted(value.as_text());
      case Kind::bytes:
        out_.add('b');
        return quoted(value.as_text());
      case Kind::timestamp:
      case Kind::duration:
        out_.add(value.is(Kind::timestamp) ? "timestamp(\"" : "duration(\"");
        bare(value);
        return out_.add("\")");
      case Kind::floating:
        return literal(value.as_floating());
      default:
        return bare(value);
    }
  }

  void list(const Value& value, unsigned depth) {
    out_.add('[');
    for (std::size_t i = 0; i < value.size() && !failed(); ++i) {
      if (i > 0) out_.add(", ");
      member(value.item(i), depth);
    }
    out_.add(']');
  }

  struct SortedEntry {
    std::string_view key;
    std::uint32_t number;
  };

  // In the order of the keys as they are written.
  void map(const Value& value, unsigned depth) {
    auto* entries = call_.arena().array<SortedEntry>(value.size());
    if (entries == nullptr) return out_of_memory();
    for (std::size_t i = 0; i < value.size(); ++i) {
      entries[i] = {written_key(value.entry(i).key), static_cast<std::uint32_t>(i)};
      if (failed()) return;
    }
    std::sort(entries, entries + value.size(), [](const SortedEntry& left, const SortedEntry& right) {
      return left.key != right.key ? left.key < right.key : left.number < right.number;
    });
    out_.add('{');
    for (std::size_t i = 0; i < value.size() && !failed(); ++i) {
      if (i > 0) out_.add(", ");
      out_.add(entries[i].key);
      out_.add(notation_ == Notation::plain ? ": " : ":");
      member(value.entry(entries[i].number).value, depth);
    }
    out_.add('}');
  }

  std::string_view written_key(const Value& key) {
    if (key.is(Kind::string) && notation_ == Notation::plain) return key.as_text();
    Formatter writer(call_, notation_, arguments_);
    writer.member(key, 1);
    if (writer.failed()) error_ = writer.format("");
    return writer.out_.text();
  }

  void out_of_memory() {
    if (!error_.is_error()) error_ = call_.out_of_memory();
  }

  // As Go quotes: printable characters stand for themselves.
  void quoted(std::string_view text) {
    constexpr std::string_view escaped = "\a\b\f\n\r\t\v\\\"", letters = "abfnrtv\\\"";
    out_.add('"');
    auto valid = utf8_prefix(text);
    for (std::size_t at = 0; at < text.size() && !failed(); ++at) {
      auto c = text[at];
      if (at == valid) {
        byte_escape(c);
        valid = at + 1 + utf8_prefix(text.substr(at + 1));
      } else if (auto known = escaped.find(c); known != std::string_view::npos) {
        out_.add('\\');
        out_.add(letters[known]);
      } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
        byte_escape(c);
      } else {
        out_.add(c);
      }
    }
    out_.add('"');
  }
  void byte_escape(char c) {
    out_.add("\\x");
    out_.add(to_hex({&c, 1}));
  }

  // --- Numbers ---

  // Names of what is no finite number; false for the finite ones.
  bool not_finite(double number, std::string_view infinity) {
    if (std::isnan(number))
      out_.add("NaN");
    else if (!std::isinf(number))
      return false;
    else {
      if (number < 0) out_.add('-');
      out_.add(infinity);
    }
    return true;
  }

  void general(double number) {
    NumberBuffer buffer;
    out_.add(write_double(number, buffer));
  }
  // Inside a list: with a point, so that it reads as a double; in quotes where there is no such literal.
  void literal(double number) {
    DoubleBuffer buffer;
    if (std::isfinite(number)) return out_.add(fixed(number, default_precision, buffer));
    out_.add('"');
    general(number);
    out_.add('"');
  }

  // Never with an exponent: the shortest digits, and zeros up to the point.
  void shortest(double number) {
    if (not_finite(number, "Infinity")) return;
    char buffer[32];
    auto written = std::to_chars(buffer, std::end(buffer), number, std::chars_format::scientific);
    std::string_view text(buffer, static_cast<std::size_t>(written.ptr - buffer));
    auto mark = text.find('e');
    auto exponent = read_integer(text.substr(mark + 1)).value_or(0);
    if (text.starts_with('-')) out_.add('-');
    char digits[32];
    std::size_t count = 0;
    for (auto c : text.substr(0, mark))
      if (is_digit(c)) digits[count++] = c;
    place_point({digits, count}, exponent);
  }
  void place_point(std::string_view digits, std::int64_t exponent) {
    if (exponent < 0) {
      out_.add("0.");
      out_.add('0', static_cast<std::size_t>(-exponent - 1));
      return out_.add(digits);
    }
    auto whole = static_cast<std::size_t>(exponent) + 1;
    out_.add(digits.substr(0, whole));
    if (digits.size() <= whole) return out_.add('0', whole - digits.size());
    out_.add('.');
    out_.add(digits.substr(whole));
  }

  void decimal(const Value& value) {
    if (value.is(Kind::integer) || value.is(Kind::unsigned_integer)) return bare(value);
    if (value.is(Kind::floating) && notation_ == Notation::plain) return shortest(value.as_floating());
    refuse("decimal", value);
  }

  template <class Write>
  void floating(const Value& value, std::string_view clause, Write write) {
    if (value.is(Kind::floating)) return write(value.as_floating());
    if (notation_ == Notation::plain) {
      if (value.is(Kind::integer)) return write(static_cast<double>(value.as_integer()));
      if (value.is(Kind::unsigned_integer)) return write(static_cast<double>(value.as_unsigned()));
    } else if (value.is(Kind::string)) {
      for (std::string_view name : {"NaN", "Infinity", "-Infinity"})
        if (value.as_text() == name) return write(*read_double(name));
    }
    refuse(clause, value);
  }

  void fixed_point(double number, unsigned precision) {
    if (not_finite(number, notation_ == Notation::plain ? "Infinity" : "\xE2\x88\x9E")) return;
    DoubleBuffer buffer;
    auto text = fixed(number, precision, buffer);
    if (notation_ == Notation::plain) return out_.add(text);
    grouped(text);
  }

  // A comma every three digits in front of the point.
  void grouped(std::string_view text) {
    if (text.starts_with('-')) {
      out_.add('-');
      text.remove_prefix(1);
    }
    auto point = std::min(text.find('.'), text.size());
    for (std::size_t at = 0; at < point; ++at) {
      if (at > 0 && (point - at) % 3 == 0) out_.add(',');
      out_.add(text[at]);
    }
    out_.add(text.substr(point));
  }

  void exponential(double number, unsigned precision) {
    if (notation_ == Notation::localized) return localized_exponential(number, precision);
    if (not_finite(number, "Infinity")) return;
    DoubleBuffer buffer;
    out_.add(scientific(number, precision, buffer));
  }

  // "1.234500×10⁰³". cel-go's older versions take the precision for the least width, and always write six digits.
  void localized_exponential(double number, unsigned width) {
    constexpr std::string_view superscripts[] = {"\xE2\x81\xB0", "\xC2\xB9",     "\xC2\xB2",     "\xC2\xB3",
                                                 "\xE2\x81\xB4", "\xE2\x81\xB5", "\xE2\x81\xB6", "\xE2\x81\xB7",
                                                 "\xE2\x81\xB8", "\xE2\x81\xB9"};
    Formatter written(call_, notation_, arguments_);
    if (!written.not_finite(number, "\xE2\x88\x9E")) {
      DoubleBuffer buffer;
      auto text = scientific(number, default_precision, buffer);
      auto mark = text.find('e');
      written.out_.add(text.substr(0, mark));
      written.out_.add(
          "\xC3\x97"
          "10");
      for (auto c : text.substr(mark + 1)) {
        if (c == '-')
          written.out_.add("\xE2\x81\xBB");
        else if (c != '+')
          written.out_.add(superscripts[c - '0']);
      }
    }
    auto text = written.out_.text();
    auto size = count_code_points(text);
    if (size < width) out_.add(' ', width - size);
    out_.add(text);
  }

  void in_base(const Value& value, int base, std::string_view clause) {
    char buffer[66];
    std::to_chars_result end{};
    if (value.is(Kind::integer))
      end = std::to_chars(buffer, std::end(buffer), value.as_integer(), base);
    else if (value.is(Kind::unsigned_integer))
      end = std::to_chars(buffer, std::end(buffer), value.as_unsigned(), base);
    else if (value.is(Kind::boolean) && base == 2)
      return out_.add(value.as_boolean() ? '1' : '0');
    else
      return refuse(clause, value);
    out_.add(std::string_view(buffer, static_cast<std::size_t>(end.ptr - buffer)));
  }

  void hexadecimal(const Value& value, bool upper) {
    auto begin = out_.text().size();
    if (value.is(Kind::string) || value.is(Kind::bytes)) {
      for (auto c : value.as_text()) out_.add(hex_digits(c));
    } else {
      in_base(value, 16, "hex");
    }
    if (upper && !failed()) out_.upper_from(begin);
  }
  static std::string_view hex_digits(char c) {
    static constexpr auto table = [] {
      std::array<char, 512> made{};
      for (std::size_t i = 0; i < 256; ++i) {
        made[i * 2] = "0123456789abcdef"[i / 16];
        made[i * 2 + 1] = "0123456789abcdef"[i % 16];
      }
      return made;
    }();
    return {table.data() + static_cast<unsigned char>(c) * std::size_t{2}, 2};
  }

  Call& call_;
  TextBuilder out_;
  Notation notation_;
  const Value& arguments_;
  std::size_t next_ = 0;
  Value error_;
};

}  // namespace

Value format_plain(Call& call, Arguments arguments) {
  return Formatter(call, Notation::plain, arguments[1]).format(arguments[0].as_text());
}

Value format_localized(Call& call, Arguments arguments) {
  return Formatter(call, Notation::localized, arguments[1]).format(arguments[0].as_text());
}

}  // namespace seawall::cel::library
