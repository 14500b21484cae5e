// The register machine. Private to the room.
#pragma once

#include <span>
#include <vector>

#include "cel/detail/operations.h"
#include "cel/detail/path_question.h"
#include "cel/evaluate.h"

namespace seawall::cel::detail {

class Machine : public Operations {
 public:
  explicit Machine(const EvaluationLimits& limits) : Operations(limits.memory), limits_(limits) {}

  void begin(const Bytecode& code, std::span<const Value> inputs);
  Value run(std::uint32_t expression);
  std::uint64_t cost() const noexcept { return cost_; }

 private:
  // What a routine gave in this evaluation, if `generation` is the machine's.
  struct Result_ {
    Value value;
    std::uint64_t cost = 0;
    std::uint32_t generation = 0;
  };
  struct Frame {
    std::uint32_t routine;
    std::uint32_t return_to;  // the instruction that asked
    Value* registers;
    std::uint64_t cost_before;
  };

  template <bool counting>
  Value execute(std::uint32_t routine);
  Value run_routine(std::uint32_t routine);
  void start_generations() noexcept;  // after four billion evaluations

  Value placed(const Value& error, std::uint32_t at) noexcept;
  bool may_go_on(Value& error) noexcept;
  Value input(std::uint32_t number, Type declared) noexcept;
  // Fills a cached register that holds nothing yet: the field, or absent(). False with the error where the operand
  // has no fields at all.
  bool remember(Value& cached, const Value& operand, const codec::Key& key, Value& error) noexcept;
  bool remember_slowly(Value& cached, const Value& operand, const codec::Key& key, Value& error) noexcept;
  template <bool counting>
  Value call_counted(const CallSite& site, std::span<const Value> arguments);
  template <bool counting>
  Value call_both(const CallSite& site, const Value& a, const Value& b);
  void make_room(const Bytecode& code);
  // False: the machine has to see to it.
  bool answer(const PathQuestion& test, Value& result) noexcept;

  EvaluationLimits limits_;
  struct {
    std::size_t routines = 0, registers = 0;
  } room_;
  const Bytecode* code_ = nullptr;
  std::span<const Value> inputs_;
  std::vector<Result_> results_;  // by routine
  std::uint32_t generation_ = 0;
  std::vector<Value> registers_;
  std::vector<Frame> frames_;
  std::uint64_t cost_ = 0, total_cost_ = 0, iterations_ = 0;
};

// In line, since the shortest questions are asked most often.
inline void Machine::begin(const Bytecode& code, std::span<const Value> inputs) {
  arena_.reset();
  code_ = &code;
  schemas_ = code.schemas;
  bad_presence_ = code.bad_presence;
  inputs_ = inputs;
  if (room_.routines < code.routines.size() || room_.registers < code.deepest) [[unlikely]]
    make_room(code);
  if (++generation_ == 0) [[unlikely]]
    start_generations();
  cost_ = total_cost_ = iterations_ = 0;
}

inline bool Machine::answer(const PathQuestion& question, Value& result) noexcept {
  if (question.input >= inputs_.size()) return false;
  const auto* node = at_path(inputs_[question.input], question.keys, question.count);
  if (node == nullptr) return false;
  bool found = holds(question, *node);
  result = Value::boolean(found == question.expected);
  cost_ = question.cost;
  if (code_->counts_cost && question.constant) cost_ += comparison_cost(question, *node, found);
  total_cost_ += cost_;
  return cost_ <= limits_.cost;
}

inline Value Machine::run(std::uint32_t expression) {
  if (const auto& question = code_->questions[expression]; question.keys != nullptr)
    if (Value result; answer(question, result)) return result;
  return run_routine(code_->expressions[expression]);
}

}  // namespace seawall::cel::detail
