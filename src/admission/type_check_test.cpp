#include "admission/type_check.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "codec/json.h"
#include "rulebook/rulebook.h"

using namespace seawall;
using namespace seawall::admission;

namespace {

std::optional<rulebook::Policy> policy_of(const std::string& text) {
  std::vector<rulebook::Mistake> mistakes;
  rulebook::RuleFile file("rule.yaml", text, mistakes);
  REQUIRE(file.documents().size() == 1);
  auto policy = rulebook::read_policy(file, file.documents()[0], mistakes);
  for (const auto& each : mistakes) MESSAGE(each.text());
  return policy;
}

// A VAP on what `rules` says ("apps/v1/deployments") that judges by the expression.
rulebook::Policy vap_of(std::string_view rules, std::string_view expression, std::string_view more = {}) {
  std::string text = R"(apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: test}
spec:
)" + std::string(more) +
                     "  matchConstraints:\n    resourceRules:\n";
  for (auto rule : split(rules, ' ')) {
    auto parts = split(rule, '/');
    REQUIRE(parts.size() == 3);
    text += "    - {operations: ['*'], apiGroups: ['" + std::string(parts[0]) + "'], apiVersions: ['" +
            std::string(parts[1]) + "'], resources: ['" + std::string(parts[2]) + "']}\n";
  }
  text += "  validations:\n  - expression: >-\n      " + std::string(expression) + "\n";
  auto policy = policy_of(text);
  REQUIRE(policy);
  return std::move(*policy);
}

std::string all_of(const std::vector<TypeWarning>& warnings) {
  std::string all;
  for (const auto& each : warnings) all += each.field + " " + each.mistake().text() + "\n";
  return all;
}

struct Case {
  std::string_view name, rules, expression;
  std::string_view judged, api_server;  // what the warning says; empty: there is none
};

}  // namespace

TEST_CASE("what an expression can't mean for the kinds that it judges is warned of") {
  constexpr std::string_view none = "", undefined = "undefined field", overload = "no matching overload";
  constexpr Case cases[] = {
      {"a field that is there", "apps/v1/deployments", "object.spec.replicas <= 5", none, none},
      {"a field that is missing", "apps/v1/deployments", "object.replicas > 1", undefined, undefined},
      {"a misspelt field far below", "/v1/pods", "object.spec.containers.all(c, c.securityContxt.privileged)",
       undefined, undefined},
      {"asked for by has()", "/v1/pods", "has(object.spec.hostNetwrok)", undefined, undefined},
      {"asked for as an optional", "/v1/pods", "object.?spec.?hostNetwrok.orValue(false) == true", undefined,
       undefined},
      {"a number is no text", "apps/v1/deployments", "object.spec.replicas == '1'", overload, overload},
      {"a text is no number", "/v1/pods", "object.metadata.name > 1", overload, overload},
      {"labels are texts", "/v1/pods", "object.metadata.labels['app'] == 'a'", none, none},
      {"labels are not numbers", "/v1/pods", "object.metadata.labels['app'] == 1", overload, overload},
      {"a port is a number or a name", "/v1/services", "object.spec.ports.all(p, p.targetPort == 80)", none, none},
      {"a quantity is whatever it is", "/v1/pods",
       "object.spec.containers.all(c, quantity(c.resources.limits['cpu']).isLessThan(quantity('2')))", none, undefined},
      {"records are objects of JSON", "/v1/pods", "object.spec.volumes.all(v, v.all(key, key in ['name', 'emptyDir']))",
       none, "cannot be range"},
      {"an object by index", "/v1/pods", "object['spec'] == null || size(object.metadata) > 0", none, overload},
      {"containers of two types", "/v1/pods",
       "(object.spec.containers + object.spec.ephemeralContainers).all(c, c.name != '')", none, overload},
      {"containers of two lists", "/v1/pods",
       "(object.spec.containers + object.spec.initContainers).all(c, c.name != '')", none, overload},
      {"times are texts in JSON", "/v1/pods", "timestamp(object.metadata.creationTimestamp).getFullYear() > 2020", none,
       none},
      {"a time is not compared as a text", "/v1/pods", "object.metadata.creationTimestamp == 'now'", none, overload},
      {"a time is not read as a time", "/v1/pods", "object.metadata.creationTimestamp.getFullYear() > 2020", overload,
       none},
      {"the content of a secret", "/v1/secrets", "object.data['a'] == 'YQ=='", none, overload},
      {"nothing is known below a free object", "apps/v1/controllerrevisions", "object.data.a.b == 1", none, undefined},
      {"the same old object", "/v1/pods", "oldObject == null || oldObject.spec.nodeNme == ''", undefined, undefined},
      {"the request", "/v1/pods", "request.userInfo.groups.exists(g, g == 'system:masters') && !request.dryRun", none,
       none},
      {"a namespace with a reserved name", "/v1/pods", "object.metadata.namespace == request.namespace", none, none},
      {"labels of the namespace", "/v1/pods", "namespaceObject.metadata.labels['env'] == 'prod'", none, none},
      {"owners of the namespace are not given", "/v1/pods", "size(namespaceObject.metadata.ownerReferences) == 0",
       undefined, undefined},
      {"a kind that is not known", "example.com/v1/gateways", "object.spec.whatever == 1", none, none},
      {"every version", "apps/*/deployments", "object.replicas > 1", undefined, none},
      {"every resource", "*/*/*", "object.replicas > 1", none, none},
      {"a dyn hides it", "apps/v1/deployments", "dyn(object).replicas > 1", none, none},
      {"one of two kinds", "/v1/pods apps/v1/deployments", "object.spec.nodeName == ''", undefined, undefined},
      {"a name with a dash", "apiextensions.k8s.io/v1/customresourcedefinitions",
       "object.spec.versions[0].schema.openAPIV3Schema.x__dash__kubernetes__dash__embedded__dash__resource == true",
       undefined, none},
      {"recursion", "apiextensions.k8s.io/v1/customresourcedefinitions",
       "object.spec.versions[0].schema.openAPIV3Schema.properties['a'].type == 'object'", none, undefined},
  };
  TypeCheck judged, api_server(kube::builtin_schemas(), TypeReading::as_api_server);
  for (const auto& each : cases) {
    CAPTURE(each.name);
    auto policy = vap_of(each.rules, each.expression);
    auto check = [&](TypeCheck& with, std::string_view wanted) {
      auto warnings = with.check(policy);
      CAPTURE(all_of(warnings));
      CHECK(warnings.empty() == wanted.empty());
      if (warnings.empty() || wanted.empty()) return;
      CHECK(warnings[0].field == "spec.validations[0].expression");
      CHECK(warnings[0].reason.find(wanted) != std::string::npos);
      CHECK(warnings[0].where.line > 1);
    };
    check(judged, each.judged);
    check(api_server, each.api_server);
  }
}

