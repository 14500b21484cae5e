#include "cel/evaluate.h"

#include "cel/detail/machine.h"

namespace seawall::cel {

struct Evaluator::Impl {
  explicit Impl(const EvaluationLimits& limits) : machine(limits) {}
  detail::Machine machine;
};

Evaluator::Evaluator(const EvaluationLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator::~Evaluator() = default;

void Evaluator::lend(std::string name, const void* host) { impl_->machine.call().lend(std::move(name), host); }
void Evaluator::begin(const Program& program, std::span<const Value> inputs) {
  impl_->machine.begin(program.code(), inputs);
}
Value Evaluator::run(std::uint32_t expression) { return impl_->machine.run(expression); }
std::uint64_t Evaluator::cost() const noexcept { return impl_->machine.cost(); }

}  // namespace seawall::cel
