// Where the pods of a workload are described, and the containers of them: a rule on pods is written once and judges
// every kind that makes pods.
// Threads: finished PodTemplates may be asked from any thread.
// Limits: none beyond those of the document. Fails: invalid (a name that is no `kind=path`).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/value.h"
#include "kube/field_path.h"

namespace seawall::kube {

// Metadata and specification of the pods that an object makes; of a Pod its own. Empty values where they are missing.
struct PodTemplate {
  std::string path;  // "spec.template"; empty for a Pod
  codec::Value metadata, spec;

  std::string spec_path() const { return path.empty() ? "spec" : path + ".spec"; }
};

class PodTemplates {
 public:
  // Knows Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, PodTemplate and
  // OpenShift's DeploymentConfig.
  PodTemplates();
  // A kind of the user's: "Rollout=spec.template" in every API group, "argoproj.io/Rollout=spec.template" in one.
  Result<> add(std::string_view kind_and_path);
  // Nothing where objects of that kind make no pods that we know of.
  std::optional<PodTemplate> of(codec::Value object) const;
  std::optional<PodTemplate> of(codec::Value object, std::string_view api_version, std::string_view kind) const;

 private:
  struct Entry {
    std::optional<std::string> group;  // nothing: any
    std::string kind;
    FieldPath path;
  };
  std::vector<Entry> entries_;  // the user's last
};

// "apps" of "apps/v1"; empty for "v1".
std::string_view api_group(std::string_view api_version) noexcept;

enum class ContainerKind : unsigned char { init, main, ephemeral };
struct Container {
  ContainerKind kind;
  codec::Value value;
  std::string path;  // from the object: "spec.template.spec.containers[1]"
};
// In Kubernetes' order: init, main, ephemeral.
std::vector<Container> containers_of(const PodTemplate&);

}  // namespace seawall::kube