TEST_CASE("a warning says for which kinds") {
  TypeCheck check;
  auto warnings =
      check.check(vap_of("/v1/pods apps/v1/deployments apps/v1/statefulsets", "object.spec.nodeName == ''"));
  REQUIRE(warnings.size() == 2);  // a DeploymentSpec is no StatefulSetSpec
  CHECK(warnings[0].kinds == std::vector<std::string>{"apps/v1, Kind=Deployment"});
  CHECK(warnings[1].kinds == std::vector<std::string>{"apps/v1, Kind=StatefulSet"});
  auto same = check.check(vap_of("/v1/pods apps/v1/deployments", "object.metadata.nam == ''"));
  REQUIRE(same.size() == 1);
  CHECK(same[0].kinds == std::vector<std::string>{"v1, Kind=Pod", "apps/v1, Kind=Deployment"});
}

TEST_CASE("where a policy tells kinds apart, a field that one of them has is known") {
  TypeCheck check;
  auto warned = [&](std::string_view expression) {
    return !check.check(vap_of("/v1/pods apps/v1/deployments batch/v1/cronjobs", expression)).empty();
  };
  CHECK(warned("object.spec.hostNetwork == true"));
  CHECK_FALSE(warned("object.kind == 'Pod' ? object.spec.hostNetwork == true : true"));
  CHECK_FALSE(warned("has(object.spec.template) ? object.spec.template.spec.hostNetwork == true : true"));
  CHECK_FALSE(warned("object.spec.?jobTemplate.?spec.?template.?spec.?hostNetwork.orValue(false) == true"));
  CHECK(warned("object.spec.?jobTemplate.?spec.?template.?spec.?hostNetwrok.orValue(false) == true"));
  CHECK(warned("object.kind == 'Pod' ? object.spec.hostNetwrok == true : true"));
  CHECK(warned("object.kind == 'Pod' ? object.metadata.name == 1 : true"));
}

