#include <algorithm>
#include <string>

#include "cel/detail/checker.h"

namespace seawall::cel {

Type Checker::deduce_call(const Node& node) {
  if (node.text == op::logical_and || node.text == op::logical_or) return deduce_logical(node);
  if (node.text == op::optional_select) return deduce_optional_select(node);
  return deduce_function(node, node.text, Style::global, node.children);
}

Type Checker::deduce_method(const Node& node) {
  if (auto* function = qualified_function(node)) {
    resolution(node).qualified = true;
    auto base = arguments_.size();
    for (auto* argument : node.children.subspan(1)) {
      auto type = check(*argument);
      arguments_.push_back(type);
    }
    auto type = choose_overloads(node, *function, std::span(arguments_).subspan(base));
    arguments_.resize(base);
    return type;
  }
  return deduce_function(node, node.text, Style::method, node.children);
}

// The function "a.b.f" where a call is written like the method f of a.b.
const FunctionSet* Checker::qualified_function(const Node& node) {
  auto* root = detail::root_of_chain(*node.children[0]);
  if (root == nullptr || !names_.may_be_qualified(root->text)) return nullptr;
  name_.clear();
  detail::append_qualified_name(*node.children[0], name_);
  name_.append(1, '.').append(node.text);
  return names_.find_function(name_, Style::global);
}

Type Checker::deduce_logical(const Node& node) {
  for (auto* operand : node.children) expect(*operand, TypeKind::boolean, check(*operand));
  if (auto* function = environment_.find_function(node.text, Style::global)) {
    candidates_.clear();
    for (auto& overload : function->overloads) candidates_.push_back(&overload);
    keep_overloads(node, candidates_);
  }
  return TypeKind::boolean;
}

// a.?b: the field's name is a literal text.
Type Checker::deduce_optional_select(const Node& node) {
  auto operand = check(*node.children[0]);
  auto type = member(node, operand, node.children[1]->constant.as_text());
  check(*node.children[1]);
  type = unifier_.head(type);
  return unifier_.head(operand).is(TypeKind::optional) ? type : unifier_.types().optional(type);
}

Type Checker::deduce_function(const Node& node, std::string_view name, Style style, std::span<Node* const> arguments) {
  auto base = arguments_.size();
  for (auto* argument : arguments) {
    auto type = check(*argument);
    arguments_.push_back(type);
  }
  auto types = std::span(arguments_).subspan(base);
  Type type;
  if (auto* function = names_.find_function(name, style))
    type = choose_overloads(node, *function, types);
  else if (auto* other = names_.find_function(name, style == Style::global ? Style::method : Style::global))
    type = no_overload(node, *other, types);
  else
    type = missing(node, name);
  arguments_.resize(base);
  return type;
}

// All overloads that the types allow, in candidates_: what remains is decided when it runs.
Type Checker::fitting_overloads(const FunctionSet& function, std::span<const Type> arguments) {
  candidates_.clear();
  Type joined;
  // What an unknown type turns out to be is learned from the first overload that it fits; which of them it is in truth
  // is seen when it runs: double(dyn(x).value()).
  std::vector<Type> open;
  for (auto each : arguments) open.push_back(unifier_.head(each).is(TypeKind::parameter) ? Type() : each);
  for (auto& overload : function.overloads) {
    if (!unifier_.fits(arguments, overload.parameters, overload.generic)) {
      if (!candidates_.empty() && unifier_.fits(open, overload.parameters, overload.generic))
        candidates_.push_back(&overload);
      continue;
    }
    auto result = overload.generic ? unifier_.resolve(unifier_.instance(overload.result)) : overload.result;
    if (candidates_.empty())
      joined = result;
    else if (result != joined)
      joined = TypeKind::dyn;
    candidates_.push_back(&overload);
  }
  return joined;
}

Type Checker::choose_overloads(const Node& node, const FunctionSet& function, std::span<const Type> arguments) {
  auto type = fitting_overloads(function, arguments);
  if (candidates_.empty() && environment_.record_use() == RecordUse::as_maps) {
    std::vector<Type> loose;
    for (auto each : arguments) loose.push_back(with_maps(unifier_.resolve(each)));
    type = fitting_overloads(function, loose);
  }
  if (candidates_.empty()) return no_overload(node, function, arguments);
  keep_overloads(node, candidates_);
  resolution(node).name = function.name;
  return type;
}

Type Checker::with_maps(Type type) {
  auto& types = unifier_.types();
  if (type.is(TypeKind::record)) return types.map(TypeKind::string, TypeKind::dyn);
  std::vector<Type> parts;
  for (auto part : type.parameters()) parts.push_back(with_maps(part));
  return parts.empty() ? type : types.with(type, parts);
}

void Checker::keep_overloads(const Node& node, std::span<const Overload* const> overloads) {
  auto* kept = checked_.arena_.array<const Overload*>(overloads.size());
  if (kept == nullptr) {
    too_complex_ = true;
    return;
  }
  std::ranges::copy(overloads, kept);
  resolution(node).kind = Resolution::Kind::overloads;
  resolution(node).overloads = {kept, overloads.size()};
}

Type Checker::no_overload(const Node& at, const FunctionSet& function, std::span<const Type> arguments) {
  resolution(at).kind = Resolution::Kind::unknown;
  resolution(at).name = function.name;
  if (is_off()) return TypeKind::error;
  std::string applied;
  if (at.kind == NodeKind::method && !resolution(at).qualified) {
    applied = shown(arguments.front()) + ".";
    arguments = arguments.subspan(1);
  }
  const char* separator = "(";
  for (auto each : arguments) {
    applied += separator + shown(each);
    separator = ", ";
  }
  applied += arguments.empty() ? "()" : ")";
  return mistake(at, "found no matching overload for '" + function.name + "' applied to '" + applied + "'");
}

}  // namespace seawall::cel
