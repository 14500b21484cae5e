#include "kube/pod_spec.h"

#include "base/text.h"

namespace seawall::kube {

PodTemplates::PodTemplates() {
  struct Known {
    std::string_view group, kind, path;
  };
  // "extensions" held the workloads before Kubernetes 1.16; manifests with it are still about.
  constexpr Known known[] = {
      {"", "Pod", ""},
      {"", "PodTemplate", "template"},
      {"", "ReplicationController", "spec.template"},
      {"apps", "DaemonSet", "spec.template"},
      {"apps", "Deployment", "spec.template"},
      {"apps", "ReplicaSet", "spec.template"},
      {"apps", "StatefulSet", "spec.template"},
      {"apps.openshift.io", "DeploymentConfig", "spec.template"},
      {"batch", "CronJob", "spec.jobTemplate.spec.template"},
      {"batch", "Job", "spec.template"},
      {"extensions", "DaemonSet", "spec.template"},
      {"extensions", "Deployment", "spec.template"},
      {"extensions", "ReplicaSet", "spec.template"},
  };
  for (const auto& k : known) {
    auto path = FieldPath::parse(k.path);
    SW_CHECK(path.has_value());
    entries_.push_back({std::string(k.group), std::string(k.kind), std::move(*path)});
  }
}

Result<> PodTemplates::add(std::string_view kind_and_path) {
  auto halves = cut(kind_and_path, "=");
  if (!halves || halves->left.empty()) return fail(Code::invalid, "kind=path expected, as Rollout=spec.template");
  auto path = SW_TRY(in(kind_and_path, FieldPath::parse(halves->right)));
  std::optional<std::string> group;
  auto kind = halves->left;
  if (auto named = cut(kind, "/")) {
    group = std::string(named->left);
    kind = named->right;
  }
  if (kind.empty()) return fail(Code::invalid, std::string(kind_and_path) + ": a kind expected");
  entries_.push_back({std::move(group), std::string(kind), std::move(path)});
  return {};
}

std::optional<PodTemplate> PodTemplates::of(codec::Value object) const {
  return of(object, object.text_or("apiVersion"), object.text_or("kind"));
}

std::optional<PodTemplate> PodTemplates::of(codec::Value object, std::string_view api_version,
                                            std::string_view kind) const {
  auto group = api_group(api_version);
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    // "v1, Kind=Deployment" is a common slip for "apps/v1".
    bool same_group = !entry->group || *entry->group == group || group.empty();
    if (entry->kind != kind || !same_group) continue;
    auto value = find(object, entry->path);
    return PodTemplate{.path = entry->path.text(), .metadata = value["metadata"], .spec = value["spec"]};
  }
  return std::nullopt;
}

std::string_view api_group(std::string_view api_version) noexcept {
  auto slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

std::vector<Container> containers_of(const PodTemplate& pod) {
  struct List {
    std::string_view name;
    ContainerKind kind;
  };
  constexpr List lists[] = {{"initContainers", ContainerKind::init},
                            {"containers", ContainerKind::main},
                            {"ephemeralContainers", ContainerKind::ephemeral}};
  std::vector<Container> out;
  for (const auto& list : lists) {
    auto prefix = pod.spec_path() + "." + std::string(list.name) + "[";
    std::size_t index = 0;
    for (auto value : pod.spec[list.name].items())
      out.push_back({list.kind, value, prefix + std::to_string(index++) + "]"});
  }
  return out;
}

}  // namespace seawall::kube
