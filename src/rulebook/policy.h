// Policies: ValidatingAdmissionPolicy (admissionregistration.k8s.io/v1) and our superset of it, `kind: Policy`
// (docs/decisions/0006): what they match and the expressions they judge by, read and type-checked.
//
// Expressions are checked in the environment of Kubernetes' admission policies: object, oldObject, request, params,
// namespaceObject, authorizer, variables.<name>; with podSpec also variables.pod and variables.containers; with data
// also cluster.<Kind>.
// Threads: values. Fails: never as a whole; what is wrong is added to the mistakes, and a policy with a mistake in an
// expression is not given.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cel/check.h"
#include "rulebook/rule_file.h"

namespace seawall::rulebook {

struct CheckedExpression {
  Expression source;
  std::shared_ptr<const cel::Checked> checked;
};

struct NamedExpression {
  std::string name;
  CheckedExpression expression;
};

struct ResourceRule {
  // "*" is any; resources are "pods", "pods/exec", "*", "*/*", "pods/*".
  std::vector<std::string> api_groups, api_versions, operations, resources, resource_names;
  std::string scope = "*";  // Cluster, Namespaced
};

struct LabelRequirement {
  std::string key, op;  // In, NotIn, Exists, DoesNotExist
  std::vector<std::string> values;
};
struct LabelSelector {
  std::vector<LabelRequirement> requirements;  // matchLabels too, as In; none: everything
};

struct MatchConstraints {
  std::vector<ResourceRule> rules, exclude_rules;
  LabelSelector namespaces, objects;
  bool exact = false;  // matchPolicy: Exact
};

struct Validation {
  CheckedExpression expression;
  std::string message;
  CheckedExpression message_expression;  // empty where there is none
  std::string reason = "Invalid";
};

enum class FailurePolicy : unsigned char { fail, ignore };

struct Policy {
  RuleHeader header;
  bool native = false;            // a ValidatingAdmissionPolicy: its id is "vap/<name>"
  bool pod_spec = false;          // concerns every kind that makes pods
  std::vector<std::string> data;  // kinds read as cluster.<Kind>
  MatchConstraints match;
  std::string param_api_version, param_kind;  // empty: no parameters
  FailurePolicy failure_policy = FailurePolicy::fail;
  std::vector<NamedExpression> match_conditions, variables, audit_annotations;
  std::vector<Validation> validations;
};

// The policy in a document whose `kind` is Policy or ValidatingAdmissionPolicy.
std::optional<Policy> read_policy(RuleFile& file, const codec::PlacedDocument& document,
                                  std::vector<Mistake>& mistakes);

}  // namespace seawall::rulebook
