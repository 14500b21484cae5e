// Kubernetes' lists library: version 1.
#include "cel/detail/library.h"
#include "cel/detail/moments.h"
#include "cel/library/kubernetes.h"

namespace seawall::cel {

namespace library {

namespace {

bool is_number_nan(const Value& value) { return value.is(Kind::floating) && std::isnan(value.as_floating()); }

// NaN is in nobody's way.
Value is_sorted(Call& call, Arguments arguments) {
  auto& list = arguments[0];
  for (std::size_t i = 1; i < list.size(); ++i) {
    auto left = list.item(i - 1), right = list.item(i);
    auto found = order(left, right);
    if (!found && !unordered(left, right)) return no_such_overload(call, "isSorted");
    if (found && *found > 0) return Value::boolean(false);
  }
  return Value::boolean(true);
}

Value add_to(Call& call, const Value& sum, const Value& item) {
  if (sum.kind() != item.kind()) return no_such_overload(call, "sum");
  switch (sum.kind()) {
    case Kind::integer: {
      std::int64_t total = 0;
      if (__builtin_add_overflow(sum.as_integer(), item.as_integer(), &total)) break;
      return Value::integer(total);
    }
    case Kind::unsigned_integer: {
      std::uint64_t total = 0;
      if (__builtin_add_overflow(sum.as_unsigned(), item.as_unsigned(), &total)) break;
      return Value::unsigned_integer(total);
    }
    case Kind::floating:
      return Value::floating(sum.as_floating() + item.as_floating());
    default:
      if (auto total = duration_of(nanoseconds(sum.as_moment()) + nanoseconds(item.as_moment())))
        return Value::duration(*total);
  }
  return call.fail(ErrorCode::overflow, "integer overflow");
}

Value sum_from(Call& call, Value sum, const Value& list) {
  for (std::size_t i = 0; i < list.size() && !sum.is_error(); ++i) sum = add_to(call, sum, list.item(i));
  return sum;
}
Value sum_integers(Call& call, Arguments arguments) { return sum_from(call, Value::integer(0), arguments[0]); }
Value sum_unsigned(Call& call, Arguments arguments) { return sum_from(call, Value::unsigned_integer(0), arguments[0]); }
Value sum_doubles(Call& call, Arguments arguments) { return sum_from(call, Value::floating(0), arguments[0]); }
Value sum_durations(Call& call, Arguments arguments) { return sum_from(call, Value::duration({}), arguments[0]); }

enum class Wanted : bool { least, greatest };

template <Wanted wanted>
Value extreme(Call& call, Arguments arguments) {
  auto& list = arguments[0];
  if (list.size() == 0)
    return call.fail(ErrorCode::bad_argument,
                     wanted == Wanted::least ? "min called on empty list" : "max called on empty list");
  auto best = list.item(0);
  for (std::size_t i = 1; i < list.size(); ++i) {
    auto item = list.item(i);
    auto found = order(best, item);
    if (!found && !is_number_nan(best) && !is_number_nan(item)) return no_such_overload(call, "min, max");
    if (found && (wanted == Wanted::least ? *found > 0 : *found < 0)) best = item;
  }
  return best;
}

Value index_of(Call&, Arguments arguments) {
  for (std::size_t i = 0; i < arguments[0].size(); ++i)
    if (equal(arguments[0].item(i), arguments[1])) return Value::integer(static_cast<std::int64_t>(i));
  return Value::integer(-1);
}
Value last_index_of(Call&, Arguments arguments) {
  for (auto i = arguments[0].size(); i-- > 0;)
    if (equal(arguments[0].item(i), arguments[1])) return Value::integer(static_cast<std::int64_t>(i));
  return Value::integer(-1);
}

// What is no list is taken for its only element.
Value includes(Call& call, Arguments arguments) {
  if (!arguments[0].is(Kind::list)) return Value::boolean(equal(arguments[0], arguments[1]));
  return Value::boolean(index_of(call, arguments).as_integer() >= 0);
}

struct Element {
  std::string name;
  Function sum;
};

void add_element_functions(Environment& environment, const Element& element) {
  auto list = "<list(" + element.name + ")>.";
  auto add = [&](const std::string& function, const std::string& id, const std::string& result, Function run) {
    auto signature = list + function + "() -> " + result;
    const Declaration declarations[] = {{id, signature, run, cost::traverse_first}};
    declare(environment, declarations);
  };
  auto id = "list_" + element.name + '_';
  add("isSorted", id + "is_sorted_bool", "bool", is_sorted);
  add("max", id + "max_" + element.name, element.name, extreme<Wanted::greatest>);
  add("min", id + "min_" + element.name, element.name, extreme<Wanted::least>);
  if (element.sum != nullptr) add("sum", id + "sum_" + element.name, element.name, element.sum);
}

constexpr Declaration searching[] = {
    {"list_a_index_of_int", "<list(A)>.indexOf(A) -> int", index_of, cost::traverse_first},
    {"list_a_last_index_of_int", "<list(A)>.lastIndexOf(A) -> int", last_index_of, cost::traverse_first},
};
constexpr Declaration including[] = {
    {"list_includes_dyn_dyn", "<dyn>.includes(dyn) -> bool", includes, cost::traverse_first},
};

}  // namespace

void add_kubernetes_lists_without_includes(Environment& environment) {
  const Element elements[] = {
      {"int", sum_integers},       {"uint", sum_unsigned}, {"double", sum_doubles}, {"bool", nullptr},
      {"duration", sum_durations}, {"timestamp", nullptr}, {"string", nullptr},     {"bytes", nullptr},
  };
  for (auto& element : elements) add_element_functions(environment, element);
  declare(environment, searching);
}

}  // namespace library

void add_kubernetes_lists(Environment& environment) {
  library::add_kubernetes_lists_without_includes(environment);
  library::declare(environment, library::including);
}

}  // namespace seawall::cel
