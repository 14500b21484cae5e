// Room admission: any objects judged by shipped rules and mended; any rules, bindings and constraints on some objects.
#include <cstdlib>

#include "admission/export.h"
#include "admission/manifest_check.h"
#include "admission/type_check.h"
#include "fuzz.h"

namespace {

using namespace seawall;

rulebook::Rulebook shipped() {
  std::vector<std::string> unknown;
  auto book = rulebook::Rulebook::shipped({"pod-security", "workload", "network", "rbac"}, unknown);
  if (!unknown.empty() || !book.mistakes().empty()) std::abort();
  return book;
}

admission::ManifestCheck check_of(const rulebook::Rulebook& book, std::vector<rulebook::Mistake>& mistakes) {
  admission::BindOptions options{.parameters_of = [](const rulebook::Policy&) { return std::string(); }};
  auto check = admission::ManifestCheck::compile(admission::bind(book, options, mistakes));
  if (!check) std::abort();
  return std::move(*check);
}

void judge_all(admission::ManifestCheck& check, const kube::Manifests& manifests) {
  for (const auto& manifest : manifests.manifests) {
    for (const auto& result : check.check(manifest)) {
      if (result.verdict == model::Verdict::fail && result.findings.empty()) std::abort();
      if (!result.fix.empty() && !kube::patched(manifest.object, result.fix)) std::abort();
    }
  }
}

}  // namespace

SW_FUZZ(judged_manifests,
        "=kind:\\sPod\\nmetadata:\\s{name:\\sa}\\nspec:\\n\\shostPID:\\strue\\n\\scontainers:\\s[{name:\\sb,\\simage:"
        "\\sc,\\s"
        "securityContext:\\s{privileged:\\strue}}] "
        "={\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"Role\",\"rules\":[{\"verbs\":[\"*\"]}]}") {
  if (data.size() > 1 << 14) return;
  static const auto book = shipped();
  std::vector<rulebook::Mistake> mistakes;
  static auto check = check_of(book, mistakes);
  judge_all(check, kube::read_manifests(std::string(data), "a.yaml"));
}

SW_FUZZ(
    bound_rules,
    "=apiVersion:\\sconstraints.gatekeeper.sh/v1beta1\\nkind:\\sK8sAllowedRepos\\nmetadata:\\s{name:\\sa}\\nspec:\\s"
    "{match:\\s{kinds:\\s[{kinds:\\s[Pod]}],\\snamespaces:\\s[\"d*\"]},\\sparameters:\\s{repos:\\s[x]}} "
    "=kind:\\sValidatingAdmissionPolicyBinding\\nmetadata:\\s{name:\\sb}\\nspec:\\s{policyName:\\sa,\\sparamRef:\\s{"
    "name:\\s"
    "c}} "
    "=apiVersion:\\spolicies.kyverno.io/v1\\nkind:\\sValidatingPolicy\\nmetadata:\\s{name:\\sa}\\nspec:\\n\\s"
    "matchConstraints:\\s{resourceRules:\\s[{apiGroups:\\s[\"\"],\\sapiVersions:\\s[v1],\\soperations:\\s[CREATE],\\s"
    "resources:\\s[pods]}]}\\n\\svalidations:\\s[{expression:\\sobject.spec.x==1}]") {
  if (data.size() > 1 << 14) return;
  static const auto objects = kube::read_manifests(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: b, image: c}]}\n---\n"
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: []}}}\n",
      "a.yaml");
  auto book = rulebook::Rulebook::read("rules.yaml", std::string(data));
  std::vector<rulebook::Mistake> mistakes;
  admission::BindOptions options{.parameters_of = [](const rulebook::Policy&) { return std::string(); }};
  auto bound = admission::bind(book, options, mistakes);
  for (const auto& each : bound) {
    (void)admission::native_policy(each.use);
    (void)admission::TypeCheck().check(*each.use.policy);
  }
  auto check = admission::ManifestCheck::compile(std::move(bound));
  if (check) judge_all(*check, objects);
}
