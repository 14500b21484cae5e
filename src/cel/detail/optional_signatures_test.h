// The signatures of optionals alone: checking needs no more of a function.
#pragma once

#include "cel/environment.h"

namespace seawall::cel::detail {

inline void declare_optionals(Environment& environment) {
  auto& types = environment.types();
  auto element = types.parameter("E"), key = types.parameter("K");
  auto optional = types.optional(element), list = types.list(element), map = types.map(key, element);
  auto declare = [&](std::string_view name, Style style, std::string id, std::vector<Type> parameters, Type result) {
    environment.add_function(name, style, {.id = std::move(id), .parameters = std::move(parameters), .result = result});
  };
  declare("optional.of", Style::global, "optional_of", {element}, optional);
  declare("optional.none", Style::global, "optional_none", {}, optional);
  declare("hasValue", Style::method, "optional_hasValue", {optional}, TypeKind::boolean);
  declare("value", Style::method, "optional_value", {optional}, element);
  declare("_[_]", Style::global, "optional_map_index_value", {types.optional(map), key}, optional);
  declare("_[?_]", Style::global, "list_optindex_optional_int", {list, TypeKind::integer}, optional);
  declare("_[?_]", Style::global, "map_optindex_optional_value", {map, key}, optional);
}

}  // namespace seawall::cel::detail
