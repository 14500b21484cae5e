#include "kube/pod_spec.h"

#include <doctest/doctest.h>

#include "codec/yaml.h"

namespace seawall::kube {
namespace {

// {containers: [{name: main}]} at a path of names.
std::string with_pod_at(const std::string& head, const std::vector<std::string>& path) {
  std::string open = head, close;
  for (const auto& name : path) {
    open += ", " + name + ": {x: 1";
    close += "}";
  }
  return "{" + open + ", metadata: {labels: {a: b}}, spec: {containers: [{name: main}]}" + close + "}";
}

TEST_CASE("workloads have their pods where Kubernetes has them") {
  struct Case {
    std::string head;
    std::vector<std::string> path;
    std::string_view template_path;
  };
  const Case cases[] = {
      {"apiVersion: v1, kind: Pod", {}, ""},
      {"apiVersion: v1, kind: PodTemplate", {"template"}, "template"},
      {"apiVersion: v1, kind: ReplicationController", {"spec", "template"}, "spec.template"},
      {"apiVersion: apps/v1, kind: Deployment", {"spec", "template"}, "spec.template"},
      {"apiVersion: extensions/v1beta1, kind: Deployment", {"spec", "template"}, "spec.template"},
      {"apiVersion: apps/v1, kind: StatefulSet", {"spec", "template"}, "spec.template"},
      {"apiVersion: apps/v1, kind: DaemonSet", {"spec", "template"}, "spec.template"},
      {"apiVersion: apps/v1, kind: ReplicaSet", {"spec", "template"}, "spec.template"},
      {"apiVersion: batch/v1, kind: Job", {"spec", "template"}, "spec.template"},
      {"apiVersion: batch/v1beta1, kind: CronJob",
       {"spec", "jobTemplate", "spec", "template"},
       "spec.jobTemplate.spec.template"},
  };
  PodTemplates templates;
  for (const auto& c : cases) {
    CAPTURE(c.head);
    auto document = codec::parse_yaml(with_pod_at(c.head, c.path));
    REQUIRE(document);
    auto pod = templates.of(document->root());
    REQUIRE(pod);
    CHECK(pod->path == c.template_path);
    CHECK(pod->metadata.path("labels", "a").text() == "b");
    auto containers = containers_of(*pod);
    REQUIRE(containers.size() == 1);
    auto spec_path = c.template_path.empty() ? "spec" : std::string(c.template_path) + ".spec";
    CHECK(containers[0].path == spec_path + ".containers[0]");
    CHECK(find(document->root(), *FieldPath::parse(containers[0].path)).node() == containers[0].value.node());
  }
}

TEST_CASE("kinds of others make no pods unless the user says so") {
  auto document =
      codec::parse_yaml(with_pod_at("apiVersion: argoproj.io/v1alpha1, kind: Rollout", {"spec", "template"}));
  REQUIRE(document);
  PodTemplates templates;
  CHECK_FALSE(templates.of(document->root()));
  REQUIRE(templates.add("other.io/Rollout=spec.template"));
  CHECK_FALSE(templates.of(document->root()));
  REQUIRE(templates.add("Rollout=spec.template"));
  CHECK(containers_of(*templates.of(document->root())).size() == 1);
  REQUIRE(templates.add("argoproj.io/Rollout=spec.other"));
  CHECK(containers_of(*templates.of(document->root())).empty());
  auto volcano = codec::parse_yaml("{apiVersion: batch.volcano.sh/v1alpha1, kind: Job}");
  CHECK_FALSE(templates.of(volcano->root()));
  for (std::string_view bad : {"", "Rollout", "=spec", "a/=spec", "Rollout=spec..x"}) {
    CAPTURE(bad);
    CHECK_FALSE(templates.add(bad));
  }
}

TEST_CASE("all containers are given, each with its path") {
  auto document = codec::parse_yaml(
      "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a}, {name: b}], initContainers: [{name: i}],"
      " ephemeralContainers: [{name: e}]}}");
  REQUIRE(document);
  std::string seen;
  for (const auto& c : containers_of(*PodTemplates().of(document->root())))
    seen += c.path + "=" + std::string(c.value.text_or("name")) + " ";
  CHECK(seen == "spec.initContainers[0]=i spec.containers[0]=a spec.containers[1]=b spec.ephemeralContainers[0]=e ");
}

TEST_CASE("what is missing or of another shape gives no containers") {
  for (std::string_view text : {"{apiVersion: v1, kind: Pod}", "{apiVersion: apps/v1, kind: Deployment, spec: x}",
                                "{apiVersion: v1, kind: Pod, spec: {containers: {a: b}}}"}) {
    CAPTURE(text);
    auto document = codec::parse_yaml(text);
    auto pod = PodTemplates().of(document->root());
    REQUIRE(pod);
    CHECK(containers_of(*pod).empty());
  }
  CHECK_FALSE(PodTemplates().of(codec::parse_yaml("[1]")->root()));
}

}  // namespace
}  // namespace seawall::kube
