#include "cel/detail/path_question.h"

namespace seawall::cel::detail {

// input_path, one comparison of it, finish; costs between them.
PathQuestion path_question(const Bytecode& code, const Routine& routine) {
  PathQuestion test;
  const auto* step = code.instructions.data() + routine.entry;
  auto skip_costs = [&] {
    for (; step->op == Opcode::cost; ++step) test.cost += step->x;
  };
  skip_costs();
  if (routine.shared || step->op != Opcode::input_path) return {};
  const auto& path = *step++;
  skip_costs();
  const auto& question = *step++;
  bool compares = question.op == Opcode::equal_constant || question.op == Opcode::not_equal_constant;
  if ((!compares && question.op != Opcode::in_set) || question.a != path.d) return {};
  skip_costs();
  if (step->op != Opcode::finish || step->a != question.d) return {};
  test.input = path.x;
  test.count = path.y;
  test.keys = static_cast<const codec::Key*>(path.p);
  test.expected = question.op != Opcode::not_equal_constant;
  if (compares)
    test.constant = static_cast<const Value*>(question.p), test.constant_size = size_for_cost(*test.constant);
  else
    test.set = static_cast<const ConstantSet*>(question.p);
  return test;
}

}  // namespace seawall::cel::detail
