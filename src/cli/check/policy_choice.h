// Which policies `--policy` and its companions mean, with their parameters and versions.
#pragma once

#include <string>
#include <vector>

#include "admission/manifest_check.h"
#include "base/options.h"
#include "rulebook/rulebook.h"

namespace seawall::cli {

struct PolicyChoice {
  std::vector<admission::BoundPolicy> policies;
  std::vector<rulebook::Mistake> mistakes;
  std::vector<rulebook::Rulebook::PolicyPointer> from_files;  // those of `policies` that are not shipped
};

// Fails: invalid (a name that is neither file nor rule, parameters that can't be read, a version that is none).
// Without names the default set. The options are those of policy_options().
Result<PolicyChoice> choose_policies(const std::vector<std::string>& names, const Settings& settings);

// That nothing goes by this name, and what was perhaps meant.
std::string unknown_rule(std::string_view name, const std::vector<std::string_view>& known);

// --params and the versions.
std::vector<Option> policy_options();

}  // namespace seawall::cli
