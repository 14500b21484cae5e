// cel-go's ext/math.
#include <cmath>

#include "cel/detail/library.h"

namespace seawall::cel {

namespace library {

namespace {

Value same(Call&, Arguments arguments) { return arguments[0]; }

// --- Least and greatest ---

enum class Wanted : bool { least, greatest };

// The first of two equal ones.
template <Wanted wanted>
Value choose(Call& call, const Value& first, const Value& second) {
  auto found = order(first, second);
  if (!found) return call.fail(ErrorCode::bad_argument, "NaN values cannot be ordered");
  bool second_better = wanted == Wanted::least ? *found > 0 : *found < 0;
  return second_better ? second : first;
}

template <Wanted wanted>
Value of_pair(Call& call, Arguments arguments) {
  return choose<wanted>(call, arguments[0], arguments[1]);
}

template <Wanted wanted>
Value of_list(Call& call, Arguments arguments) {
  auto& list = arguments[0];
  if (list.size() == 0) return call.fail(ErrorCode::bad_argument, "argument must not be empty");
  auto best = list.item(0);
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto item = list.item(i);
    if (!item.is_number()) return no_such_overload(call, wanted == Wanted::least ? "math.@min" : "math.@max");
    if (i == 0) continue;
    best = choose<wanted>(call, best, item);
    if (best.is_error()) return best;
  }
  return best;
}

std::uint64_t list_cost(Arguments arguments, const Value&) { return cost::add(arguments[0].size(), 1); }

template <Wanted wanted>
void add_choice(Environment& environment) {
  const std::string types[] = {"double", "int", "uint"};
  const std::string name = wanted == Wanted::least ? "math.@min" : "math.@max";
  const std::string id = wanted == Wanted::least ? "math_@min_" : "math_@max_";
  auto add = [&](const std::string& suffix, const std::string& parameters, std::string_view result, Function run,
                 CostFunction cost = nullptr) {
    auto signature = name + '(' + parameters + ") -> " + std::string(result);
    auto full_id = id + suffix;
    const Declaration declarations[] = {{full_id, signature, run, cost}};
    declare(environment, declarations);
  };
  for (auto& first : types) {
    add(first, first, first, same);
    for (auto& second : types)
      add(first + '_' + second, first + ", " + second, first == second ? first : "dyn", of_pair<wanted>);
    add("list_" + first, "list(" + first + ')', first, of_list<wanted>, list_cost);
  }
}

// --- Doubles ---

template <double (*function)(double)>
Value rounded(Call&, Arguments arguments) {
  return Value::floating(function(arguments[0].as_floating()));
}
double up(double number) { return std::ceil(number); }
double down(double number) { return std::floor(number); }
double nearest(double number) { return std::round(number); }
double toward_zero(double number) { return std::trunc(number); }
double without_sign(double number) { return std::fabs(number); }

Value is_infinite(Call&, Arguments arguments) { return Value::boolean(std::isinf(arguments[0].as_floating())); }
Value is_nan(Call&, Arguments arguments) { return Value::boolean(std::isnan(arguments[0].as_floating())); }
Value is_finite(Call&, Arguments arguments) { return Value::boolean(std::isfinite(arguments[0].as_floating())); }

Value root_of_double(Call&, Arguments arguments) { return Value::floating(std::sqrt(arguments[0].as_floating())); }
Value root_of_integer(Call&, Arguments arguments) {
  return Value::floating(std::sqrt(static_cast<double>(arguments[0].as_integer())));
}
Value root_of_unsigned(Call&, Arguments arguments) {
  return Value::floating(std::sqrt(static_cast<double>(arguments[0].as_unsigned())));
}

// --- Signs ---

Value absolute_integer(Call& call, Arguments arguments) {
  auto number = arguments[0].as_integer();
  if (number == INT64_MIN) return call.fail(ErrorCode::overflow, "integer overflow");
  return Value::integer(number < 0 ? -number : number);
}
Value sign_of_double(Call&, Arguments arguments) {
  auto number = arguments[0].as_floating();
  if (std::isnan(number)) return arguments[0];
  return Value::floating(number > 0 ? 1 : number < 0 ? -1 : 0);
}
Value sign_of_integer(Call&, Arguments arguments) {
  auto number = arguments[0].as_integer();
  return Value::integer(number > 0 ? 1 : number < 0 ? -1 : 0);
}
Value sign_of_unsigned(Call&, Arguments arguments) {
  return Value::unsigned_integer(arguments[0].as_unsigned() == 0 ? 0 : 1);
}

// --- Bits: the same for both types of integers ---

Value with_bits(const Value& like, std::uint64_t bits) {
  return like.is(Kind::integer) ? Value::integer(static_cast<std::int64_t>(bits)) : Value::unsigned_integer(bits);
}
Value bit_and(Call&, Arguments arguments) {
  return with_bits(arguments[0], arguments[0].as_unsigned() & arguments[1].as_unsigned());
}
Value bit_or(Call&, Arguments arguments) {
  return with_bits(arguments[0], arguments[0].as_unsigned() | arguments[1].as_unsigned());
}
Value bit_xor(Call&, Arguments arguments) {
  return with_bits(arguments[0], arguments[0].as_unsigned() ^ arguments[1].as_unsigned());
}
Value bit_not(Call&, Arguments arguments) { return with_bits(arguments[0], ~arguments[0].as_unsigned()); }

Value negative_offset(Call& call) { return call.fail(ErrorCode::bad_argument, "negative offset"); }

Value shift_left(Call& call, Arguments arguments) {
  auto offset = arguments[1].as_integer();
  if (offset < 0) return negative_offset(call);
  return with_bits(arguments[0], offset > 63 ? 0 : arguments[0].as_unsigned() << offset);
}
// Zeros come in from the left, whatever the sign.
Value shift_right(Call& call, Arguments arguments) {
  auto offset = arguments[1].as_integer();
  if (offset < 0) return negative_offset(call);
  return with_bits(arguments[0], offset > 63 ? 0 : arguments[0].as_unsigned() >> offset);
}

constexpr Declaration functions[] = {
    {"math_ceil_double", "math.ceil(double) -> double", rounded<up>},
    {"math_floor_double", "math.floor(double) -> double", rounded<down>},
    {"math_round_double", "math.round(double) -> double", rounded<nearest>},
    {"math_trunc_double", "math.trunc(double) -> double", rounded<toward_zero>},
    {"math_isInf_double", "math.isInf(double) -> bool", is_infinite},
    {"math_isNaN_double", "math.isNaN(double) -> bool", is_nan},
    {"math_isFinite_double", "math.isFinite(double) -> bool", is_finite},
    {"math_abs_double", "math.abs(double) -> double", rounded<without_sign>},
    {"math_abs_int", "math.abs(int) -> int", absolute_integer},
    {"math_abs_uint", "math.abs(uint) -> uint", same},
    {"math_sign_double", "math.sign(double) -> double", sign_of_double},
    {"math_sign_int", "math.sign(int) -> int", sign_of_integer},
    {"math_sign_uint", "math.sign(uint) -> uint", sign_of_unsigned},
    {"math_bitAnd_int_int", "math.bitAnd(int, int) -> int", bit_and},
    {"math_bitAnd_uint_uint", "math.bitAnd(uint, uint) -> uint", bit_and},
    {"math_bitOr_int_int", "math.bitOr(int, int) -> int", bit_or},
    {"math_bitOr_uint_uint", "math.bitOr(uint, uint) -> uint", bit_or},
    {"math_bitXor_int_int", "math.bitXor(int, int) -> int", bit_xor},
    {"math_bitXor_uint_uint", "math.bitXor(uint, uint) -> uint", bit_xor},
    {"math_bitNot_int_int", "math.bitNot(int) -> int", bit_not},
    {"math_bitNot_uint_uint", "math.bitNot(uint) -> uint", bit_not},
    {"math_bitShiftLeft_int_int", "math.bitShiftLeft(int, int) -> int", shift_left},
    {"math_bitShiftLeft_uint_int", "math.bitShiftLeft(uint, int) -> uint", shift_left},
    {"math_bitShiftRight_int_int", "math.bitShiftRight(int, int) -> int", shift_right},
    {"math_bitShiftRight_uint_int", "math.bitShiftRight(uint, int) -> uint", shift_right},
    {"math_sqrt_double", "math.sqrt(double) -> double", root_of_double},
    {"math_sqrt_int", "math.sqrt(int) -> double", root_of_integer},
    {"math_sqrt_uint", "math.sqrt(uint) -> double", root_of_unsigned},
};

}  // namespace

}  // namespace library

void add_math(Environment& environment) {
  using namespace library;
  add_choice<Wanted::least>(environment);
  add_choice<Wanted::greatest>(environment);
  declare(environment, functions);
  environment.add_macro("math.least");
  environment.add_macro("math.greatest");
}

}  // namespace seawall::cel
