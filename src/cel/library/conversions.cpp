// Conversions between the plain types.
#include "base/text.h"
#include "cel/detail/moments.h"
#include "cel/detail/numbers.h"
#include "cel/library/standard.h"

namespace seawall::cel::library {

namespace {

Value same(Call&, Arguments arguments) { return arguments[0]; }
Value type_value(Call&, Arguments arguments) { return Value::type(type_of(arguments[0])); }

// Text in an error, cut where it is long.
std::string excerpt(std::string_view text) {
  constexpr std::size_t limit = 100;
  return '\'' + to_utf8(text.substr(0, limit)) + (text.size() > limit ? "...'" : "'");
}

Value not_convertible(Call& call, std::string_view text, std::string_view type) {
  return call.fail(ErrorCode::bad_argument, "type conversion error: " + excerpt(text) + " is no " + std::string(type));
}
Value out_of_range(Call& call) { return call.fail(ErrorCode::out_of_range, "out of range"); }

template <class Moments>
Value moment_or_error(Call& call, std::string_view text, const ReadMoment& read, Moments made, std::string_view type) {
  if (read.error == MomentError::none) return made(read.moment);
  if (read.error == MomentError::range) return call.fail(ErrorCode::out_of_range, std::string(type) + " out of range");
  return not_convertible(call, text, type);
}

// --- bool, bytes ---

Value string_to_bool(Call& call, Arguments arguments) {
  auto text = arguments[0].as_text();
  for (auto* word : {"1", "t", "T", "TRUE", "true", "True"})
    if (text == word) return Value::boolean(true);
  for (auto* word : {"0", "f", "F", "FALSE", "false", "False"})
    if (text == word) return Value::boolean(false);
  return not_convertible(call, text, "bool");
}

Value string_to_bytes(Call&, Arguments arguments) { return Value::bytes(arguments[0].as_text()); }

// --- double ---

Value integer_to_double(Call&, Arguments arguments) {
  return Value::floating(static_cast<double>(arguments[0].as_integer()));
}
Value unsigned_to_double(Call&, Arguments arguments) {
  return Value::floating(static_cast<double>(arguments[0].as_unsigned()));
}
Value string_to_double(Call& call, Arguments arguments) {
  auto number = read_double(arguments[0].as_text());
  return number ? Value::floating(*number) : not_convertible(call, arguments[0].as_text(), "double");
}

// --- int, uint ---

constexpr double two_to_63 = 9223372036854775808.0, two_to_64 = 18446744073709551616.0;

// The bounds themselves are refused: a double there stands for many integers, some of them beyond.
Value double_to_integer(Call& call, Arguments arguments) {
  auto number = arguments[0].as_floating();
  if (!(number > -two_to_63 && number < two_to_63)) return out_of_range(call);
  return Value::integer(static_cast<std::int64_t>(number));
}
Value double_to_unsigned(Call& call, Arguments arguments) {
  auto number = arguments[0].as_floating();
  if (!(number >= 0 && number < two_to_64)) return out_of_range(call);
  return Value::unsigned_integer(static_cast<std::uint64_t>(number));
}
Value unsigned_to_integer(Call& call, Arguments arguments) {
  if (arguments[0].as_unsigned() > INT64_MAX) return out_of_range(call);
  return Value::integer(arguments[0].as_integer());
}
Value integer_to_unsigned(Call& call, Arguments arguments) {
  if (arguments[0].as_integer() < 0) return out_of_range(call);
  return Value::unsigned_integer(arguments[0].as_unsigned());
}
Value string_to_integer(Call& call, Arguments arguments) {
  auto number = read_integer(arguments[0].as_text());
  return number ? Value::integer(*number) : not_convertible(call, arguments[0].as_text(), "int");
}
Value string_to_unsigned(Call& call, Arguments arguments) {
  auto number = read_unsigned(arguments[0].as_text());
  return number ? Value::unsigned_integer(*number) : not_convertible(call, arguments[0].as_text(), "uint");
}
Value timestamp_to_integer(Call&, Arguments arguments) { return Value::integer(arguments[0].as_moment().seconds); }
Value duration_to_integer(Call& call, Arguments arguments) {
  auto length = nanoseconds(arguments[0].as_moment());
  if (length < INT64_MIN || length > INT64_MAX) return out_of_range(call);
  return Value::integer(static_cast<std::int64_t>(length));
}

// --- string ---

Value bool_to_string(Call&, Arguments arguments) { return Value::string(arguments[0].as_boolean() ? "true" : "false"); }
Value bytes_to_string(Call& call, Arguments arguments) {
  if (!is_utf8(arguments[0].as_text())) return call.fail(ErrorCode::bad_argument, "invalid UTF-8 in bytes");
  return Value::string(arguments[0].as_text());
}
Value double_to_string(Call& call, Arguments arguments) {
  NumberBuffer buffer;
  return call.string(write_double(arguments[0].as_floating(), buffer));
}
Value integer_to_string(Call& call, Arguments arguments) {
  NumberBuffer buffer;
  return call.string(write_integer(arguments[0].as_integer(), buffer));
}
Value unsigned_to_string(Call& call, Arguments arguments) {
  NumberBuffer buffer;
  return call.string(write_unsigned(arguments[0].as_unsigned(), buffer));
}
Value timestamp_to_string(Call& call, Arguments arguments) {
  MomentBuffer buffer;
  return call.string(write_timestamp(arguments[0].as_moment(), buffer));
}
Value duration_to_string(Call& call, Arguments arguments) {
  MomentBuffer buffer;
  return call.string(write_duration(arguments[0].as_moment(), buffer));
}

// --- timestamp, duration ---

Value integer_to_timestamp(Call& call, Arguments arguments) {
  auto moment = timestamp_of(Nanoseconds{arguments[0].as_integer()} * nanos_per_second);
  return moment ? Value::timestamp(*moment) : call.fail(ErrorCode::out_of_range, "timestamp out of range");
}
Value string_to_timestamp(Call& call, Arguments arguments) {
  auto text = arguments[0].as_text();
  return moment_or_error(call, text, read_timestamp(text), Value::timestamp, "timestamp");
}
Value string_to_duration(Call& call, Arguments arguments) {
  auto text = arguments[0].as_text();
  return moment_or_error(call, text, read_duration(text), Value::duration, "duration");
}

constexpr Declaration conversions[] = {
    {"type", "type(A) -> type(A)", type_value},
    {"to_dyn", "dyn(A) -> dyn", same},

    {"bool_to_bool", "bool(bool) -> bool", same},
    {"string_to_bool", "bool(string) -> bool", string_to_bool},
    {"bytes_to_bytes", "bytes(bytes) -> bytes", same},
    {"string_to_bytes", "bytes(string) -> bytes", string_to_bytes, cost::scan_first},

    {"double_to_double", "double(double) -> double", same},
    {"int64_to_double", "double(int) -> double", integer_to_double},
    {"string_to_double", "double(string) -> double", string_to_double},
    {"uint64_to_double", "double(uint) -> double", unsigned_to_double},

    {"int64_to_int64", "int(int) -> int", same},
    {"double_to_int64", "int(double) -> int", double_to_integer},
    {"duration_to_int64", "int(duration) -> int", duration_to_integer},
    {"string_to_int64", "int(string) -> int", string_to_integer},
    {"timestamp_to_int64", "int(timestamp) -> int", timestamp_to_integer},
    {"uint64_to_int64", "int(uint) -> int", unsigned_to_integer},

    {"uint64_to_uint64", "uint(uint) -> uint", same},
    {"double_to_uint64", "uint(double) -> uint", double_to_unsigned},
    {"int64_to_uint64", "uint(int) -> uint", integer_to_unsigned},
    {"string_to_uint64", "uint(string) -> uint", string_to_unsigned},

    {"string_to_string", "string(string) -> string", same},
    {"bool_to_string", "string(bool) -> string", bool_to_string},
    {"bytes_to_string", "string(bytes) -> string", bytes_to_string, cost::scan_first},
    {"double_to_string", "string(double) -> string", double_to_string},
    {"duration_to_string", "string(duration) -> string", duration_to_string},
    {"int64_to_string", "string(int) -> string", integer_to_string},
    {"timestamp_to_string", "string(timestamp) -> string", timestamp_to_string},
    {"uint64_to_string", "string(uint) -> string", unsigned_to_string},

    {"timestamp_to_timestamp", "timestamp(timestamp) -> timestamp", same},
    {"int64_to_timestamp", "timestamp(int) -> timestamp", integer_to_timestamp},
    {"string_to_timestamp", "timestamp(string) -> timestamp", string_to_timestamp},
    {"duration_to_duration", "duration(duration) -> duration", same},
    {"string_to_duration", "duration(string) -> duration", string_to_duration},
};

}  // namespace

void add_conversions(Environment& environment) { declare(environment, conversions); }

}  // namespace seawall::cel::library
