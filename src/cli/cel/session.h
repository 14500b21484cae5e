// Expressions run against one input: what `seawall cel` and its REPL do, without a terminal.
//
// The input is the variable `object`; members of a mapping are variables by their own names too, where those are
// identifiers and mean nothing else. The input is dyn to the checker, as an object without a schema is.
// Threads: one, but interrupt() may be called from any thread and from a signal handler.
// Owns: inputs and whatever was given a name, to its own end; other results until the next call.
// Limits: 1,000 names of an input's members, 1,000 values kept; each evaluation as EvaluationLimits and `time`.
// Fails: invalid with every mistake of the expression. An expression that can't be decided is an error *value*.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cel/estimate.h"
#include "cel/evaluate.h"
#include "cel/explain.h"
#include "cli/cel/data.h"

namespace seawall::cli {

struct CelOptions {
  std::optional<unsigned> kubernetes_minor;  // only what that API server offers; else every library
  std::optional<std::uint64_t> cost_limit;
  std::chrono::seconds time{0};  // of one evaluation; 0: no limit
};

struct CelVariable {
  enum class Origin : unsigned char { input, member, stated } origin = Origin::stated;
  cel::Type type;
  cel::Value value;
};

class CelSession {
 public:
  explicit CelSession(const CelOptions& options = {});
  ~CelSession();

  // Replaces the input before.
  Result<> load(Data data);
  Result<> bind(std::string_view name, Data data);
  // Names the value of an expression, unless that is an error.
  Result<cel::Value> let(std::string_view name, std::string_view source);

  Result<std::string> type(std::string_view source);
  Result<std::string> program(std::string_view source);
  Result<cel::Value> evaluate(std::string_view source);
  Result<cel::Explanation> explain(std::string_view source);
  struct Cost {
    cel::Value value;
    std::uint64_t cost = 0;
    cel::CostRange estimate;
  };
  Result<Cost> cost(std::string_view source);

  const std::map<std::string, CelVariable, std::less<>>& variables() const noexcept { return variables_; }
  // Ends what is being evaluated, as undecided.
  void interrupt() noexcept { stop_.store(true, std::memory_order_relaxed); }

 private:
  struct Run;
  std::shared_ptr<const cel::Environment> environment();
  void set(std::string_view name, CelVariable variable);
  Result<> nameable(std::string_view name);
  void bind_members(codec::Value input);
  Result<cel::Checked> check(std::string_view source);
  Result<std::unique_ptr<Run>> run(cel::Checked checked, bool counting);
  cel::EvaluationLimits limits();
  cel::Value value_of(std::string_view name) const;

  CelOptions options_;
  std::atomic<bool> stop_ = false;
  std::map<std::string, CelVariable, std::less<>> variables_;
  std::shared_ptr<const cel::Environment> environment_;  // null where a variable has changed since
  std::deque<codec::Document> documents_;
  std::deque<std::unique_ptr<Run>> kept_;
  std::unique_ptr<Run> last_;
  std::optional<cel::Checked> explained_;
  std::unique_ptr<cel::Explainer> explainer_;
};

// What an undecided result says: line, column, a caret and the reason.
std::string undecided_text(std::string_view source, const cel::Failure& failure);

}  // namespace seawall::cli
