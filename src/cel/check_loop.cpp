#include <string>

#include "cel/detail/checker.h"

namespace seawall::cel {

Type Checker::deduce_loop(const Node& node) {
  auto variables = loop_variables(node, unifier_.resolve(check(*node.children[0])));
  auto outside = locals_.size();
  locals_.push_back({node.variable, variables.first, node.id, false, 0});
  if (!node.second_variable.empty()) locals_.push_back({node.second_variable, variables.second, node.id, true, 0});
  auto type = loop_result(node, variables);
  locals_.resize(outside);
  return type;
}

// One variable: the elements of a list, the keys of a map. Two: index and element, key and value.
Checker::Variables Checker::loop_variables(const Node& node, Type range) {
  if (range.is(TypeKind::record) && environment_.record_use() == RecordUse::as_maps) range = with_maps(range);
  switch (range.kind()) {
    case TypeKind::list:
      if (node.second_variable.empty()) return {range.parameter(0), {}};
      return {TypeKind::integer, range.parameter(0)};
    case TypeKind::map:
      return {range.parameter(0), range.parameter(1)};
    case TypeKind::parameter:
      unifier_.fits(TypeKind::dyn, range);
      return {};
    case TypeKind::dyn:
    case TypeKind::error:
      return {};
    default:
      mistake(*node.children[0], "expression of type '" + shown(range) +
                                     "' cannot be range of a comprehension (must be list, map, or dynamic)");
      return {TypeKind::error, TypeKind::error};
  }
}

Type Checker::loop_result(const Node& node, const Variables& variables) {
  auto& types = unifier_.types();
  // A filter stands before the transform; of the other macros all arguments are conditions.
  auto count = node.children.size();
  bool transforms = node.macro == Macro::map || node.macro >= Macro::transform_list;
  for (std::size_t i = 1; i < count - (transforms ? 1 : 0); ++i)
    expect(*node.children[i], TypeKind::boolean, check(*node.children[i]));
  auto& last = *node.children[count - 1];
  switch (node.macro) {
    case Macro::none:
    case Macro::all:
    case Macro::exists:
    case Macro::exists_one:
      return TypeKind::boolean;
    case Macro::filter:
      return types.list(variables.first);
    case Macro::map:
    case Macro::transform_list:
      return types.list(check(last));
    case Macro::transform_map: {
      auto value = check(last);
      return types.map(variables.first, value);
    }
    case Macro::transform_map_entry:
      return entry_type(last);
  }
  return {};
}

Type Checker::entry_type(const Node& entry) {
  auto type = check(entry);
  auto key = unifier_.fresh();
  auto map = unifier_.types().map(key, unifier_.fresh());
  expect(entry, map, type);
  return map;
}

}  // namespace seawall::cel
