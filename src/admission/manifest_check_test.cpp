#include "admission/manifest_check.h"

#include <doctest/doctest.h>

#include "codec/json.h"

using namespace seawall;
using namespace seawall::admission;

namespace {

std::shared_ptr<const rulebook::Policy> policy_of(std::string_view text) {
  std::vector<rulebook::Mistake> mistakes;
  rulebook::RuleFile file("rule.yaml", std::string(text), mistakes);
  REQUIRE(file.documents().size() == 1);
  auto policy = rulebook::read_policy(file, file.documents()[0], mistakes);
  REQUIRE(policy);
  return std::make_shared<const rulebook::Policy>(std::move(*policy));
}

constexpr std::string_view privileged = R"yaml(
apiVersion: seawall.dev/v1
kind: Policy
metadata: {name: test/privileged}
spec:
  title: Containers are not privileged
  podSpec: true
  validations:
    - expression: variables.containers.all(c, !c.?securityContext.?privileged.orValue(false))
      message: privileged
)yaml";

constexpr std::string_view replicas = R"yaml(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: replicas}
spec:
  matchConstraints:
    resourceRules:
      - {apiGroups: [apps], apiVersions: ["*"], operations: [CREATE], resources: [deployments]}
  validations: [{expression: "object.spec.replicas <= 5"}]
)yaml";

constexpr std::string_view deployment = R"yaml(apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 9
  template:
    spec:
      initContainers:
        - name: setup
          securityContext:
            privileged: true
      containers:
        - name: app
)yaml";

}  // namespace

TEST_CASE("a rule on pods judges the template of a workload and names the field in the file") {
  auto read = kube::read_manifests(std::string(deployment), "app.yaml");
  REQUIRE(read.manifests.size() == 1);
  auto check =
      ManifestCheck::compile({{.use = {.policy = policy_of(privileged)}}, {.use = {.policy = policy_of(replicas)}}});
  REQUIRE(check);
  auto results = check->check(read.manifests[0]);
  REQUIRE(results.size() == 2);
  CHECK(results[0].verdict == rulebook::Verdict::fail);
  REQUIRE(results[0].findings.size() == 1);
  const auto& finding = results[0].findings[0];
  CHECK(finding.paths == std::vector<std::string>{"spec.template.spec.initContainers[0].securityContext.privileged"});
  CHECK(finding.where.text() == "app.yaml:11:13");
  CHECK(results[1].verdict == rulebook::Verdict::fail);
  CHECK(results[1].findings[0].paths == std::vector<std::string>{"spec.replicas"});
  CHECK(results[1].findings[0].where.line == 5);
}

TEST_CASE("policies concern what their rules and selectors say") {
  auto object = codec::parse_json(R"({"metadata": {"name": "a", "labels": {"app": "web"}}})");
  REQUIRE(object);
  kube::PodTemplates templates;
  auto request = creation_of(object->root(), "networking.k8s.io/v1", "NetworkPolicy", "shop");
  CHECK(request.resource == "networkpolicies");
  CHECK(creation_of(object->root(), "v1", "Ingress", "").resource == "ingresses");
  CHECK(creation_of(object->root(), "v1", "Endpoints", "").resource == "endpoints");

  CHECK(creation_of(object->root(), "networking.k8s.io/v1", "IPAddress", "").resource == "ipaddresses");
  CHECK(creation_of(object->root(), "extensions/v1beta1", "Ingress", "").resource == "ingresses");
  CHECK(creation_of(object->root(), "example.com/v1", "Policy", "").resource == "policies");
  const auto& schemas = kube::builtin_schemas();
  CHECK(is_cluster_scoped(schemas, "storage.k8s.io/v1beta1", "StorageClass"));
  CHECK_FALSE(is_cluster_scoped(schemas, "storage.k8s.io/v1", "CSIStorageCapacity"));
  CHECK(is_cluster_scoped(schemas, "kyverno.io/v1", "ClusterPolicy"));

  rulebook::Policy policy;
  policy.match.rules = {{.api_groups = {"networking.k8s.io"},
                         .api_versions = {"*"},
                         .operations = {"CREATE"},
                         .resources = {"networkpolicies"},
                         .resource_names = {}}};
  auto concerned = [&] { return concerns(policy, request, templates); };
  CHECK(concerned());
  policy.match.objects.requirements = {{"app", "In", {"web"}}};
  CHECK(concerned());
  policy.match.objects.requirements = {{"app", "NotIn", {"web"}}};
  CHECK_FALSE(concerned());
  policy.match.objects.requirements.clear();
  policy.match.namespaces.requirements = {{"kubernetes.io/metadata.name", "NotIn", {"kube-system"}}};
  CHECK(concerned());
  policy.match.namespaces.requirements = {{"kubernetes.io/metadata.name", "In", {"kube-system"}}};
  CHECK_FALSE(concerned());
  policy.match.namespaces.requirements.clear();
  policy.match.rules[0].resources = {"*/*"};
  CHECK(concerned());
  policy.match.rules[0].resources = {"networkpolicies/status"};
  CHECK_FALSE(concerned());
  policy.match.rules[0].resources = {"*"};
  policy.match.exclude_rules = policy.match.rules;
  CHECK_FALSE(concerned());
}

