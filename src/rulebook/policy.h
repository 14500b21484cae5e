// Policies: ValidatingAdmissionPolicy (admissionregistration.k8s.io/v1) and our superset of it, `kind: Policy`
// (docs/decisions/0006): what they match and the expressions they judge by, read and type-checked.
//
// Expressions are checked in the environment of Kubernetes' admission policies: object, oldObject, request, params,
// namespaceObject, authorizer, variables.<name>; with podSpec also variables.pod and variables.containers; with data
// also cluster.<Kind> and local.<Kind>.
// Threads: values. Fails: never as a whole; what is wrong is added to the mistakes, and a policy with a mistake in an
// expression is not given.
#pragma once

#include <climits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cel/check.h"
#include "rulebook/match.h"
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

// Minor versions of Kubernetes 1.x: from <= x < below.
struct VersionRange {
  unsigned from = 0, below = UINT_MAX;

  bool contains(unsigned minor) const noexcept { return from <= minor && minor < below; }
};
// ">=1.8 <1.22", ">=1.25", "<1.19"; nothing where it is none.
std::optional<VersionRange> version_range(std::string_view text);
// The minor version in "v1.25", "1.25", "1.25.3", "latest" (the newest there is).
std::optional<unsigned> kubernetes_minor(std::string_view text);
constexpr unsigned newest_minor = UINT_MAX - 1;

struct Validation {
  VersionRange versions;
  CheckedExpression expression;
  std::string message;
  CheckedExpression message_expression;  // empty where there is none
  std::string reason = "Invalid";
};

// A change that mends what the rule finds. Paths count from the pod's spec with podSpec, else from the object; "[*]" is
// each element that a failure names.
struct Fix {
  enum class Action : unsigned char { set, append, remove };
  Action action = Action::set;
  std::string path;
  std::string value;  // JSON; empty for remove
};

enum class FailurePolicy : unsigned char { fail, ignore };

struct Policy {
  RuleHeader header;
  bool native = false;  // a ValidatingAdmissionPolicy: its id is "vap/<name>"
  // Of a Kyverno policy on pods: the resources whose templates it judges in the place of pods, `object` being the
  // template there; none named: of all. Nothing: it judges what it matches.
  std::optional<std::vector<std::string>> template_resources;
  bool pod_spec = false;           // concerns every kind that makes pods
  std::vector<std::string> kinds;  // "Service", "networking.k8s.io/Ingress", "*"; beside `match`
  std::vector<std::string> data;   // kinds read as cluster.<Kind> and local.<Kind>
  std::string parameters = "{}";   // JSON: defaults of `params`; native policies have none
  std::vector<Fix> fixes;
  bool mutation = false;  // an admission controller may make the fixes
  MatchConstraints match;
  std::string param_api_version, param_kind;  // empty: no parameters
  FailurePolicy failure_policy = FailurePolicy::fail;
  std::vector<NamedExpression> match_conditions, variables, audit_annotations;
  std::vector<Validation> validations;
};

// What expressions know of the type of a variable, given that of its expression: the API server keeps plain types, and
// lists and maps of them.
cel::Type type_of_variable(cel::Types& types, cel::Type of_expression);

// What the ids of policies of this document's kind begin with, where it is one of somebody else's: "vap/", "kyverno/".
std::string_view set_of_foreign(codec::Value document);
RuleHeader read_foreign_header(std::string_view set, Fields& metadata);

// The policy in a document whose `kind` is Policy, ValidatingAdmissionPolicy, or Kyverno's ValidatingPolicy.
std::optional<Policy> read_policy(RuleFile& file, const codec::PlacedDocument& document,
                                  std::vector<Mistake>& mistakes);

}  // namespace seawall::rulebook
