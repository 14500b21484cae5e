// Manifests judged by policies, before anything is sent to a cluster.
// Threads: a ManifestCheck belongs to one thread; policies may be shared. Owns: its program; results refer to the
// policies and the manifest given. Fails: as rulebook::PolicyProgram::compile.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "admission/match.h"
#include "kube/manifest.h"
#include "rulebook/policy_program.h"

namespace seawall::admission {

struct FieldFinding {
  std::string message;
  bool undetermined = false;
  std::vector<std::string> paths;  // from the object: "spec.template.spec.containers[0].image"
  kube::SourcePlace where;         // of the first path, as near as it is written
};

struct CheckResult {
  const rulebook::Policy* policy;
  rulebook::Verdict verdict;
  std::vector<FieldFinding> findings;
};

struct CheckOptions {
  std::string namespace_of_none = "default";  // where an object states no namespace
  const kube::Schemas* schemas = nullptr;     // with custom resources; none: builtin_schemas(). Must outlive the check
};

class ManifestCheck {
 public:
  static Result<ManifestCheck> compile(std::vector<std::shared_ptr<const rulebook::Policy>> policies,
                                       CheckOptions options = {});
  // Of every policy that concerns the object, in their order; the others are not_applicable and left out.
  std::vector<CheckResult> check(const kube::Manifest& manifest);

 private:
  ManifestCheck(rulebook::PolicyProgram program, CheckOptions options);
  FieldFinding located(rulebook::Finding finding, const kube::Manifest& manifest,
                       const std::optional<kube::PodTemplate>& pod,
                       const std::vector<kube::Container>& containers) const;

  std::unique_ptr<rulebook::PolicyProgram> program_;
  rulebook::PolicyJudge judge_;
  CheckOptions options_;
  kube::PodTemplates templates_;
};

}  // namespace seawall::admission
