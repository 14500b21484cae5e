#include "admission/manifest_check.h"

#include <algorithm>
#include <atomic>

#include "admission/fix.h"
#include "admission/policy_index.h"
#include "base/text.h"
#include "base/threads.h"
#include "codec/json.h"
#include "kube/null_members.h"

namespace seawall::admission {

namespace {

// What variables stand for in an object: `variables.containers[1].image` is the second container's image, wherever
// that container stands. Nothing for what is no part of the object: parameters, other objects.
std::optional<std::string> path_in_object(std::string_view path, const std::optional<kube::PodTemplate>& pod,
                                          const std::vector<kube::Container>& containers) {
  constexpr std::string_view containers_name = "variables.containers";
  // "object.spec" after "object" is "spec".
  auto below = [&](std::string_view name) -> std::optional<std::string_view> {
    if (!path.starts_with(name)) return std::nullopt;
    auto rest = path.substr(name.size());
    if (rest.starts_with('.')) return rest.substr(1);
    return rest.starts_with('[') ? std::optional(rest) : std::nullopt;
  };
  if (auto rest = below("object")) return std::string(*rest);
  if (path == "request.namespace") return "metadata.namespace";
  if (path == "request.name") return "metadata.name";
  if (!pod) return std::nullopt;
  if (auto rest = below("variables.pod"))
    return pod->path.empty() ? std::string(*rest)
                             : pod->path + (rest->starts_with('[') ? "" : ".") + std::string(*rest);
  if (path == containers_name) return pod->spec_path() + ".containers";
  if (auto rest = below(containers_name)) {
    auto halves = cut(rest->substr(1), "]");
    auto number = halves ? to_u64(halves->left) : std::nullopt;
    if (number && *number < containers.size()) return containers[*number].path + std::string(halves->right);
  }
  return std::nullopt;
}

// `request` as policies see it: what a review says, filled up with what follows from the object. As in the API server
// without the objects themselves.
codec::Document request_document(const kube::Manifest& manifest, const ResourceRequest& request) {
  auto said = manifest.request ? manifest.request->whole : codec::Value();
  codec::JsonWriter json;
  json.begin_object();
  for (auto member : said.members())
    if (member.key != "object" && member.key != "oldObject") json.key(member.key).value(member.value);
  auto fill = [&](std::string_view key, std::string_view text) {
    if (!said.has(codec::Key(key)) && !text.empty()) json.field(key, text);
  };
  fill("operation", request.operation);
  fill("name", request.name);
  // A Namespace is a request in itself, to the API server.
  bool is_namespace = request.group.empty() && request.resource == "namespaces";
  fill("namespace", is_namespace ? request.name : request.in_namespace);
  auto fill_kind = [&](std::string_view key, std::string_view last, std::string_view text) {
    if (said.has(codec::Key(key))) return;
    json.key(key).begin_object().field("group", request.group).field("version", request.version);
    json.field(last, text).end_object();
  };
  fill_kind("kind", "kind", request.kind);
  fill_kind("resource", "resource", request.resource);
  if (!said.has(codec::Key("dryRun"))) json.flag("dryRun", false);
  json.end_object();
  auto document = codec::parse_json(json.take());
  return document ? std::move(*document) : codec::Document();
}

// Of a namespace that nobody has given, its name, which the API server puts into the labels.
codec::Document bare_namespace(std::string_view name) {
  codec::JsonWriter json;
  json.begin_object().field("apiVersion", "v1").field("kind", "Namespace").key("metadata").begin_object();
  json.field("name", name).key("labels").begin_object().field("kubernetes.io/metadata.name", name).end_object();
  json.end_object().end_object();
  auto document = codec::parse_json(json.take());
  return document ? std::move(*document) : codec::Document();
}

// One object under judgement and everything made for it.
struct Judged {
  Judged(const kube::Manifest& given, ResourceRequest asked) : manifest(given), request(std::move(asked)) {}

  const kube::Manifest& manifest;
  ResourceRequest request;
  std::optional<kube::PodTemplate> pod;
  std::vector<kube::Container> containers;
  std::vector<cel::Value> container_values;
  codec::Document request_value, namespace_value;
  codec::Document object, old_object;  // of objects that had null members, those without them

