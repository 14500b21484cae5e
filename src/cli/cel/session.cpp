#include "cli/cel/session.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/text.h"
#include "cel/parse.h"

namespace seawall::cli {
namespace {

using cel::Value;
using Origin = CelVariable::Origin;

constexpr std::string_view input_name = "object";
constexpr std::size_t most_members = 1000, most_kept = 1000;
constexpr cel::Failure not_given{cel::ErrorCode::no_such_variable, "there is no input: --input FILE or :load FILE"};

// Sets the flag once the time is over, unless it ends before.
class Alarm {
 public:
  Alarm(std::chrono::seconds after, std::atomic<bool>& flag) {
    if (after.count() > 0)
      thread_ = std::jthread([after, &flag](const std::stop_token& stop) { wait(after, flag, stop); });
  }

 private:
  static void wait(std::chrono::seconds after, std::atomic<bool>& flag, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any ended;
    std::unique_lock lock(mutex);
    ended.wait_for(lock, stop, after, [] { return false; });
    if (!stop.stop_requested()) flag.store(true, std::memory_order_relaxed);
  }

  std::jthread thread_;
};

void add_libraries(cel::Environment& environment, std::optional<unsigned> kubernetes_minor) {
  cel::add_kubernetes(environment, kubernetes_minor.value_or(37));
  if (kubernetes_minor) return;
  cel::add_strings(environment);
  cel::add_math(environment);
  cel::add_encoders(environment);
  cel::add_bindings(environment);
  cel::add_block(environment);
  cel::add_network(environment);
  cel::add_json_patch(environment);
}

// The same type in another pool, since types are compared by where they are.
cel::Type copied(cel::Types& into, cel::Type type) {
  bool plain = type.parameters().empty() && !type.is(cel::TypeKind::record) && !type.is(cel::TypeKind::opaque);
  if (plain) return type;
  std::vector<cel::Type> parameters;
  for (auto each : type.parameters()) parameters.push_back(copied(into, each));
  return into.with(type, parameters);
}

bool is_identifier(std::string_view name) {
  if (name.empty() || name.size() > 256 || name.front() == '.') return false;
  auto tree = cel::parse(name);
  return tree && tree->root().kind == cel::NodeKind::identifier && tree->root().text == name;
}

// Whether the machine may know better where it failed: the explainer doesn't. What took too long isn't tried twice.
bool lacks_place(const cel::Failure& failure) {
  using enum cel::ErrorCode;
  bool limit = failure.code == interrupted || failure.code == cost_exceeded || failure.code == out_of_memory;
  return failure.place == UINT32_MAX && !limit;
}

}  // namespace

// A program with what its result lives in.
struct CelSession::Run {
  cel::Program program;
  cel::Evaluator evaluator;
  std::vector<Value> inputs;
  cel::Type type;
  Value value;
};

CelSession::CelSession(const CelOptions& options) : options_(options) {
  set(input_name, {Origin::input, cel::TypeKind::dyn, Value::error(&not_given)});
}
CelSession::~CelSession() = default;

void CelSession::set(std::string_view name, CelVariable variable) {
  variables_.insert_or_assign(std::string(name), variable);
  environment_ = nullptr;
}

std::shared_ptr<const cel::Environment> CelSession::environment() {
  if (environment_) return environment_;
  auto made = std::make_shared<cel::Environment>();
  add_libraries(*made, options_.kubernetes_minor);
  for (const auto& [name, variable] : variables_) made->add_variable(name, copied(made->types(), variable.type));
  return environment_ = std::move(made);
}

Result<> CelSession::load(Data data) {
  std::erase_if(variables_, [](const auto& each) { return each.second.origin == Origin::member; });
  set(input_name, {Origin::input, cel::TypeKind::dyn, Value::document(data.root)});
  bind_members(data.root);
  documents_.push_back(std::move(data.document));
  if (documents_.size() > most_kept) return fail(Code::exhausted, "too many inputs for one session");
  return {};
}

void CelSession::bind_members(codec::Value input) {
  auto known = environment();
  std::size_t bound = 0;
  for (auto [name, value] : input.members()) {
    if (bound == most_members) return;
    bool taken = variables_.contains(name) || known->find_type(name) || known->find_constant(name);
    if (taken || !is_identifier(name)) continue;
    set(name, {Origin::member, cel::TypeKind::dyn, Value::document(value)});
    ++bound;
  }
}

Result<> CelSession::nameable(std::string_view name) {
  auto quoted = "\"" + std::string(name) + "\"";
  if (!is_identifier(name)) return fail(Code::invalid, quoted + " can't name a variable");
  auto known = environment();
  if (known->find_type(name) || known->find_constant(name))
    return fail(Code::invalid, quoted + " has a meaning already");
  if (kept_.size() + documents_.size() >= most_kept) return fail(Code::exhausted, "too many values for one session");
  return {};
}

Result<> CelSession::bind(std::string_view name, Data data) {
  SW_TRY(nameable(name));
  set(name, {Origin::stated, cel::TypeKind::dyn, Value::document(data.root)});
  documents_.push_back(std::move(data.document));
  return {};
}

Result<Value> CelSession::let(std::string_view name, std::string_view source) {
  SW_TRY(nameable(name));
  auto made = SW_TRY(run(SW_TRY(check(source)), options_.cost_limit.has_value()));
  auto value = made->value;
  if (value.is_error()) {
    last_ = std::move(made);
    return value;
  }
  set(name, {Origin::stated, made->type, value});
  kept_.push_back(std::move(made));
  return value;
}

Result<cel::Checked> CelSession::check(std::string_view source) {
  auto strictness = options_.kubernetes_minor ? cel::Checking::homogeneous : cel::Checking::full;
  return cel::check(SW_TRY(cel::parse(source)), environment(), strictness);
}

cel::EvaluationLimits CelSession::limits() {
  stop_.store(false, std::memory_order_relaxed);
  return {.cost = options_.cost_limit.value_or(UINT64_MAX), .interrupt = &stop_};
}

Value CelSession::value_of(std::string_view name) const {
  auto found = variables_.find(name);
  SW_CHECK(found != variables_.end());
  return found->second.value;
}

Result<std::unique_ptr<CelSession::Run>> CelSession::run(cel::Checked checked, bool counting) {
  auto type = checked.type();
  auto program = SW_TRY(cel::compile(std::move(checked), {.count_cost = counting}));
  auto made = std::make_unique<Run>(Run{std::move(program), cel::Evaluator(limits()), {}, type, {}});
  for (const auto& name : made->program.inputs()) made->inputs.push_back(value_of(name));
  Alarm alarm(options_.time, stop_);
  made->evaluator.begin(made->program, made->inputs);
  made->value = made->evaluator.run(0);
  return made;
}

Result<std::string> CelSession::type(std::string_view source) { return cel::text(SW_TRY(check(source)).type()); }

Result<std::string> CelSession::program(std::string_view source) {
  auto compiled = SW_TRY(cel::compile(SW_TRY(check(source)), {.count_cost = options_.cost_limit.has_value()}));
  return compiled.text();
}

Result<Value> CelSession::evaluate(std::string_view source) {
  last_ = SW_TRY(run(SW_TRY(check(source)), options_.cost_limit.has_value()));
  return last_->value;
}

Result<CelSession::Cost> CelSession::cost(std::string_view source) {
  auto checked = SW_TRY(check(source));
  auto estimate = cel::estimate_cost(checked);
  last_ = SW_TRY(run(std::move(checked), true));
  return Cost{last_->value, last_->evaluator.cost(), estimate};
}

Result<cel::Explanation> CelSession::explain(std::string_view source) {
  explained_ = SW_TRY(check(source));
  std::vector<Value> inputs;
  for (const auto& variable : explained_->environment().variables()) inputs.push_back(value_of(variable.name));
  explainer_ = std::make_unique<cel::Explainer>(limits());
  Alarm alarm(options_.time, stop_);
  auto explanation = explainer_->explain(*explained_, inputs);
  if (explanation.value.is_error() && lacks_place(explanation.value.as_error()))
    explanation.value = SW_TRY(evaluate(source));
  return explanation;
}

std::string undecided_text(std::string_view source, const cel::Failure& failure) {
  auto message = to_utf8(failure.message);
  if (failure.place >= source.size()) return message;
  return cel::with_place(source, failure.place, message);
}

}  // namespace seawall::cli
