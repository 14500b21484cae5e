// The register machine. Private to the room.
#pragma once

#include <span>
#include <vector>

#include "cel/detail/operations.h"
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

}  // namespace seawall::cel::detail
