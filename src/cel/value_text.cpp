// Values as a person reads them.
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "base/time.h"
#include "cel/message.h"
#include "cel/schema.h"
#include "cel/value.h"

namespace seawall::cel {
namespace {

// Values that share their parts can be larger than any memory: what is written ends here, with "...".
constexpr std::size_t longest = 64 << 10;
constexpr unsigned deepest = 200;

std::string floating_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  char digits[32];
  std::string out(digits, std::to_chars(digits, std::end(digits), value).ptr);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

void add_byte(std::string& out, unsigned char byte) {
  constexpr char digits[] = "0123456789abcdef";
  out += "\\x";
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

std::string quoted(std::string_view text, bool bytes) {
  std::string out = bytes ? "b\"" : "\"";
  for (char c : text.substr(0, longest)) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '\n')
      out += "\\n";
    else if (byte < 0x20 || byte == 0x7F || (bytes && byte > 0x7F))
      add_byte(out, byte);
    else
      out += c;
  }
  if (text.size() > longest) out += "...";
  return to_utf8(out) + '"';
}

// ".25" of 250,000,000 nanoseconds, nothing of none.
std::string fraction_text(std::int32_t nanos) {
  if (nanos == 0) return "";
  auto digits = std::to_string(std::abs(nanos));
  digits.insert(0, 9 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  return "." + digits;
}

std::string timestamp_text(Moment at) {
  auto out = to_rfc3339(at.seconds);
  out.insert(out.size() - 1, fraction_text(at.nanos));
  return out;
}

std::string duration_text(Moment length) {
  bool negative = length.seconds < 0 || length.nanos < 0;
  auto seconds = static_cast<std::uint64_t>(length.seconds);
  return (negative ? "-" : "") + std::to_string(negative ? 0 - seconds : seconds) + fraction_text(length.nanos) + "s";
}

class Printer {
 public:
  std::string take() && { return std::move(out_); }

  void print(const Value& value, unsigned depth) {
    if (out_.size() > longest || depth > deepest) {
      out_ += "...";
      return;
    }
    switch (value.kind()) {
      case Kind::list:
        return list(value, depth + 1);
      case Kind::map:
        return map(value, depth + 1);
      case Kind::record:
        return record(value.as_record(), depth + 1);
      case Kind::optional:
        return optional(value.as_optional(), depth + 1);
      default:
        out_ += scalar(value);
    }
  }

 private:
  static std::string scalar(const Value& value) {
    switch (value.kind()) {
      case Kind::null:
        return "null";
      case Kind::boolean:
        return value.as_boolean() ? "true" : "false";
      case Kind::integer:
        return std::to_string(value.as_integer());
      case Kind::unsigned_integer:
        return std::to_string(value.as_unsigned()) + "u";
      case Kind::floating:
        return floating_text(value.as_floating());
      case Kind::string:
      case Kind::bytes:
        return quoted(value.as_text(), value.is(Kind::bytes));
      case Kind::timestamp:
        return "timestamp(\"" + moment_text(value) + "\")";
      case Kind::duration:
        return "duration(\"" + moment_text(value) + "\")";
      case Kind::type:
        return std::string(value.as_type().name());
      case Kind::opaque:
        return value.as_opaque().kind->print(value.as_opaque());
      default:
        return "error: " + std::string(value.as_error().message);
    }
  }

  // False once there is no room: the rest is left out.
  bool separate(std::size_t index) {
    if (index > 0) out_ += ", ";
    if (out_.size() <= longest) return true;
    out_ += "...";
    return false;
  }

  void list(const Value& value, unsigned depth) {
    out_ += '[';
    for (std::size_t i = 0; i < value.size() && separate(i); ++i) print(value.item(i), depth);
    out_ += ']';
  }

  void map(const Value& value, unsigned depth) {
    out_ += '{';
    for (std::size_t i = 0; i < value.size() && separate(i); ++i) {
      auto [key, content] = value.entry(i);
      print(key, depth);
      out_ += ": ";
      print(content, depth);
    }
    out_ += '}';
  }

  void record(const RecordNode& value, unsigned depth) {
    (out_ += value.schema->name()) += '{';
    std::size_t printed = 0;
    for (const auto& field : value.schema->fields()) {
      if (!has_field(Value::record(&value), field)) continue;
      if (!separate(printed++)) break;
      (out_ += field.name) += ": ";
      print(read_field(Value::record(&value), field), depth);
    }
    for (std::uint32_t i = 0; i < value.extension_count && separate(printed++); ++i) {
      const auto& [name, content] = value.extensions->entries[i];
      ((out_ += '`') += name.as_text()) += "`: ";
      print(content, depth);
    }
    out_ += '}';
  }

  void optional(const Value* held, unsigned depth) {
    if (held == nullptr) {
      out_ += "optional.none()";
      return;
    }
    out_ += "optional.of(";
    print(*held, depth);
    out_ += ')';
  }

  std::string out_;
};

}  // namespace

std::string moment_text(const Value& value) {
  return value.is(Kind::timestamp) ? timestamp_text(value.as_moment()) : duration_text(value.as_moment());
}

std::string text(const Value& value) {
  Printer printer;
  printer.print(value, 0);
  return std::move(printer).take();
}

}  // namespace seawall::cel
