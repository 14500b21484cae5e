// Operators: they are functions with names of their own ("_+_"), the logical ones excepted, which the compiler makes
// into jumps.
#include "cel/detail/moments.h"
#include "cel/library/standard.h"

namespace seawall::cel::library {

namespace {

// --- Equality and order ---

Value equals(Call&, Arguments arguments) { return Value::boolean(equal(arguments[0], arguments[1])); }
Value not_equals(Call&, Arguments arguments) { return Value::boolean(!equal(arguments[0], arguments[1])); }

std::uint64_t smaller_text(Arguments arguments, const Value&) {
  return cost::scaled(std::min(cost::size(arguments[0]), cost::size(arguments[1])), cost::of_character);
}

// Kubernetes counts 1 for its own types, whatever their size.
std::uint64_t equality(Arguments arguments, const Value& result) {
  return arguments[0].is(Kind::opaque) ? 1 : smaller_text(arguments, result);
}

template <bool (*holds)(std::partial_ordering) noexcept>
Value compare(Call& call, Arguments arguments) {
  if (auto found = order(arguments[0], arguments[1])) return Value::boolean(holds(*found));
  if (unordered(arguments[0], arguments[1])) return Value::boolean(false);
  return no_such_overload(call, "comparison of values without order");
}

struct Comparable {
  std::string_view id, left, right;
};
constexpr Comparable comparables[] = {
    {"bool", "bool", "bool"},
    {"int64", "int", "int"},
    {"int64_double", "int", "double"},
    {"int64_uint64", "int", "uint"},
    {"uint64", "uint", "uint"},
    {"uint64_double", "uint", "double"},
    {"uint64_int64", "uint", "int"},
    {"double", "double", "double"},
    {"double_int64", "double", "int"},
    {"double_uint64", "double", "uint"},
    {"string", "string", "string"},
    {"bytes", "bytes", "bytes"},
    {"timestamp", "timestamp", "timestamp"},
    {"duration", "duration", "duration"},
};

struct Relation {
  std::string_view name, id;
  Function run;
};
constexpr Relation relations[] = {
    {op::less, "less", compare<std::is_lt>},
    {op::less_equals, "less_equals", compare<std::is_lteq>},
    {op::greater, "greater", compare<std::is_gt>},
    {op::greater_equals, "greater_equals", compare<std::is_gteq>},
};

void add_relations(Environment& environment) {
  for (auto& relation : relations)
    for (auto& types : comparables) {
      auto id = std::string(relation.id) + '_' + std::string(types.id);
      auto signature =
          std::string(relation.name) + '(' + std::string(types.left) + ", " + std::string(types.right) + ") -> bool";
      bool texts = types.left == "string" || types.left == "bytes";
      declare(environment, {{{id, signature, relation.run, texts ? smaller_text : nullptr}}});
    }
}

// --- Arithmetic ---

Value overflow(Call& call) { return call.fail(ErrorCode::overflow, "integer overflow"); }

using Checked64 = bool (*)(std::int64_t, std::int64_t, std::int64_t*);
using CheckedU64 = bool (*)(std::uint64_t, std::uint64_t, std::uint64_t*);

template <class Number>
bool plus(Number left, Number right, Number* result) {
  return __builtin_add_overflow(left, right, result);
}
template <class Number>
bool minus(Number left, Number right, Number* result) {
  return __builtin_sub_overflow(left, right, result);
}
template <class Number>
bool times(Number left, Number right, Number* result) {
  return __builtin_mul_overflow(left, right, result);
}

template <Checked64 operation>
Value integers(Call& call, Arguments arguments) {
  std::int64_t result = 0;
  if (operation(arguments[0].as_integer(), arguments[1].as_integer(), &result)) return overflow(call);
  return Value::integer(result);
}
template <CheckedU64 operation>
Value unsigned_integers(Call& call, Arguments arguments) {
  std::uint64_t result = 0;
  if (operation(arguments[0].as_unsigned(), arguments[1].as_unsigned(), &result)) return overflow(call);
  return Value::unsigned_integer(result);
}

Value add_doubles(Call&, Arguments arguments) {
  return Value::floating(arguments[0].as_floating() + arguments[1].as_floating());
}
Value subtract_doubles(Call&, Arguments arguments) {
  return Value::floating(arguments[0].as_floating() - arguments[1].as_floating());
}
Value multiply_doubles(Call&, Arguments arguments) {
  return Value::floating(arguments[0].as_floating() * arguments[1].as_floating());
}
// By zero it is an infinity or NaN: IEEE 754, which the language follows here.
__attribute__((no_sanitize("float-divide-by-zero"))) Value divide_doubles(Call&, Arguments arguments) {
  return Value::floating(arguments[0].as_floating() / arguments[1].as_floating());
}

Value divided_by_zero(Call& call) { return call.fail(ErrorCode::divide_by_zero, "division by zero"); }
Value modulus_by_zero(Call& call) { return call.fail(ErrorCode::modulus_by_zero, "modulus by zero"); }

// The one quotient of two integers that doesn't fit.
bool quotient_overflows(Arguments arguments) {
  return arguments[0].as_integer() == INT64_MIN && arguments[1].as_integer() == -1;
}

Value divide_integers(Call& call, Arguments arguments) {
  if (arguments[1].as_integer() == 0) return divided_by_zero(call);
  if (quotient_overflows(arguments)) return overflow(call);
  return Value::integer(arguments[0].as_integer() / arguments[1].as_integer());
}
Value divide_unsigned(Call& call, Arguments arguments) {
  if (arguments[1].as_unsigned() == 0) return divided_by_zero(call);
  return Value::unsigned_integer(arguments[0].as_unsigned() / arguments[1].as_unsigned());
}
Value modulo_integers(Call& call, Arguments arguments) {
  if (arguments[1].as_integer() == 0) return modulus_by_zero(call);
  if (quotient_overflows(arguments)) return overflow(call);
  return Value::integer(arguments[0].as_integer() % arguments[1].as_integer());
}
Value modulo_unsigned(Call& call, Arguments arguments) {
  if (arguments[1].as_unsigned() == 0) return modulus_by_zero(call);
  return Value::unsigned_integer(arguments[0].as_unsigned() % arguments[1].as_unsigned());
}

Value negate_integer(Call& call, Arguments arguments) {
  if (arguments[0].as_integer() == INT64_MIN) return overflow(call);
  return Value::integer(-arguments[0].as_integer());
}
Value negate_double(Call&, Arguments arguments) { return Value::floating(-arguments[0].as_floating()); }

// --- Time ---

Value timestamp_or_error(Call& call, Nanoseconds since_epoch) {
  auto moment = timestamp_of(since_epoch);
  return moment ? Value::timestamp(*moment) : call.fail(ErrorCode::out_of_range, "timestamp out of range");
}
Value duration_or_error(Call& call, Nanoseconds length) {
  auto moment = duration_of(length);
  return moment ? Value::duration(*moment) : call.fail(ErrorCode::out_of_range, "duration out of range");
}
Nanoseconds nanos(const Value& value) { return nanoseconds(value.as_moment()); }

// Sums of a timestamp and a duration in either order, and differences.
Value add_to_timestamp(Call& call, Arguments arguments) {
  return timestamp_or_error(call, nanos(arguments[0]) + nanos(arguments[1]));
}
Value subtract_from_timestamp(Call& call, Arguments arguments) {
  return timestamp_or_error(call, nanos(arguments[0]) - nanos(arguments[1]));
}
Value add_durations(Call& call, Arguments arguments) {
  return duration_or_error(call, nanos(arguments[0]) + nanos(arguments[1]));
}
Value subtract_moments(Call& call, Arguments arguments) {
  return duration_or_error(call, nanos(arguments[0]) - nanos(arguments[1]));
}

// --- Concatenation ---

// Both texts behind each other; data() is null past the memory budget.
std::string_view joined(Call& call, Arguments arguments) {
  auto left = arguments[0].as_text(), right = arguments[1].as_text();
  auto* memory = call.arena().array<char>(left.size() + right.size());
  if (memory == nullptr) return {};
  left.copy(memory, left.size());
  right.copy(memory + left.size(), right.size());
  return {memory, left.size() + right.size()};
}

Value add_strings(Call& call, Arguments arguments) {
  auto text = joined(call, arguments);
  return text.data() ? Value::string(text) : call.out_of_memory();
}
Value add_bytes(Call& call, Arguments arguments) {
  auto text = joined(call, arguments);
  return text.data() ? Value::bytes(text) : call.out_of_memory();
}

std::uint64_t both_texts(Arguments arguments, const Value&) {
  return cost::scaled(cost::size(arguments[0]) + cost::size(arguments[1]), cost::of_character);
}

Value add_lists(Call& call, Arguments arguments) {
  auto &left = arguments[0], &right = arguments[1];
  if (right.size() == 0) return left;
  if (left.size() == 0) return right;
  auto* items = call.arena().array<Value>(left.size() + right.size());
  if (items == nullptr) return call.out_of_memory();
  auto* out = items;
  for (std::size_t i = 0; i < left.size(); ++i) *out++ = left.item(i);
  for (std::size_t i = 0; i < right.size(); ++i) *out++ = right.item(i);
  return Value::list(items, left.size() + right.size());
}

// --- Collections ---

// An index as it may come: any number that is whole.
std::optional<std::int64_t> index_of(const Value& value) {
  if (value.is(Kind::integer)) return value.as_integer();
  if (value.is(Kind::unsigned_integer) && value.as_unsigned() <= INT64_MAX) return value.as_integer();
  if (!value.is(Kind::floating)) return std::nullopt;
  auto number = value.as_floating();
  // Larger ones are no index of anything; the comparison is false for NaN too.
  if (!(number >= 0 && number < 1e15) || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

Value index_list(Call& call, Arguments arguments) {
  auto index = index_of(arguments[1]);
  if (!index && !arguments[1].is_number()) return no_such_overload(call, "_[_]");
  if (!index || *index < 0 || static_cast<std::uint64_t>(*index) >= arguments[0].size())
    return call.fail(ErrorCode::out_of_range, "index out of bounds: " + text(arguments[1]));
  return arguments[0].item(static_cast<std::size_t>(*index));
}

Value index_map(Call& call, Arguments arguments) {
  if (auto found = arguments[0].find(arguments[1])) return *found;
  return call.fail(ErrorCode::no_such_key, "no such key: " + text(arguments[1]));
}

Value in_list(Call&, Arguments arguments) {
  for (std::size_t i = 0; i < arguments[1].size(); ++i)
    if (equal(arguments[0], arguments[1].item(i))) return Value::boolean(true);
  return Value::boolean(false);
}
std::uint64_t in_list_cost(Arguments arguments, const Value&) { return arguments[1].size(); }

Value in_map(Call&, Arguments arguments) { return Value::boolean(arguments[1].find(arguments[0]).has_value()); }

Value logical_not(Call&, Arguments arguments) { return Value::boolean(!arguments[0].as_boolean()); }
Value not_strictly_false(Call&, Arguments arguments) { return Value::boolean(!arguments[0].is_false()); }

constexpr Declaration operators[] = {
    // Without `run`: the compiler makes jumps of them.
    {"conditional", "_?_:_(bool, A, A) -> A"},
    {"logical_and", "_&&_(bool, bool) -> bool"},
    {"logical_or", "_||_(bool, bool) -> bool"},
    {"logical_not", "!_(bool) -> bool", logical_not},
    {"not_strictly_false", "@not_strictly_false(bool) -> bool", not_strictly_false},

    {"equals", "_==_(A, A) -> bool", equals, equality},
    {"not_equals", "_!=_(A, A) -> bool", not_equals, smaller_text},

    {"add_bytes", "_+_(bytes, bytes) -> bytes", add_bytes, both_texts},
    {"add_double", "_+_(double, double) -> double", add_doubles},
    {"add_duration_duration", "_+_(duration, duration) -> duration", add_durations},
    {"add_duration_timestamp", "_+_(duration, timestamp) -> timestamp", add_to_timestamp},
    {"add_timestamp_duration", "_+_(timestamp, duration) -> timestamp", add_to_timestamp},
    {"add_int64", "_+_(int, int) -> int", integers<plus>},
    {"add_list", "_+_(list(A), list(A)) -> list(A)", add_lists},
    {"add_string", "_+_(string, string) -> string", add_strings, both_texts},
    {"add_uint64", "_+_(uint, uint) -> uint", unsigned_integers<plus>},

    {"subtract_double", "_-_(double, double) -> double", subtract_doubles},
    {"subtract_duration_duration", "_-_(duration, duration) -> duration", subtract_moments},
    {"subtract_int64", "_-_(int, int) -> int", integers<minus>},
    {"subtract_timestamp_duration", "_-_(timestamp, duration) -> timestamp", subtract_from_timestamp},
    {"subtract_timestamp_timestamp", "_-_(timestamp, timestamp) -> duration", subtract_moments},
    {"subtract_uint64", "_-_(uint, uint) -> uint", unsigned_integers<minus>},

    {"multiply_double", "_*_(double, double) -> double", multiply_doubles},
    {"multiply_int64", "_*_(int, int) -> int", integers<times>},
    {"multiply_uint64", "_*_(uint, uint) -> uint", unsigned_integers<times>},
    {"divide_double", "_/_(double, double) -> double", divide_doubles},
    {"divide_int64", "_/_(int, int) -> int", divide_integers},
    {"divide_uint64", "_/_(uint, uint) -> uint", divide_unsigned},
    {"modulo_int64", "_%_(int, int) -> int", modulo_integers},
    {"modulo_uint64", "_%_(uint, uint) -> uint", modulo_unsigned},
    {"negate_double", "-_(double) -> double", negate_double},
    {"negate_int64", "-_(int) -> int", negate_integer},

    {"index_list", "_[_](list(A), int) -> A", index_list},
    {"index_map", "_[_](map(A, B), A) -> B", index_map},
    {"in_list", "@in(A, list(A)) -> bool", in_list, in_list_cost},
    {"in_map", "@in(A, map(A, B)) -> bool", in_map},
};

}  // namespace

void add_operators(Environment& environment) {
  declare(environment, operators);
  add_relations(environment);
}

}  // namespace seawall::cel::library
