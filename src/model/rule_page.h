// A rule for people to read: what it is about, what it looks at, what to do.
// Threads: values.
#pragma once

#include <string>
#include <vector>

#include "model/policy_result.h"

namespace seawall::model {

struct RulePage {
  struct Named {
    std::string name, text;
  };
  struct Check {
    std::string expression, message, versions;  // versions of Kubernetes, empty: all
  };

  RuleInfo rule;
  std::vector<std::string> sets;
  std::vector<std::string> judges;  // "everything that makes pods", "Service", "pods/exec of CONNECT"
  std::vector<std::string> reads;   // kinds of other objects that it looks at
  std::vector<Named> parameters;    // with their defaults as JSON
  std::vector<Named> conditions;    // that must hold for an object to be judged
  std::vector<Named> variables;
  std::vector<Check> checks;
  std::vector<std::string> fixes;  // "set containers[*].securityContext.privileged to false"
  bool mutates = false;            // an admission controller may make them
  std::vector<Named> cases;        // of its tests: the name, and the verdict that is expected
  std::string file;                // "workload.yaml:3:18"
};

}  // namespace seawall::model