  void drop_null_members();
  codec::Value object_or_old() const { return request.object ? request.object : request.old_object; }
  rulebook::Subject subject(const rulebook::ReadInputs& reads, const ClusterData& related);
  FieldFinding located(rulebook::Finding finding) const;
  kube::Patch fix(const rulebook::Policy& policy, const std::vector<FieldFinding>& findings) const;
  void tell_reasons(const rulebook::Policy& policy, rulebook::Judgement& judgement, CheckResult& result) const;
};

// As the API server does before any policy sees the object.
void Judged::drop_null_members() {
  auto drop = [](codec::Value& value, codec::Document& kept) {
    if (!kube::has_null_members(value)) return;
    kept = kube::without_null_members(value);
    if (kept.root()) value = kept.root();
  };
  drop(request.object, object);
  drop(request.old_object, old_object);
}

cel::Value value_or_null(codec::Value value) { return value ? cel::Value::document(value) : cel::Value(); }

rulebook::Subject Judged::subject(const rulebook::ReadInputs& reads, const ClusterData& related) {
  rulebook::Subject made{.object = value_or_null(request.object),
                         .old_object = value_or_null(request.old_object),
                         .in_namespace = request.in_namespace,
                         .related = &related};
  if (pod) {
    // The pod as an object of its own: metadata and spec of the template.
    auto path = kube::FieldPath::parse(pod->path);
    made.pod = cel::Value::document(path ? kube::find(object_or_old(), *path) : codec::Value());
    for (const auto& each : containers) container_values.push_back(cel::Value::document(each.value));
    made.containers = cel::Value::list(container_values.data(), container_values.size());
  }
  if (reads.request) {
    request_value = request_document(manifest, request);
    made.request = cel::Value::document(request_value.root());
  }
  if (reads.namespace_object && !request.in_namespace.empty()) {
    auto known = related.namespace_object(request.in_namespace);
    if (!known) namespace_value = bare_namespace(request.in_namespace), known = namespace_value.root();
    made.namespace_object = cel::Value::document(known);
  }
  return made;
}

FieldFinding Judged::located(rulebook::Finding finding) const {
  FieldFinding made{std::move(finding.message), finding.undetermined, {}, manifest.where()};
  for (const auto& each : finding.paths)
    if (auto path = path_in_object(each, pod, containers);
        path && std::ranges::find(made.paths, *path) == made.paths.end())
      made.paths.push_back(std::move(*path));
  if (made.paths.empty()) return made;
  if (auto path = kube::FieldPath::parse(made.paths.front())) made.where = manifest.find_place(*path).where;
  return made;
}

// A fix that does not fit the object is none.
kube::Patch Judged::fix(const rulebook::Policy& policy, const std::vector<FieldFinding>& findings) const {
  std::vector<std::string> paths;
  for (const auto& finding : findings) paths.insert(paths.end(), finding.paths.begin(), finding.paths.end());
  return fix_of(policy, manifest.object, pod, paths).value_or(kube::Patch());
}

void Judged::tell_reasons(const rulebook::Policy& policy, rulebook::Judgement& judgement, CheckResult& result) const {
  for (auto& finding : judgement.findings) result.findings.push_back(located(std::move(finding)));
  if (result.verdict == rulebook::Verdict::fail) result.fix = fix(policy, result.findings);
}

}  // namespace

struct ManifestCheck::Shared {
  std::vector<BoundPolicy> policies;
  rulebook::PolicyProgram program;
  CheckOptions options;
};

struct ManifestCheck::Worker {
  explicit Worker(const Shared& shared)
      : judge(shared.program), index(shared.policies, shared.program, shared.options.templates) {}

  CheckResult judged_by(const BoundPolicy& bound, std::size_t number, const Judged& judged, rulebook::Reasons reasons);

