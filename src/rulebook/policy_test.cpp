#include "rulebook/policy.h"

#include <doctest/doctest.h>

using namespace seawall;
using namespace seawall::rulebook;

namespace {

struct Read {
  std::optional<Policy> policy;
  std::vector<std::string> mistakes;
};

Read policy_of(std::string_view text) {
  std::vector<Mistake> mistakes;
  RuleFile file("a.yaml", std::string(text), mistakes);
  Read read;
  for (const auto& document : file.documents()) read.policy = read_policy(file, document, mistakes);
  for (const auto& each : mistakes) read.mistakes.push_back(each.text());
  return read;
}

constexpr std::string_view ours = R"yaml(apiVersion: seawall.dev/v1
kind: Policy
metadata: {name: pod-security/privileged}
spec:
  title: Containers are not privileged
  severity: high
  podSpec: true
  variables:
    - name: bad
      expression: variables.containers.filter(c, c.?securityContext.?privileged.orValue(false))
  validations:
    - expression: variables.bad.size() == 0
      messageExpression: "'privileged: ' + variables.bad.map(c, string(c.name)).join(', ')"
)yaml";

constexpr std::string_view native = R"yaml(apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: replicas}
spec:
  failurePolicy: Ignore
  paramKind: {apiVersion: rules.example.com/v1, kind: ReplicaLimit}
  matchConstraints:
    resourceRules:
      - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
    objectSelector: {matchLabels: {app: web}}
  matchConditions:
    - {name: not-system, expression: "!(request.userInfo.username.startsWith('system:'))"
}
  validations:
    - {expression: "object.spec.replicas <= params.maxReplicas", reason: Forbidden}
  auditAnnotations:
    - {key: replicas, valueExpression: "string(object.spec.replicas)"}
)yaml";

}  // namespace

TEST_CASE("a policy of ours is read and checked") {
  auto read = policy_of(ours);
  CHECK(read.mistakes == std::vector<std::string>{});
  REQUIRE(read.policy);
  CHECK(read.policy->pod_spec);
  CHECK(read.policy->header.severity == model::Severity::high);
  REQUIRE(read.policy->validations.size() == 1);
  CHECK(read.policy->validations[0].expression.checked);
  CHECK(read.policy->validations[0].message_expression.checked);
}

TEST_CASE("a ValidatingAdmissionPolicy is read as it is") {
  auto read = policy_of(native);
  CHECK(read.mistakes == std::vector<std::string>{});
  REQUIRE(read.policy);
  CHECK(read.policy->header.id == "vap/replicas");
  CHECK(read.policy->failure_policy == FailurePolicy::ignore);
  CHECK(read.policy->param_kind == "ReplicaLimit");
  REQUIRE(read.policy->match.rules.size() == 1);
  CHECK(read.policy->match.rules[0].resources == std::vector<std::string>{"deployments"});
  REQUIRE(read.policy->match.objects.requirements.size() == 1);
  CHECK(read.policy->match.objects.requirements[0].values == std::vector<std::string>{"web"});
  CHECK(read.policy->validations[0].reason == "Forbidden");
}

TEST_CASE("mistakes in expressions are told with the place of the expression, and the policy is not given") {
  struct Case {
    std::string_view from, to, place, says;
  };
  constexpr Case cases[] = {
      {"variables.bad.size() == 0", "variables.bad.size()", "a.yaml:12:19", "gives int, not bool"},
      {"variables.bad.size() == 0", "variables.bad[0]", "a.yaml:12:19", "gives dyn, not bool"},
      {"variables.bad.size() == 0", "variables.bad.size() in [0, 1u]", "a.yaml:12:19", "expected type 'int'"},
      {"'privileged: ' + variables.bad.map(c, string(c.name)).join(', ')", "variables.bad[0].name", "a.yaml:13:26",
       "gives dyn, not string"},
      {"variables.bad.size() == 0", "variables.bed.size() == 0", "a.yaml:12:19", "undeclared reference"},
      {"variables.bad.size() == 0", "variables.bad.size( == 0", "a.yaml:12:19", "column"},
      {"podSpec: true", "podSpec: false", "a.yaml:5:3", "neither podSpec nor kinds nor resourceRules"},
      {"severity: high", "severtiy: high", "a.yaml:6:3", "unknown key"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.to);
    std::string text(ours);
    text.replace(text.find(each.from), each.from.size(), each.to);
    auto read = policy_of(text);
    CHECK_FALSE(read.policy);
    std::string all;
    for (const auto& mistake : read.mistakes) all += mistake + "\n";
    CAPTURE(all);
    CHECK(all.find(each.says) != std::string::npos);
    CHECK(all.find(each.place) != std::string::npos);
  }
}
