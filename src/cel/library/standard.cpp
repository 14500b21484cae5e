// The standard functions of the language definition, operators and conversions included.
#include "cel/library/standard.h"

#include "base/regex.h"

namespace seawall::cel {

namespace library {

namespace {

Value size_of_text(Call&, Arguments arguments) {
  return Value::integer(static_cast<std::int64_t>(count_code_points(arguments[0].as_text())));
}
Value size_of(Call&, Arguments arguments) { return Value::integer(static_cast<std::int64_t>(arguments[0].size())); }

Value contains(Call&, Arguments arguments) {
  return Value::boolean(arguments[0].as_text().find(arguments[1].as_text()) != std::string_view::npos);
}
Value starts_with(Call&, Arguments arguments) {
  return Value::boolean(arguments[0].as_text().starts_with(arguments[1].as_text()));
}
Value ends_with(Call&, Arguments arguments) {
  return Value::boolean(arguments[0].as_text().ends_with(arguments[1].as_text()));
}

std::uint64_t contains_cost(Arguments arguments, const Value&) {
  return cost::multiply(cost::scaled(cost::size(arguments[0]), cost::of_character),
                        cost::scaled(cost::size(arguments[1]), cost::of_character));
}
std::uint64_t affix_cost(Arguments arguments, const Value&) {
  return cost::scaled(cost::size(arguments[1]), cost::of_character);
}

Value matches(Call& call, Arguments arguments) {
  Value error;
  auto* pattern = pattern_of(call, arguments[1], error);
  return pattern ? Value::boolean(pattern->search(arguments[0].as_text())) : error;
}

constexpr Declaration functions[] = {
    {"size_bytes", "size(bytes) -> int", size_of},
    {"size_list", "size(list(A)) -> int", size_of},
    {"size_map", "size(map(A, B)) -> int", size_of},
    {"size_string", "size(string) -> int", size_of_text},
    {"bytes_size", "<bytes>.size() -> int", size_of},
    {"list_size", "<list(A)>.size() -> int", size_of},
    {"map_size", "<map(A, B)>.size() -> int", size_of},
    {"string_size", "<string>.size() -> int", size_of_text},

    {"contains_string", "<string>.contains(string) -> bool", contains, contains_cost},
    {"starts_with_string", "<string>.startsWith(string) -> bool", starts_with, affix_cost},
    {"ends_with_string", "<string>.endsWith(string) -> bool", ends_with, affix_cost},
    {"matches", "matches(string, string) -> bool", matches, cost::match, prepare_pattern},
    {"matches_string", "<string>.matches(string) -> bool", matches, cost::match, prepare_pattern},
};

void add_type_names(Environment& environment) {
  auto& types = environment.types();
  for (auto kind : {TypeKind::boolean, TypeKind::bytes, TypeKind::floating, TypeKind::duration, TypeKind::integer,
                    TypeKind::null, TypeKind::string, TypeKind::timestamp, TypeKind::unsigned_integer})
    environment.add_type(Type(kind).name(), kind);
  environment.add_type("list", types.list(TypeKind::dyn));
  environment.add_type("map", types.map(TypeKind::dyn, TypeKind::dyn));
  environment.add_type("type", TypeKind::type);
}

}  // namespace

std::shared_ptr<const void> prepare_pattern(std::span<const Value* const> constants, std::string& error) {
  auto* pattern = constants[1];
  if (pattern == nullptr || !pattern->is(Kind::string)) return nullptr;
  auto compiled = Regex::compile(pattern->as_text());
  if (compiled) return std::make_shared<const Regex>(std::move(*compiled));
  error = compiled.error().what;
  return nullptr;
}

const Regex* pattern_of(Call& call, const Value& pattern, Value& error) {
  if (auto* prepared = call.prepared()) return static_cast<const Regex*>(prepared);
  return call.regex(pattern.as_text(), error);
}

}  // namespace library

void add_standard(Environment& environment) {
  library::add_type_names(environment);
  library::add_operators(environment);
  library::add_conversions(environment);
  library::declare(environment, library::functions);
  library::add_time_getters(environment);
}

}  // namespace seawall::cel
