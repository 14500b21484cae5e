// What `seawall check` found, as the words that reports are written from.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "admission/manifest_check.h"
#include "model/policy_result.h"

namespace seawall::cli {

class CheckResults {
 public:
  // With the results that do not apply only if asked for.
  void add(const kube::Manifest& manifest, std::string in_namespace, std::vector<admission::CheckResult> results,
           bool all);
  const std::vector<model::ObjectResults>& objects() const noexcept { return objects_; }
  std::vector<model::ObjectResults>& objects() noexcept { return objects_; }

 private:
  const model::RuleInfo* info_of(const rulebook::Policy& policy);

  std::map<const rulebook::Policy*, std::unique_ptr<model::RuleInfo>> rules_;
  std::vector<model::ObjectResults> objects_;
};

}  // namespace seawall::cli
