// What a check found, by rule: many objects share few mistakes.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "model/policy_result.h"

namespace seawall::report::detail {

struct FailedObject {
  const model::ObjectResults* object;
  const model::PolicyResult* result;
};

// One rule that fails, or can't be decided, for at least one object.
struct RuleGroup {
  const model::RuleInfo* rule;
  model::Verdict verdict;
  std::vector<FailedObject> failed;  // in the order of the input
};

// The worst first: by severity, what fails before what is undecided, what concerns most objects.
std::vector<RuleGroup> groups_of(const std::vector<model::ObjectResults>&);

struct CheckTotals {
  std::size_t objects = 0, failed = 0, undetermined = 0, passed = 0, exempted = 0, fixable = 0;
  std::array<std::size_t, 6> failed_by_severity{};  // indexed by Severity
};
CheckTotals totals_of(const std::vector<model::ObjectResults>&) noexcept;
// "3 failed (1 critical, 2 low), 0 undecided, 12 passed in 4 objects"
std::string totals_sentence(const CheckTotals&);

// "fail", "undecided": as people read it.
std::string_view word_of(const model::PolicyResult&) noexcept;
// Where the first thing is that decided.
const model::FilePlace& place_of(const FailedObject&) noexcept;
// All messages in one line.
std::string message_of(const model::PolicyResult&);

}  // namespace seawall::report::detail
