// Loops of macros. Costs are those of cel-go's expansions into folds: a condition before each turn, a step in it, a
// result at the end.
#include <algorithm>

#include "cel/detail/cost_rules.h"
#include "cel/detail/tree_compiler.h"

namespace seawall::cel::detail {

void TreeCompiler::emit_loop(const Node& node, Register d) {
  if (is_truth(node)) return emit_truth(node, d);
  if (node.macro == Macro::exists_one) return emit_exists_one(node, d);
  emit_collect(node, d);
}

// The range in one register, the count in the next, then the variables.
TreeCompiler::Turn TreeCompiler::begin_loop(const Node& node) {
  Turn turn{.range = out_.take(2), .variable = out_.take(2), .next = out_.label(), .done = out_.label()};
  emit(*node.children[0], turn.range);
  out_.at(node.place);
  out_.write(Opcode::loop, {.a = turn.range, .x = node.second_variable.empty() ? 1U : 2U});
  return turn;
}

void TreeCompiler::enter(const Node& node, const Turn& turn) {
  bool two = !node.second_variable.empty();
  out_.bind(turn.next);
  out_.jump(two ? Opcode::next_two : Opcode::next, turn.done, {.d = turn.variable, .a = turn.range});
  locals_[{node.id, 0}] = turn.variable;
  if (two) locals_[{node.id, 1}] = static_cast<Register>(turn.variable + 1);
  std::map<TermId, int> uses;
  for (std::size_t i = 1; i < node.children.size(); ++i) find_repeats(*node.children[i], node, uses);
  Cache cache;
  for (auto [term, count] : uses)
    if (count > 1) cache.registers.emplace(term, 0);
  cache.count = static_cast<std::uint32_t>(cache.registers.size());
  cache.first = out_.take(cache.count);
  auto next = cache.first;
  for (auto& [term, reg] : cache.registers) reg = next++;
  if (cache.count > 0) out_.write(Opcode::forget, {.d = cache.first, .x = cache.count});
  caches_.emplace_back(&node, std::move(cache));
}

void TreeCompiler::leave(const Node& node) {
  caches_.pop_back();
  locals_.erase({node.id, 0});
  locals_.erase({node.id, 1});
}

// A select of a name, or has of it, counts as a use of the same term: the field of its operand.
static const Node* selected(const Node& node) {
  return node.kind == NodeKind::select || node.kind == NodeKind::has ? node.children[0] : nullptr;
}

// Fields of the loop's own variables, not below another loop (whose turns are not ours).
void TreeCompiler::find_repeats(const Node& node, const Node& loop, std::map<TermId, int>& uses) const {
  const auto* operand = selected(node);
  bool plain = operand && (resolution(node).field == nullptr || is_plain_select(node)) &&
               !unit_.checked->type(*operand).is(TypeKind::optional);
  if (plain) {
    const auto* base = operand;
    while (const auto* inner = selected(*base)) base = inner;
    const auto& local = resolution(*base);
    if (local.kind == Resolved::local && local.binding == loop.id && !linker_.shares(unit_.term(node)))
      ++uses[linker_.terms().field_term(unit_.term(*operand), node.text)];
  }
  for (const auto* child : node.children) find_repeats(*child, loop, uses);
}

const Register* TreeCompiler::cached(const Node& node) const {
  const auto* operand = selected(node);
  if (!operand || caches_.empty()) return nullptr;
  if (resolution(node).field != nullptr && !is_plain_select(node)) return nullptr;
  if (resolution(node).kind != Resolved::none && resolution(node).kind != Resolved::field) return nullptr;
  auto term = linker_.terms().field_term(unit_.term(*operand), node.text);
  for (const auto& [loop, cache] : caches_)
    if (auto found = cache.registers.find(term); found != cache.registers.end()) return &found->second;
  return nullptr;
}

void TreeCompiler::branch_quantifier(const Node& node, Branches to) {
  RoutineWriter::Keep keep(out_);
  bool all = node.macro == Macro::all;
  if (!code().counts_cost && emit_any_branch(node, to)) return;
  auto turn = begin_loop(node);
  auto error = out_.take();
  emit_constant(Value(), error);
  auto decided = out_.label();
  // The condition (@not_strictly_false, for exists of a negation) and the accumulator in the step.
  auto per_turn = all ? 3U : 4U;
  enter(node, turn);
  out_.cost(per_turn);
  {
    RoutineWriter::Catch caught(out_, turn.next, error);
    branch(*node.children[1], all ? Branches{turn.next, decided, false} : Branches{decided, turn.next, true});
    out_.jump(Opcode::jump, decided);
  }
  leave(node);
  out_.bind(turn.done);
  out_.write(Opcode::check, {.a = error});
  out_.cost(1);
  out_.jump(Opcode::jump, all ? to.yes : to.no);
  out_.bind(decided);
  // Another condition ends the loop, unless this was its last turn.
  if (code().counts_cost) out_.write(Opcode::cost_unless_last, {.a = turn.range, .x = all ? 2U : 3U});
  out_.cost(1);
  jump_unless_next(to, !all);
}

void TreeCompiler::emit_exists_one(const Node& node, Register d) {
  RoutineWriter::Keep keep(out_);
  auto turn = begin_loop(node);
  auto count = out_.take();
  emit_constant(Value::integer(0), count);
  enter(node, turn);
  auto yes = out_.label(), no = out_.label();
  branch(*node.children[1], {yes, no, true});
  out_.bind(yes);
  out_.cost(2);  // count + 1
  out_.write(Opcode::count, {.d = count});
  out_.jump(Opcode::jump, turn.next);
  out_.bind(no);
  out_.jump(Opcode::jump, turn.next);
  leave(node);
  out_.bind(turn.done);
  auto one = out_.take();
  emit_constant(Value::integer(1), one);
  out_.cost(1);
  out_.write(Opcode::equal, {.d = d, .a = count, .b = one});
}

// map, filter, transformList, transformMap, transformMapEntry: what each turn adds to a list or map in the making.
void TreeCompiler::emit_collect(const Node& node, Register d) {
  RoutineWriter::Keep keep(out_);
  bool makes_map = node.macro == Macro::transform_map || node.macro == Macro::transform_map_entry;
  bool filters = node.macro == Macro::filter || node.children.size() == 3;
  auto made = out_.take();
  out_.cost(makes_map ? cost_of_map : cost_of_list);
  auto turn = begin_loop(node);
  out_.write(Opcode::builder, {.d = made});
  enter(node, turn);
  auto yes = out_.label(), no = out_.label();
  if (filters) {
    branch(*node.children[1], {yes, no, true});
    out_.bind(yes);
  }
  {
    RoutineWriter::Keep keep_turn(out_);
    out_.cost(1);  // the accumulator
    const auto& result = *node.children.back();
    if (node.macro == Macro::filter) {
      out_.cost(cost_of_list + 2);  // [x], and its concatenation
      out_.write(Opcode::append, {.a = made, .b = turn.variable});
    } else if (!makes_map) {
      auto value = value_of(result);
      out_.at(result.place);
      out_.cost(cost_of_list + 1);
      out_.write(Opcode::append, {.a = made, .b = value});
    } else if (node.macro == Macro::transform_map) {
      auto pair = out_.take(2);
      out_.write(Opcode::move, {.d = pair, .a = turn.variable});
      emit(result, static_cast<Register>(pair + 1));
      out_.at(result.place);
      out_.cost(2);  // the key, and the insertion
      out_.write(Opcode::insert, {.a = made, .b = pair});
    } else {
      auto entries = value_of(result);
      out_.at(result.place);
      out_.cost(1);
      out_.write(Opcode::insert_entries, {.a = made, .b = entries});
    }
  }
  out_.jump(Opcode::jump, turn.next);
  if (filters) {
    out_.bind(no);
    out_.jump(Opcode::jump, turn.next);
  }
  leave(node);
  out_.bind(turn.done);
  out_.cost(1);
  out_.write(makes_map ? Opcode::built_map : Opcode::built_list, {.d = d, .a = made});
}

// The constant texts of [...].exists(p, x.startsWith(p)), or x.matches(p); nothing where the loop is no such question.
const Value* TreeCompiler::texts_asked_for(const Node& node) {
  if (node.macro != Macro::exists || !node.second_variable.empty()) return nullptr;
  const auto* list = fold(*node.children[0]);
  const auto& body = *node.children[1];
  if (!list || !list->value.is(Kind::list) || body.kind != NodeKind::method || body.children.size() != 2)
    return nullptr;
  const auto& asked = resolution(*body.children[1]);
  if (asked.kind != Resolved::local || asked.binding != node.id) return nullptr;
  if (!is_outside(*body.children[0], node)) return nullptr;
  for (std::size_t i = 0; i < list->value.size(); ++i)
    if (!list->value.item(i).is(Kind::string)) return nullptr;
  return &list->value;
}

// One walk of a trie, or of one automaton, in the place of a loop.
bool TreeCompiler::emit_any_branch(const Node& node, Branches to) {
  const auto* texts = texts_asked_for(node);
  if (texts == nullptr) return false;
  const auto& body = *node.children[1];
  auto opcode = Opcode::starts_with_any;
  const void* prepared = nullptr;
  if (body.text == "startsWith") {
    prepared = &code().prefixes.emplace_back(*texts);
  } else if (body.text == "matches") {
    auto patterns = any_of_patterns(*texts);
    if (!patterns) return false;
    opcode = Opcode::matches_any;
    prepared = &code().patterns.emplace_back(std::move(*patterns));
  } else {
    return false;
  }
  auto text = value_of(*body.children[0]);
  auto found = out_.take();
  out_.at(body.place);
  out_.write(opcode, {.d = found, .a = text, .p = prepared});
  if (to.falls_to_yes)
    out_.jump(Opcode::jump_false, to.no, {.a = found});
  else
    out_.jump(Opcode::jump_true, to.yes, {.a = found});
  return true;
}

bool TreeCompiler::is_outside(const Node& node, const Node& loop) const {
  const auto& resolved = resolution(node);
  if (resolved.kind == Resolved::local && resolved.binding == loop.id) return false;
  return std::ranges::all_of(node.children, [&](const Node* child) { return is_outside(*child, loop); });
}

}  // namespace seawall::cel::detail
