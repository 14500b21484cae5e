// The JSON of a check back as results: for the audit of exceptions.
// Threads: pure. Limits: those of the parsed document. Fails: invalid (no such array).
#pragma once

#include <memory>
#include <vector>

#include "codec/value.h"
#include "model/policy_result.h"

namespace seawall::report {

// Results refer to the rules. What was exempted is not: it is to be judged again.
struct CheckRead {
  std::vector<model::ObjectResults> objects;
  std::vector<std::unique_ptr<const model::RuleInfo>> rules;
};

Result<CheckRead> check_from(codec::Value root);

}  // namespace seawall::report
