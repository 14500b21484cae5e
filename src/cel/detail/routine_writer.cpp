#include "cel/detail/routine_writer.h"

#include <algorithm>

namespace seawall::cel::detail {

void RoutineWriter::write(Opcode op, const Operands& operands) {
  Instruction made{op,
                   static_cast<Register>(operands.d),
                   static_cast<Register>(operands.a),
                   static_cast<Register>(operands.b),
                   operands.x,
                   operands.y,
                   {operands.p}};
  instructions_.push_back(made);
  places_.push_back(place_);
  handler_of_.push_back(handler_);
  mergeable_ = false;
}

void RoutineWriter::jump(Opcode op, Label target, Operands operands) {
  operands.x = target.id;
  jumps_.push_back(static_cast<std::uint32_t>(instructions_.size()));
  write(op, operands);
}

void RoutineWriter::add_cost(std::int64_t units) {
  if (!code_.counts_cost || units == 0) return;
  if (mergeable_ && !instructions_.empty()) {
    instructions_.back().x += static_cast<std::uint32_t>(units);
    return;
  }
  write(Opcode::cost, {.x = static_cast<std::uint32_t>(units)});
  mergeable_ = true;
}

Result<> RoutineWriter::finish(std::uint32_t routine) {
  if (most_ > UINT16_MAX) return fail(Code::exhausted, "expression needs more than 65,535 registers");
  auto base = static_cast<std::uint32_t>(code_.instructions.size());
  for (auto at : jumps_) instructions_[at].x = base + labels_[instructions_[at].x];
  auto first_handler = static_cast<std::uint32_t>(code_.handler_table.size());
  for (const auto& each : handlers_) code_.handler_table.push_back({base + labels_[each.target.id], each.error});
  code_.instructions.insert(code_.instructions.end(), instructions_.begin(), instructions_.end());
  code_.places.insert(code_.places.end(), places_.begin(), places_.end());
  for (auto handler : handler_of_)
    code_.handlers.push_back(handler == no_handler ? no_handler : first_handler + handler);
  auto& made = code_.routines[routine];
  made.entry = base;
  made.frame = most_;
  made.depth = most_ + deepest_call_;
  code_.deepest = std::max(code_.deepest, made.depth);
  return {};
}

}  // namespace seawall::cel::detail
