#include "admission/manifest_check.h"

#include <algorithm>

#include "base/text.h"

namespace seawall::admission {

namespace {

// What variables stand for in an object: `variables.containers[1].image` is the second container's image, wherever
// that container stands.
std::string path_in_object(std::string_view path, const std::optional<kube::PodTemplate>& pod,
                           const std::vector<kube::Container>& containers) {
  constexpr std::string_view object = "object", of_containers = "variables.containers[", of_pod = "variables.pod";
  if (path == object || path.starts_with("object.") || path.starts_with("object["))
    return std::string(
        path.substr(path.size() > object.size() && path[object.size()] == '.' ? object.size() + 1 : object.size()));
  if (path.starts_with(of_containers)) {
    auto rest = path.substr(of_containers.size());
    auto halves = cut(rest, "]");
    auto number = halves ? to_u64(halves->left) : std::nullopt;
    if (number && *number < containers.size()) return containers[*number].path + std::string(halves->right);
  }
  if (path.starts_with(of_pod) && pod) {
    auto rest = path.substr(of_pod.size());
    return pod->path.empty() && rest.starts_with('.') ? std::string(rest.substr(1)) : pod->path + std::string(rest);
  }
  return std::string(path);
}

cel::Value list_of(const std::vector<kube::Container>& containers, std::vector<cel::Value>& kept) {
  kept.clear();
  for (const auto& each : containers) kept.push_back(cel::Value::document(each.value));
  return cel::Value::list(kept.data(), kept.size());
}

}  // namespace

ManifestCheck::ManifestCheck(rulebook::PolicyProgram program, CheckOptions options)
    : program_(std::make_unique<rulebook::PolicyProgram>(std::move(program))),
      judge_(*program_),
      options_(std::move(options)) {}

Result<ManifestCheck> ManifestCheck::compile(std::vector<std::shared_ptr<const rulebook::Policy>> policies,
                                             CheckOptions options) {
  return ManifestCheck(SW_TRY(rulebook::PolicyProgram::compile(std::move(policies))), std::move(options));
}

FieldFinding ManifestCheck::located(rulebook::Finding finding, const kube::Manifest& manifest,
                                    const std::optional<kube::PodTemplate>& pod,
                                    const std::vector<kube::Container>& containers) const {
  FieldFinding made{std::move(finding.message), finding.undetermined, {}, manifest.where()};
  for (const auto& path : finding.paths) made.paths.push_back(path_in_object(path, pod, containers));
  if (made.paths.empty()) return made;
  if (auto path = kube::FieldPath::parse(made.paths.front())) made.where = manifest.find_place(*path).where;
  return made;
}

std::vector<CheckResult> ManifestCheck::check(const kube::Manifest& manifest) {
  const auto& schemas = options_.schemas ? *options_.schemas : kube::builtin_schemas();
  std::string in_namespace(manifest.in_namespace);
  if (in_namespace.empty() && !is_cluster_scoped(schemas, manifest.api_version, manifest.kind))
    in_namespace = options_.namespace_of_none;
  auto request = creation_of(manifest.object, manifest.api_version, manifest.kind, in_namespace, schemas);
  auto pod = templates_.of(manifest.object, manifest.api_version, manifest.kind);
  auto containers = pod ? kube::containers_of(*pod) : std::vector<kube::Container>();
  // The pod as an object of its own: metadata and spec of the template.
  codec::Value template_object = manifest.object;
  if (pod && !pod->path.empty())
    if (auto path = kube::FieldPath::parse(pod->path)) template_object = kube::find(manifest.object, *path);
  std::vector<cel::Value> kept;
  rulebook::Subject subject{.object = cel::Value::document(manifest.object)};
  if (pod) {
    subject.pod = cel::Value::document(template_object);
    subject.containers = list_of(containers, kept);
  }
  judge_.begin(subject);
  std::vector<CheckResult> results;
  for (std::size_t i = 0; i < program_->size(); ++i) {
    const auto& policy = program_->policy(i);
    if (!concerns(policy, request, templates_)) continue;
    auto judgement = judge_.judge(i);
    if (judgement.verdict == rulebook::Verdict::not_applicable) continue;
    CheckResult result{&policy, judgement.verdict, {}};
    for (auto& finding : judgement.findings)
      result.findings.push_back(located(std::move(finding), manifest, pod, containers));
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace seawall::admission
