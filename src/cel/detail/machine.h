// The register machine. Private to the room.
#pragma once

#include <span>
#include <vector>

#include "cel/detail/code.h"
#include "cel/detail/runtime_call.h"
#include "cel/evaluate.h"

namespace seawall::cel::detail {

class Machine {
 public:
  explicit Machine(const EvaluationLimits& limits) : limits_(limits), arena_(limits.memory), call_(arena_) {}
  Machine(const Machine&) = delete;

  void begin(const Bytecode& code, std::span<const Value> inputs);
  Value run(std::uint32_t expression);
  std::uint64_t cost() const noexcept { return cost_; }
  RuntimeCall& call() noexcept { return call_; }
  Value failure(ErrorCode code, std::string_view first, std::string_view second) noexcept {
    return fail(code, first, second);
  }

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

  Value fail(ErrorCode code, std::string_view first, std::string_view second = {}) noexcept;
  Value placed(const Value& error, std::uint32_t at) noexcept;
  Value no_overload(std::string_view function, std::span<const Value> arguments);
  bool may_go_on(Value& error) noexcept;

  Value input(const Instruction& step) noexcept;
  Value select(const Value& operand, const codec::Key& key) noexcept;
  Value record_field(const Value& operand, const Field& field) noexcept;
  Value has_record_field(const Value& operand, const Field& field) noexcept;
  // The value, or null where there is none; `error` where the operand has no fields at all.
  const Value* look(const Value& operand, const codec::Key& key, Value& scratch, Value& error) noexcept;
  Value has(const Value& operand, const codec::Key& key) noexcept;
  Value optional_select(const Value& operand, const codec::Key& key) noexcept;
  Value index(const Value& operand, const Value& key) noexcept;
  Value optional_index(const Value& operand, const Value& key) noexcept;
  template <bool counting>
  Value call_function(const CallSite& site, std::span<const Value> arguments);
  Value compare(Opcode op, const Value& a, const Value& b, const CallSite& site);
  Value contains(const Value& a, const Value& b, const CallSite& site);
  Value make_list(const Instruction& step, const Value* first) noexcept;
  Value make_map(const Instruction& step, const Value* first) noexcept;
  Value make_record(const RecordSite& site, std::span<const Value> values);
  Value append(const Value& growing, const Value* values, std::size_t count) noexcept;
  Value insert_entries(const Value& growing, const Value& map) noexcept;
  Value built_map(const Value& growing) noexcept;

  EvaluationLimits limits_;
  Arena arena_;
  RuntimeCall call_;
  const Bytecode* code_ = nullptr;
  std::span<const Value> inputs_;
  std::vector<Result_> results_;  // by routine
  std::uint32_t generation_ = 0;
  std::vector<Value> registers_;
  std::vector<Frame> frames_;
  std::uint64_t cost_ = 0, total_cost_ = 0, iterations_ = 0;
};

}  // namespace seawall::cel::detail
