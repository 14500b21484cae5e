// What puts a policy in force: ValidatingAdmissionPolicyBindings, and the constraints of Gatekeeper.
// Threads: values. Fails: never as a whole; mistakes are collected.
#pragma once

#include <optional>
#include <string>

#include "rulebook/match.h"
#include "rulebook/rule_file.h"

namespace seawall::rulebook {

// Which objects are the parameters: one by name, or all that are selected.
struct ParamRef {
  std::string name, in_namespace;
  LabelSelector selector;
  bool deny_without = true;  // parameterNotFoundAction: Deny
};

struct PolicyBinding {
  RulePlace where;
  std::string name;
  std::string policy_id;        // of a binding: "vap/<name>"
  std::string constraint_kind;  // of a constraint: its kind
  std::optional<ParamRef> parameters_of;
  std::string parameters;                     // of a constraint: JSON
  std::optional<MatchConstraints> resources;  // of a binding
  std::optional<ConstraintMatch> constraint;  // of a constraint
};

// Of kind ValidatingAdmissionPolicyBinding.
PolicyBinding read_binding(RuleFile& file, const codec::PlacedDocument& document);
// Of an API group of Gatekeeper's constraints.
PolicyBinding read_constraint(RuleFile& file, const codec::PlacedDocument& document);

}  // namespace seawall::rulebook
