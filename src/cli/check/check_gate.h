// `--fail-on` of a check: the words that scan knows ("high", "critical,high+fixable"), or an expression in CEL on one
// result: severity >= high && kind == 'Pod'.
//
// The expression sees severity (compared with low, medium, high, critical), rule, verdict, kind, name, object (with
// apiVersion, kind, namespace, name), file, fixable, frameworks.
// Threads: one. Fails: invalid; unsupported where the expression errs on a result.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/gate.h"
#include "model/policy_result.h"

namespace seawall::cli {

class CheckGate {
 public:
  static Result<CheckGate> parse(const std::vector<std::string>& conditions);
  CheckGate();  // stops nothing
  CheckGate(CheckGate&&) noexcept;
  CheckGate& operator=(CheckGate&&) noexcept;
  ~CheckGate();

  // Whether it depends on what can be mended.
  bool asks_for_fixes() const noexcept { return asks_for_fixes_; }
  // Whether any result that counts fulfils any of the conditions.
  Result<bool> stops(const std::vector<model::ObjectResults>&);

 private:
  class Expression;
  static Result<CheckGate> parse_each(const std::vector<std::string>& conditions);
  Result<bool> stopped_by(const model::ObjectResults&, const model::PolicyResult&);

  std::vector<model::Gate> words_;
  std::vector<std::unique_ptr<Expression>> expressions_;
  bool asks_for_fixes_ = false;
};

}  // namespace seawall::cli