TEST_CASE("many objects by several threads are judged as one after the other") {
  std::vector<BoundPolicy> policies;
  for (auto text : {privileged, replicas}) policies.push_back({.use = {.policy = policy_of(text), .parameters = {}}});
  auto check = ManifestCheck::compile(std::move(policies));
  REQUIRE(check);
  std::string text;
  constexpr std::size_t count = 200;
  for (std::size_t i = 0; i < count; ++i) {
    auto each = std::string(deployment);
    if (i % 2 == 0) each.replace(each.find("true"), 4, "false");
    if (i % 3 == 0) each.replace(each.find("replicas: 9"), 11, "replicas: 3");
    text += "---\n" + each;
  }
  auto manifests = kube::read_manifests(text, "app.yaml", {.workers = 3});
  REQUIRE(manifests.manifests.size() == count);
  using Told = std::vector<std::pair<rulebook::Verdict, std::string>>;
  auto told = [](const std::vector<CheckResult>& results) {
    Told out;
    for (const auto& result : results)
      out.emplace_back(result.verdict, result.findings.empty() ? "" : result.findings.front().where.text());
    return out;
  };
  std::vector<Told> together(count);
  check->check_all(manifests.manifests, 3, [&](std::size_t i, const std::vector<CheckResult>& results) {
    CHECK(together[i].empty());
    together[i] = told(results);
  });
  for (std::size_t i = 0; i < count; ++i) CHECK(together[i] == told(check->check(manifests.manifests[i])));
  CHECK(together[1][0].first == rulebook::Verdict::fail);
  CHECK(together[6][0].first == rulebook::Verdict::pass);
}

TEST_CASE("objects that are forgotten are no data any more") {
  constexpr std::string_view lonely = R"yaml(
apiVersion: seawall.dev/v1
kind: Policy
metadata: {name: test/lonely}
spec: {title: alone, kinds: [Pod], data: [Pod], validations: [{expression: local.Pod.size() == 1}]}
)yaml";
  std::vector<BoundPolicy> policies;
  policies.push_back({.use = {.policy = policy_of(lonely), .parameters = {}}});
  auto check = ManifestCheck::compile(std::move(policies));
  REQUIRE(check);
  auto manifests = kube::read_manifests("{apiVersion: v1, kind: Pod, metadata: {name: a}}", "a.yaml").manifests;
  for (int round = 0; round < 2; ++round) {
    check->forget_related();
    check->add_related(manifests.front());
    CHECK(check->check(manifests.front()).front().verdict == rulebook::Verdict::pass);
  }
  check->forget_related();
  CHECK(check->check(manifests.front()).front().verdict == rulebook::Verdict::fail);
}
