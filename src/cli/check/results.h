// What `seawall check` found, as the words that reports are written from.
#pragma once

#include <map>
#include <vector>

#include "admission/manifest_check.h"
#include "model/policy_result.h"

namespace seawall::cli {

model::RuleInfo info_of(const rulebook::RuleHeader& header);

// What all results of a rule have in common, told once. Results refer to it.
class RuleInfos {
 public:
  explicit RuleInfos(const std::vector<admission::BoundPolicy>& policies);
  const model::RuleInfo* of(const rulebook::Policy& policy) const { return &rules_.at(&policy); }

 private:
  std::map<const rulebook::Policy*, model::RuleInfo> rules_;
};

// An object with its results, the worst first, and the fix of each in the same order.
struct JudgedObject {
  model::ObjectResults words;
  std::vector<kube::Patch> fixes;
};

enum class NotApplicable : bool { left_out, kept };
JudgedObject judged_object(const RuleInfos& rules, model::ObjectRef object, const kube::Manifest& manifest,
                           std::vector<admission::CheckResult> results, NotApplicable not_applicable);

}  // namespace seawall::cli
