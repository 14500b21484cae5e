// Optional values: cel-go's OptionalTypes, version 2.
#include "cel/detail/library.h"
#include "cel/detail/moments.h"
#include "cel/detail/texts.h"
#include "cel/schema.h"

namespace seawall::cel {

namespace library {

namespace {

Value none(Call&, Arguments) { return Value::optional_none(); }
Value of(Call& call, Arguments arguments) { return call.optional(arguments[0]); }

bool is_empty_record(const RecordNode& record) {
  for (std::size_t i = 0; i < (record.schema->fields().size() + 63) / 64; ++i)
    if (record.present[i] != 0) return false;
  return record.extension_count == 0;
}

// What a field of the type is when nobody sets it.
bool is_zero(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return !value.as_boolean();
    case Kind::integer:
    case Kind::unsigned_integer:
      return value.as_unsigned() == 0;
    case Kind::floating:
      return value.as_floating() == 0;
    case Kind::string:
    case Kind::bytes:
    case Kind::list:
    case Kind::map:
      return value.size() == 0;
    case Kind::duration:
      return value.as_moment() == Moment{};
    case Kind::timestamp:
      return value.as_moment() == Moment{earliest_second, 0};  // as Go has it: the year 1
    case Kind::record:
      return is_empty_record(value.as_record());
    default:
      return false;
  }
}

Value of_non_zero(Call& call, Arguments arguments) {
  return is_zero(arguments[0]) ? Value::optional_none() : call.optional(arguments[0]);
}

Value held(Call& call, Arguments arguments) {
  auto* value = arguments[0].as_optional();
  return value ? *value : call.fail(ErrorCode::bad_argument, "optional.none() dereference");
}
Value has_value(Call&, Arguments arguments) { return Value::boolean(arguments[0].as_optional() != nullptr); }
Value or_other(Call&, Arguments arguments) { return arguments[0].as_optional() ? arguments[0] : arguments[1]; }
Value or_value(Call&, Arguments arguments) {
  auto* value = arguments[0].as_optional();
  return value ? *value : arguments[1];
}

// --- Elements that may be missing ---

Value optional_item(Call& call, const Value& list, const Value& index) {
  if (index.is(Kind::floating)) {
    auto number = index.as_floating();
    bool there = number >= 0 && number < static_cast<double>(list.size()) && number == std::trunc(number);
    return there ? call.optional(list.item(static_cast<std::size_t>(number))) : Value::optional_none();
  }
  if (!index.is_number()) return no_such_overload(call, "_[?_]");
  // A negative index is a large number without its sign.
  if (index.as_unsigned() >= list.size()) return Value::optional_none();
  return call.optional(list.item(static_cast<std::size_t>(index.as_unsigned())));
}

Value optional_entry(Call& call, const Value& map, const Value& key) {
  auto found = map.find(key);
  return found ? call.optional(*found) : Value::optional_none();
}

Value element(Call& call, const Value& from, const Value& index) {
  if (from.is(Kind::list)) return optional_item(call, from, index);
  if (from.is(Kind::map)) return optional_entry(call, from, index);
  return no_such_overload(call, "_[?_]");
}
Value index_plain(Call& call, Arguments arguments) { return element(call, arguments[0], arguments[1]); }
Value index_optional(Call& call, Arguments arguments) {
  auto* from = arguments[0].as_optional();
  return from ? element(call, *from, arguments[1]) : Value::optional_none();
}

// Fields of records are the evaluator's.
Value select(Call& call, Arguments arguments) {
  auto* from = &arguments[0];
  if (from->is(Kind::optional)) from = from->as_optional();
  if (from == nullptr) return Value::optional_none();
  return from->is(Kind::map) ? optional_entry(call, *from, arguments[1]) : no_such_overload(call, "_?._");
}

// --- Lists ---

Value first(Call& call, Arguments arguments) {
  return arguments[0].size() > 0 ? call.optional(arguments[0].item(0)) : Value::optional_none();
}
Value last(Call& call, Arguments arguments) {
  auto size = arguments[0].size();
  return size > 0 ? call.optional(arguments[0].item(size - 1)) : Value::optional_none();
}

Value unwrap(Call& call, Arguments arguments) {
  ListBuilder out(call);
  for (std::size_t i = 0; i < arguments[0].size() && !out.failed(); ++i) {
    auto item = arguments[0].item(i);
    if (!item.is(Kind::optional)) return call.fail(ErrorCode::bad_argument, "value is not optional: " + text(item));
    if (item.as_optional()) out.add(*item.as_optional());
  }
  return out.finish();
}

constexpr Declaration functions[] = {
    {"optional_of", "optional.of(V) -> optional(V)", of},
    {"optional_ofNonZeroValue", "optional.ofNonZeroValue(V) -> optional(V)", of_non_zero},
    {"optional_none", "optional.none() -> optional(V)", none},
    {"optional_value", "<optional(V)>.value() -> V", held},
    {"optional_hasValue", "<optional(V)>.hasValue() -> bool", has_value},
    {"optional_or_optional", "<optional(V)>.or(optional(V)) -> optional(V)", or_other},
    {"optional_orValue_value", "<optional(V)>.orValue(V) -> V", or_value},
    {"select_optional_field", "_?._(dyn, string) -> optional(V)", select},
    {"list_optindex_optional_int", "_[?_](list(V), int) -> optional(V)", index_plain},
    {"optional_list_optindex_optional_int", "_[?_](optional(list(V)), int) -> optional(V)", index_optional},
    {"map_optindex_optional_value", "_[?_](map(K, V), K) -> optional(V)", index_plain},
    {"optional_map_optindex_optional_value", "_[?_](optional(map(K, V)), K) -> optional(V)", index_optional},
    {"optional_list_index_int", "_[_](optional(list(V)), int) -> optional(V)", index_optional},
    {"optional_map_index_value", "_[_](optional(map(K, V)), K) -> optional(V)", index_optional},
    {"list_first", "<list(V)>.first() -> optional(V)", first},
    {"list_last", "<list(V)>.last() -> optional(V)", last},
    {"optional_unwrap", "optional.unwrap(list(optional(V))) -> list(V)", unwrap},
    {"optional_unwrapOpt", "<list(optional(V))>.unwrapOpt() -> list(V)", unwrap},
};

}  // namespace

}  // namespace library

void add_optionals(Environment& environment) {
  environment.add_type("optional_type", environment.types().optional(TypeKind::dyn));
  library::declare(environment, library::functions);
  environment.add_macro("optMap");
  environment.add_macro("optFlatMap");
}

}  // namespace seawall::cel
