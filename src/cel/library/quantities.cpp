// Kubernetes' quantity library.
#include "cel/detail/library.h"
#include "cel/detail/quantity.h"

namespace seawall::cel {

namespace library {

namespace {

struct QuantityNode : OpaqueNode {
  Quantity quantity;
};

const Quantity& quantity_in(const OpaqueNode& node) { return static_cast<const QuantityNode&>(node).quantity; }
const Quantity& quantity_in(const Value& value) { return quantity_in(value.as_opaque()); }

bool same(const OpaqueNode& left, const OpaqueNode& right) noexcept {
  return compare(quantity_in(left), quantity_in(right)) == 0;
}
std::string print(const OpaqueNode& node) { return "quantity(\"" + text(quantity_in(node)) + "\")"; }

constexpr OpaqueKind quantity_kind{.type_name = "kubernetes.Quantity", .equal = same, .print = print};

Value value_of(Call& call, const ReadQuantity& read) {
  switch (read.error) {
    case QuantityError::none:
      return make_opaque(call, QuantityNode{{&quantity_kind}, read.quantity});
    case QuantityError::format:
      return call.fail(ErrorCode::bad_argument,
                       "quantities must match the regular expression "
                       "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    case QuantityError::suffix:
      return call.fail(ErrorCode::bad_argument, "unable to parse quantity's suffix");
    case QuantityError::too_large:
      return call.fail(ErrorCode::out_of_range, "quantity has too many digits");
    case QuantityError::out_of_memory:
      break;
  }
  return call.out_of_memory();
}

Value of_string(Call& call, Arguments arguments) {
  return value_of(call, read_quantity(arguments[0].as_text(), call.arena()));
}
Value is_quantity(Call& call, Arguments arguments) {
  auto error = read_quantity(arguments[0].as_text(), call.arena()).error;
  return error == QuantityError::out_of_memory ? call.out_of_memory() : Value::boolean(error == QuantityError::none);
}

Value sign(Call&, Arguments arguments) { return Value::integer(quantity_in(arguments[0]).sign()); }
Value as_approximate_float(Call&, Arguments arguments) { return Value::floating(as_double(quantity_in(arguments[0]))); }
Value is_integer(Call&, Arguments arguments) {
  return Value::boolean(as_integer(quantity_in(arguments[0])).has_value());
}
Value integer(Call& call, Arguments arguments) {
  auto number = as_integer(quantity_in(arguments[0]));
  return number ? Value::integer(*number) : call.fail(ErrorCode::out_of_range, "cannot convert value to integer");
}

std::strong_ordering compare_arguments(Arguments arguments) {
  return compare(quantity_in(arguments[0]), quantity_in(arguments[1]));
}
Value is_greater(Call&, Arguments arguments) { return Value::boolean(compare_arguments(arguments) > 0); }
Value is_less(Call&, Arguments arguments) { return Value::boolean(compare_arguments(arguments) < 0); }
Value compare_to(Call&, Arguments arguments) {
  auto found = compare_arguments(arguments);
  return Value::integer(found > 0 ? 1 : found < 0 ? -1 : 0);
}

// A quantity, or a plain integer.
Quantity operand(const Value& value) {
  return value.is(Kind::integer) ? quantity_of(value.as_integer()) : quantity_in(value);
}
Value sum(Call& call, Arguments arguments) {
  return value_of(call, add(quantity_in(arguments[0]), operand(arguments[1]), call.arena()));
}
Value difference(Call& call, Arguments arguments) {
  return value_of(call, add(quantity_in(arguments[0]), negated(operand(arguments[1])), call.arena()));
}

constexpr Declaration functions[] = {
    {"string_to_quantity", "quantity(string) -> kubernetes.Quantity", of_string, cost::scan_first},
    {"is_quantity_string", "isQuantity(string) -> bool", is_quantity, cost::scan_first},
    {"quantity_sign", "sign(kubernetes.Quantity) -> int", sign},
    {"quantity_is_greater_than", "<kubernetes.Quantity>.isGreaterThan(kubernetes.Quantity) -> bool", is_greater},
    {"quantity_is_less_than", "<kubernetes.Quantity>.isLessThan(kubernetes.Quantity) -> bool", is_less},
    {"quantity_compare_to", "<kubernetes.Quantity>.compareTo(kubernetes.Quantity) -> int", compare_to},
    {"quantity_get_float", "<kubernetes.Quantity>.asApproximateFloat() -> double", as_approximate_float},
    {"quantity_get_int", "<kubernetes.Quantity>.asInteger() -> int", integer},
    {"quantity_is_integer", "<kubernetes.Quantity>.isInteger() -> bool", is_integer},
    {"quantity_add", "<kubernetes.Quantity>.add(kubernetes.Quantity) -> kubernetes.Quantity", sum},
    {"quantity_add_int", "<kubernetes.Quantity>.add(int) -> kubernetes.Quantity", sum},
    {"quantity_sub", "<kubernetes.Quantity>.sub(kubernetes.Quantity) -> kubernetes.Quantity", difference},
    {"quantity_sub_int", "<kubernetes.Quantity>.sub(int) -> kubernetes.Quantity", difference},
};

}  // namespace

}  // namespace library

void add_quantities(Environment& environment) {
  library::add_opaque_type(environment, library::quantity_kind.type_name);
  library::declare(environment, library::functions);
}

}  // namespace seawall::cel
