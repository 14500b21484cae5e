// Runs the test cases that stand beside rules (kind RuleTest, docs/rules.md).
// Threads: one call, one thread. Limits: those of rule files and manifests. Fails: never as a whole; mistakes in files
// are listed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rulebook/rule_file.h"

namespace seawall::admission {

struct RuleTestFailure {
  rulebook::RulePlace where;
  std::string rule, name, what;
};

struct RuleTestReport {
  std::size_t rules = 0, passed = 0;
  std::vector<RuleTestFailure> failed;
  // Mistakes in rules and tests; rules without a passing or a failing case are among them.
  std::vector<rulebook::Mistake> mistakes;
  // What expressions can't mean for objects of the kinds that their rules judge (admission/type_check.h).
  std::vector<rulebook::Mistake> warnings;
};

// Of all rules and tests in these files and folders. Of a rule on pods each case that gives a pod is judged as the
// template of a Deployment and a CronJob, too; where the rule has a fix, failing cases are mended and judged again.
RuleTestReport test_rules(const std::vector<std::string>& paths);

}  // namespace seawall::admission
