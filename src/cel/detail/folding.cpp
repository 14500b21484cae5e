// What is known before anything runs: constants and pure functions of them.
#include "cel/detail/tree_compiler.h"

#include <algorithm>

#include "cel/detail/cost_rules.h"
#include "cel/detail/operations.h"
#include "cel/detail/or_else.h"
#include "cel/detail/runtime_call.h"

namespace seawall::cel::detail {

const TreeCompiler::Folded* TreeCompiler::fold(const Node& node) {
  auto [at, fresh] = folds_.try_emplace(node.id);
  if (fresh) {
    auto folded = fold_now(node);
    at = folds_.find(node.id);
    at->second = folded;
  }
  return at->second ? &*at->second : nullptr;
}

std::optional<TreeCompiler::Folded> TreeCompiler::fold_now(const Node& node) {
  if (node.kind == NodeKind::literal) return Folded{node.constant};
  if (resolution(node).kind == Resolved::constant) return Folded{resolution(node).constant};
  if (node.kind == NodeKind::list && node.optional_elements.empty()) return fold_list(node);
  if (node.kind == NodeKind::call || node.kind == NodeKind::method) return fold_call(node);
  return std::nullopt;
}

std::optional<TreeCompiler::Folded> TreeCompiler::fold_list(const Node& node) {
  auto* items = code().arena.array<Value>(node.children.size());
  Folded folded{Value(), cost_of_list};
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const auto* item = fold(*node.children[i]);
    if (!item || !items) return std::nullopt;
    items[i] = item->value;
    folded.cost += item->cost;
  }
  folded.value = Value::list(items, node.children.size());
  return folded;
}

std::optional<TreeCompiler::Folded> TreeCompiler::fold_call(const Node& node) {
  const auto& resolved = resolution(node);
  if (resolved.kind != Resolved::overloads) return std::nullopt;
  // What these cost depends on more than their values.
  bool steps = node.text == op::index || node.text == op::optional_index || node.text == op::optional_select;
  bool lazy = or_else_of(node, resolved) != OrElse::neither;
  if (code().counts_cost && (steps || lazy)) return std::nullopt;
  if (std::ranges::any_of(resolved.overloads, [](const Overload* o) { return !o->pure || o->run == nullptr; }))
    return std::nullopt;
  std::vector<Value> arguments;
  Folded folded;
  for (const auto* child : arguments_of(node)) {
    const auto* argument = fold(*child);
    if (!argument) return std::nullopt;
    arguments.push_back(argument->value);
    folded.cost += argument->cost;
  }
  for (const auto* overload : resolved.overloads) {
    if (!fits(*overload, arguments)) continue;
    linker_.folder().set_prepared(overload->bound.get());
    folded.value = overload->run(linker_.folder(), arguments);
    linker_.folder().set_prepared(nullptr);
    if (folded.value.is_error()) return std::nullopt;
    bool unit = overload->cost == nullptr || costs_a_unit(resolved, node.text);
    folded.cost += unit ? 1 : overload->cost(arguments, folded.value);
    return folded;
  }
  return std::nullopt;
}

// What can be compared in place.
const Value* TreeCompiler::constant_operand(const Node& node) {
  const auto* known = fold(node);
  if (!known) return nullptr;
  auto kind = known->value.kind();
  bool simple = kind == Kind::string || kind == Kind::integer || kind == Kind::boolean || kind == Kind::null;
  return simple ? keep_constant(known->value) : nullptr;
}

// Whether the value is sure to have the static type: what comes out of documents is not.
bool TreeCompiler::is_trusted(const Node& node) const {
  auto resolved = resolution(node).kind;
  if (resolved == Resolved::constant) return true;
  if (resolved == Resolved::variable) return !unit_.checked->type(node).is(TypeKind::record);
  if (resolved == Resolved::local || resolved == Resolved::unknown) return false;
  switch (node.kind) {
    case NodeKind::literal:
    case NodeKind::has:
    case NodeKind::list:
    case NodeKind::map:
      return true;
    case NodeKind::call:
      return node.text != op::conditional && node.text != op::index && node.text != op::optional_index &&
             node.text != op::optional_select && resolution(node).overloads.size() == 1;
    case NodeKind::method:
      return resolution(node).overloads.size() == 1 &&
             resolution(node).overloads[0]->result == unit_.checked->type(node);
    default:
      return false;
  }
}

bool TreeCompiler::can_fail(const Node& node) {
  const auto* known = fold(node);
  return known == nullptr || !known->value.is(Kind::boolean);
}

}  // namespace seawall::cel::detail
