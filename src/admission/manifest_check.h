// Manifests judged by policies, before anything is sent to a cluster.
// Threads: a ManifestCheck belongs to one thread, check_all uses more of its own; policies may be shared. Owns: its
// program and policies; results refer to them and to the manifest given. Related objects are borrowed. Fails: as
// rulebook::PolicyProgram::compile.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "admission/bound_policy.h"
#include "admission/cluster_data.h"
#include "admission/match.h"
#include "kube/manifest.h"
#include "kube/patch.h"
#include "rulebook/policy_program.h"

namespace seawall::admission {

struct FieldFinding {
  std::string message;
  bool undetermined = false;
  std::vector<std::string> paths;  // from the object: "spec.template.spec.containers[0].image"
  kube::SourcePlace where;         // of the first path, as near as it is written
};

struct CheckResult {
  const BoundPolicy* bound;
  rulebook::Verdict verdict;
  std::vector<FieldFinding> findings;
  kube::Patch fix;  // of a rule that fails; empty where none is known
};

// Whether results tell of policies that do not apply to the object, too.
enum class Listed : unsigned char { all, applicable };

struct CheckOptions {
  std::string namespace_of_none = "default";  // where an object states no namespace
  const kube::Schemas* schemas = nullptr;     // with custom resources; none: builtin_schemas(). Must outlive the check
  kube::PodTemplates templates = {};
  Listed listed = Listed::all;
};

class ManifestCheck {
 public:
  ManifestCheck(ManifestCheck&&) noexcept;
  ~ManifestCheck();
  static Result<ManifestCheck> compile(std::vector<BoundPolicy> policies, CheckOptions options = {});
  // Objects that the others are judged beside: cluster.<Kind>, local.<Kind>, namespaceObject. Before the first check.
  void add_related(const kube::Manifest& manifest);
  void forget_related();
  // Where the object stands; empty outside of namespaces.
  std::string namespace_of(const kube::Manifest& manifest) const;
  const std::vector<BoundPolicy>& policies() const noexcept;
  // Of every policy, in their order; of those that do not concern the object not_applicable.
  std::vector<CheckResult> check(const kube::Manifest& manifest, rulebook::Reasons reasons = rulebook::Reasons::told);
  // The same of many, by up to `workers` threads: each takes the results of one object after the other, in any order.
  // Where reasons are left out results have neither findings nor a fix.
  using Take = std::function<void(std::size_t manifest, std::vector<CheckResult>)>;
  void check_all(std::span<const kube::Manifest> manifests, unsigned workers, const Take& take,
                 rulebook::Reasons reasons = rulebook::Reasons::told) const;

 private:
  struct Shared;  // by all threads
  struct Worker;  // one thread's
  explicit ManifestCheck(std::unique_ptr<const Shared> shared);
  const kube::Schemas& schemas() const;
  std::vector<CheckResult> check(const kube::Manifest& manifest, Worker& worker, rulebook::Reasons reasons) const;

  std::unique_ptr<const Shared> shared_;
  std::unique_ptr<Worker> worker_;
  ClusterData related_;
  std::vector<codec::Document> kept_;  // of related objects
};

}  // namespace seawall::admission
