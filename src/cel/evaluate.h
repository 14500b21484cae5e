// Runs programs. After the first evaluations nothing is allocated any more.
//
// Two channels: a Result error means that the engine could not run; an error Value means that the expression could
// not be decided (a missing field, an overflow, a limit reached).
// Threads: one Evaluator, one thread. Owns: results and whatever functions made, until the next begin().
// Limits: see EvaluationLimits; reaching one gives an error Value.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "cel/program.h"

namespace seawall::cel {

struct EvaluationLimits {
  std::uint64_t cost = UINT64_MAX;               // of one expression, where the program counts it
  std::uint64_t total_cost = UINT64_MAX;         // of all since begin()
  std::uint64_t iterations = 10'000'000;         // of all loops since begin()
  std::size_t memory = std::size_t{64} << 20;    // of everything made since begin()
  const std::atomic<bool>* interrupt = nullptr;  // looked at every 128 iterations
};

class Evaluator {
 public:
  explicit Evaluator(const EvaluationLimits& limits = {});
  Evaluator(Evaluator&&) noexcept;
  ~Evaluator();

  // Lent to functions of that name for all further evaluations (the authorizer's source of decisions).
  void lend(std::string name, const void* host);

  // Starts over with these inputs, in the order of program.inputs(); fewer leave the rest unset, as do errors. Both
  // outlive what is run.
  void begin(const Program& program, std::span<const Value> inputs);
  // The result of one expression; the memory behind it lasts until the next begin().
  Value run(std::uint32_t expression);
  // Of the last run, where the program counts it.
  std::uint64_t cost() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seawall::cel