  rulebook::PolicyJudge judge;
  PolicyIndex index;
};

CheckResult ManifestCheck::Worker::judged_by(const BoundPolicy& bound, std::size_t number, const Judged& judged,
                                             rulebook::Reasons reasons) {
  CheckResult result{&bound, rulebook::Verdict::undetermined, {}, {}};
  if (!bound.undecidable.empty()) {
    result.findings.push_back({bound.undecidable, true, {}, judged.manifest.where()});
    return result;
  }
  auto judgement = judge.judge(number, reasons);
  result.verdict = judgement.verdict;
  if (reasons == rulebook::Reasons::told) judged.tell_reasons(*bound.use.policy, judgement, result);
  return result;
}

ManifestCheck::ManifestCheck(std::unique_ptr<const Shared> shared)
    : shared_(std::move(shared)), worker_(std::make_unique<Worker>(*shared_)) {}
ManifestCheck::ManifestCheck(ManifestCheck&&) noexcept = default;
ManifestCheck::~ManifestCheck() = default;

Result<ManifestCheck> ManifestCheck::compile(std::vector<BoundPolicy> policies, CheckOptions options) {
  std::vector<rulebook::PolicyUse> uses;
  for (const auto& each : policies) uses.push_back(each.use);
  auto program = SW_TRY(rulebook::PolicyProgram::compile(std::move(uses)));
  return ManifestCheck(
      std::make_unique<const Shared>(Shared{std::move(policies), std::move(program), std::move(options)}));
}

const std::vector<BoundPolicy>& ManifestCheck::policies() const noexcept { return shared_->policies; }

const kube::Schemas& ManifestCheck::schemas() const {
  return shared_->options.schemas != nullptr ? *shared_->options.schemas : kube::builtin_schemas();
}

std::string ManifestCheck::namespace_of(const kube::Manifest& manifest) const {
  if (!manifest.in_namespace.empty()) return std::string(manifest.in_namespace);
  if (is_cluster_scoped(schemas(), manifest.api_version, manifest.kind)) return "";
  return shared_->options.namespace_of_none;
}

void ManifestCheck::add_related(const kube::Manifest& manifest) {
  auto object = manifest.object;
  if (kube::has_null_members(object)) {
    auto document = kube::without_null_members(object);
    object = document.root();
    kept_.push_back(std::move(document));
  }
  related_.add(manifest.kind, namespace_of(manifest), object);
}

void ManifestCheck::forget_related() {
  related_ = {};
  kept_.clear();
}

std::vector<CheckResult> ManifestCheck::check(const kube::Manifest& manifest, rulebook::Reasons reasons) {
  return check(manifest, *worker_, reasons);
}

void ManifestCheck::check_all(std::span<const kube::Manifest> manifests, unsigned workers, const Take& take,
                              rulebook::Reasons reasons) const {
  std::atomic<std::size_t> next = 0;
  parallel_for(std::min<std::size_t>(workers, manifests.size()), workers, [&](std::size_t) {
    std::optional<Worker> worker;  // if this thread gets something to do
    for (std::size_t i; (i = next.fetch_add(1)) < manifests.size();) {
      if (!worker) worker.emplace(*shared_);
      take(i, check(manifests[i], *worker, reasons));
    }
  });
}

std::vector<CheckResult> ManifestCheck::check(const kube::Manifest& manifest, Worker& worker,
                                              rulebook::Reasons reasons) const {
  const auto& [policies, program, options] = *shared_;
  Judged judged(manifest, request_of(manifest, namespace_of(manifest), schemas()));
  judged.drop_null_members();
  judged.pod = options.templates.of(judged.object_or_old(), manifest.api_version, manifest.kind);
  if (judged.pod) judged.containers = kube::containers_of(*judged.pod);
  judged.request.namespace_labels = related_.namespace_object(judged.request.in_namespace).path("metadata", "labels");
  const auto& candidates = worker.index.candidates(judged.request);
  worker.judge.begin(judged.subject(candidates.inputs, related_), candidates.inputs);
  std::vector<CheckResult> results;
  bool all = options.listed == Listed::all;
  auto leave_out_to = [&](std::size_t end) {
    if (all)
      while (results.size() < end)
        results.push_back({&policies[results.size()], rulebook::Verdict::not_applicable, {}, {}});
  };
  results.reserve(all ? policies.size() : candidates.policies.size());
  for (auto [number, certain] : candidates.policies) {
    const auto& bound = policies[number];
    if (!certain && !concerns(bound, judged.request, options.templates)) continue;
    leave_out_to(number);
    auto result = worker.judged_by(bound, number, judged, reasons);
    if (result.verdict != rulebook::Verdict::not_applicable || all) results.push_back(std::move(result));
  }
  leave_out_to(policies.size());
  return results;
}

}  // namespace seawall::admission