TEST_CASE("variables and parameters have types, too") {
  constexpr std::string_view more = R"(  paramKind: {apiVersion: v1, kind: ConfigMap}
  variables:
    - {name: spec, expression: object.spec.template.spec}
    - {name: containers, expression: variables.spec.containers}
    - {name: wrong, expression: object.spec.templat}
)";
  TypeCheck judged, api_server(kube::builtin_schemas(), TypeReading::as_api_server);
  auto check = [&](std::string_view expression) {
    auto policy = vap_of("apps/v1/deployments", expression, more);
    std::string both;
    for (const auto& each : judged.check(policy)) both += "judged " + each.field + "\n";
    for (const auto& each : api_server.check(policy)) both += "api_server " + each.field + "\n";
    return both;
  };
  const std::string wrong = "judged spec.variables[2].expression\n",
                    there = "api_server spec.variables[2].expression\n";
  CHECK(check("variables.containers.all(c, c.image != '')") == wrong + there);
  CHECK(check("params.data['a'] == 'b' && variables.wrong.x") == wrong + there);
  CHECK(check("params.dat['a'] == 'b'") ==
        wrong + "judged spec.validations[0].expression\n" + there + "api_server spec.validations[0].expression\n");
  // The API server forgets which record a variable is.
  CHECK(check("variables.containers.all(c, c.imag != '')") ==
        wrong + "judged spec.validations[0].expression\n" + there);
  CHECK(check("variables.spec.hostNetwrok == true") == wrong + "judged spec.validations[0].expression\n" + there);
}

TEST_CASE("policies on pods know the pod and its containers") {
  struct PodCase {
    std::string_view expression;
    bool fits;
  };
  constexpr PodCase cases[] = {
      {"variables.containers.all(c, !c.?securityContext.?privileged.orValue(false))", true},
      {"variables.containers.all(c, !c.?securityContext.?priviledged.orValue(false))", false},
      {"variables.containers.all(c, c.?targetContainerName.orValue('') == '')", true},
      {"variables.pod.spec.?hostNetwork.orValue(false) == true", true},
      {"variables.pod.spec.?hostNetwrok.orValue(false) == true", false},
      {"variables.pod.metadata.?annotations[?'a'].orValue('') == ''", true},
      {"variables.pod.status.phase == ''", false},
      {"variables.pod.metadata.name in params.allowed", true},
      {"variables.pod.metadata.name in params.alowed", false},
      {"['allowed', 'other'].all(name, !(name in params) || params[name].size() > 0)", true},
      {"object.kind == 'Pod' || variables.pod.spec.hostPID == true", true},
      {"object.spec.replicas > 1", false},  // not of a Pod
      {"cluster.Service.exists(s, s.spec.type == 'NodePort')", true},
      {"local.Service.exists(s, s.spec.typ == 'NodePort')", false},
      {"cluster.Event.exists(s, s.whatever)", true},  // of two groups
  };
  TypeCheck check;
  for (const auto& each : cases) {
    CAPTURE(each.expression);
    auto policy = policy_of(R"(apiVersion: seawall.dev/v1
kind: Policy
metadata: {name: test/pods}
spec:
  title: A test
  podSpec: true
  data: [Service, Event]
  parameters: {allowed: [a, b]}
  validations:
  - expression: >-
      )" + std::string(each.expression) +
                            "\n");
    REQUIRE(policy);
    auto warnings = check.check(*policy);
    CAPTURE(all_of(warnings));
    CHECK(warnings.empty() == each.fits);
  }
}

TEST_CASE("custom resources are checked as their definitions say") {
  auto definition = codec::parse_json(R"json({"spec": {"group": "example.com", "scope": "Namespaced",
    "names": {"kind": "Gateway", "plural": "gateways"}, "versions": [{"name": "v1", "schema": {"openAPIV3Schema":
      {"type": "object", "properties": {"spec": {"type": "object", "properties": {"port": {"type": "integer"},
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}}}}}]}})json");
  REQUIRE(definition);
  auto schemas = kube::builtin_schemas();
  REQUIRE(schemas.add_custom_resource(definition->root()));
  TypeCheck check(schemas);
  auto warned = [&](std::string_view expression) {
    return !check.check(vap_of("example.com/v1/gateways", expression)).empty();
  };
  CHECK_FALSE(warned("object.spec.port == 80 && object.metadata.name != '' && object.spec.free.a.b == 1"));
  CHECK(warned("object.spec.prot == 80"));
  CHECK(warned("object.spec.port == '80'"));
}

TEST_CASE("the rules that ship have no mistakes of type") {
  auto book = rulebook::Rulebook::load({"rules"});
  REQUIRE(book.policies().size() > 100);
  TypeCheck check;
  for (const auto& policy : book.policies()) {
    auto warnings = check.check(*policy);
    CAPTURE(all_of(warnings));
    CHECK(warnings.empty());
  }
}
