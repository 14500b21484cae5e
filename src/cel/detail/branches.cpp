// Truth as control flow: `&&`, `||`, `!`, `?:`, has, comparisons and quantifiers jump where they are decided, and make
// a boolean only where somebody wants to hold it.
//
// Errors are absorbed as the language asks: while a term of `&&` or `||` runs, its errors go to the next term, and are
// raised at the end only if no term decided.
#include "cel/detail/tree_compiler.h"

namespace seawall::cel::detail {

bool TreeCompiler::is_truth(const Node& node) const {
  if (node.kind == NodeKind::has) return true;
  if (node.kind == NodeKind::loop) return node.macro == Macro::all || node.macro == Macro::exists;
  return node.kind == NodeKind::call &&
         (node.text == op::logical_and || node.text == op::logical_or || node.text == op::logical_not);
}

void TreeCompiler::emit_truth(const Node& node, Register d) {
  auto yes = out_.label(), no = out_.label(), end = out_.label();
  branch(node, {yes, no, true});
  out_.bind(yes);
  emit_constant(Value::boolean(true), d);
  out_.jump(Opcode::jump, end);
  out_.bind(no);
  emit_constant(Value::boolean(false), d);
  out_.bind(end);
}

void TreeCompiler::jump_unless_next(Branches to, bool yes) {
  if (yes != to.falls_to_yes) out_.jump(Opcode::jump, yes ? to.yes : to.no);
}

void TreeCompiler::branch(const Node& node, Branches to) {
  const auto* known = fold(node);
  if (known && known->value.is(Kind::boolean)) {
    out_.cost(known->cost);
    return jump_unless_next(to, known->value.as_boolean());
  }
  bool shared = &node != root_ && linker_.shares(unit_.term(node));
  if (shared || known) return branch_value(node, to);
  if (node.kind == NodeKind::has) return branch_has(node, to);
  if (node.kind == NodeKind::loop && is_truth(node)) return branch_quantifier(node, to);
  if (node.kind == NodeKind::call && resolution(node).kind == Resolved::overloads) {
    if (node.text == op::logical_and || node.text == op::logical_or) return branch_logical(node, to);
    if (node.text == op::logical_not) {
      out_.cost(1);
      branch(*node.children[0], {to.no, to.yes, !to.falls_to_yes});
      return;
    }
    if (branch_constant(node, to)) return;
  }
  branch_value(node, to);
}

void TreeCompiler::branch_value(const Node& node, Branches to) {
  RoutineWriter::Keep keep(out_);
  auto value = value_of(node);
  out_.at(node.place);
  if (to.falls_to_yes)
    out_.jump(Opcode::jump_false, to.no, {.a = value});
  else
    out_.jump(Opcode::jump_true, to.yes, {.a = value});
}

void TreeCompiler::gather(const Node& node, std::string_view function, std::vector<const Node*>& terms) const {
  for (const auto* child : node.children) {
    bool same = child->kind == NodeKind::call && child->text == function && !linker_.shares(unit_.term(*child));
    if (same)
      gather(*child, function, terms);
    else
      terms.push_back(child);
  }
}

void TreeCompiler::branch_logical(const Node& node, Branches to) {
  RoutineWriter::Keep keep(out_);
  bool conjunction = node.text == op::logical_and;
  std::vector<const Node*> terms;
  gather(node, node.text, terms);
  bool any_can_fail = false;
  for (std::size_t i = 0; i + 1 < terms.size(); ++i) any_can_fail = any_can_fail || can_fail(*terms[i]);
  auto error = out_.take();
  auto undecided = out_.label();
  auto decided = conjunction ? to.no : to.yes;
  if (any_can_fail) emit_constant(Value(), error);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    bool last = i + 1 == terms.size();
    auto next = last ? undecided : out_.label();
    auto targets = conjunction ? Branches{next, decided, true} : Branches{decided, next, false};
    if (!last && can_fail(*terms[i])) {
      RoutineWriter::Catch caught(out_, next, error);
      branch(*terms[i], targets);
    } else {
      branch(*terms[i], targets);
    }
    if (!last) out_.bind(next);
  }
  out_.bind(undecided);
  if (any_can_fail) out_.write(Opcode::check, {.a = error});
  jump_unless_next(to, conjunction);
}

void TreeCompiler::branch_has(const Node& node, Branches to) {
  const auto* field = resolution(node).field;
  if (field != nullptr && (field->wire != Wire::none || field->layout != Layout::none)) return branch_value(node, to);
  if (unit_.checked->type(*node.children[0]).is(TypeKind::optional)) return branch_value(node, to);
  RoutineWriter::Keep keep(out_);
  const auto* remembered = cached(node);
  auto operand = operand_of(node);
  out_.at(node.place);
  Operands operands{.d = remembered ? *remembered : Register{0}, .a = operand, .p = key_of(node.text)};
  if (to.falls_to_yes)
    out_.jump(remembered ? Opcode::jump_absent_cached : Opcode::jump_absent, to.no, operands);
  else
    out_.jump(remembered ? Opcode::jump_present_cached : Opcode::jump_present, to.yes, operands);
}

// x == 'constant' and x != 'constant'.
bool TreeCompiler::branch_constant(const Node& node, Branches to) {
  bool equals = node.text == op::equals;
  if (!equals && node.text != op::not_equals) return false;
  const auto* constant = constant_operand(*node.children[1]);
  if (!constant) return false;
  RoutineWriter::Keep keep(out_);
  auto value = value_of(*node.children[0]);
  out_.cost(fold(*node.children[1])->cost);
  out_.at(node.place);
  Operands operands{.a = value, .p = constant};
  if (to.falls_to_yes)
    out_.jump(equals ? Opcode::jump_not_equal_constant : Opcode::jump_equal_constant, to.no, operands);
  else
    out_.jump(equals ? Opcode::jump_equal_constant : Opcode::jump_not_equal_constant, to.yes, operands);
  return true;
}

}  // namespace seawall::cel::detail
