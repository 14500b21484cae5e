#include "admission/manifest_check.h"

#include <algorithm>
#include <atomic>

#include "admission/fix.h"
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
  const kube::Manifest& manifest;
  ResourceRequest request;
  std::optional<kube::PodTemplate> pod;
  std::vector<kube::Container> containers;
  std::vector<cel::Value> container_values;
  codec::Document request_value, namespace_value;
  codec::Document object, old_object;  // of objects that had null members, those without them

  void drop_null_members();
  codec::Value object_or_old() const { return request.object ? request.object : request.old_object; }
  rulebook::Subject subject(const rulebook::PolicyProgram& program, const ClusterData& related);
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

rulebook::Subject Judged::subject(const rulebook::PolicyProgram& program, const ClusterData& related) {
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
  if (program.reads("request")) {
    request_value = request_document(manifest, request);
    made.request = cel::Value::document(request_value.root());
  }
  if (program.reads("namespaceObject") && !request.in_namespace.empty()) {
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

ManifestCheck::ManifestCheck(std::vector<BoundPolicy> policies, rulebook::PolicyProgram program, CheckOptions options)
    : policies_(std::move(policies)),
      program_(std::make_unique<rulebook::PolicyProgram>(std::move(program))),
      judge_(*program_),
      options_(std::move(options)) {}

Result<ManifestCheck> ManifestCheck::compile(std::vector<BoundPolicy> policies, CheckOptions options) {
  std::vector<rulebook::PolicyUse> uses;
  for (const auto& each : policies) uses.push_back(each.use);
  auto program = SW_TRY(rulebook::PolicyProgram::compile(std::move(uses)));
  return ManifestCheck(std::move(policies), std::move(program), std::move(options));
}

const kube::Schemas& ManifestCheck::schemas() const {
  return options_.schemas != nullptr ? *options_.schemas : kube::builtin_schemas();
}

std::string ManifestCheck::namespace_of(const kube::Manifest& manifest) const {
  if (!manifest.in_namespace.empty()) return std::string(manifest.in_namespace);
  if (is_cluster_scoped(schemas(), manifest.api_version, manifest.kind)) return "";
  return options_.namespace_of_none;
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

std::vector<CheckResult> ManifestCheck::check(const kube::Manifest& manifest) {
  return check(manifest, judge_, rulebook::Reasons::told);
}

void ManifestCheck::check_all(std::span<const kube::Manifest> manifests, unsigned workers, const Take& take,
                              rulebook::Reasons reasons) const {
  std::atomic<std::size_t> next = 0;
  parallel_for(std::min<std::size_t>(workers, manifests.size()), workers, [&](std::size_t) {
    std::optional<rulebook::PolicyJudge> judge;  // of this thread, if it gets something to do
    for (std::size_t i; (i = next.fetch_add(1)) < manifests.size();) {
      if (!judge) judge.emplace(*program_);
      take(i, check(manifests[i], *judge, reasons));
    }
  });
}

std::vector<CheckResult> ManifestCheck::check(const kube::Manifest& manifest, rulebook::PolicyJudge& judge,
                                              rulebook::Reasons reasons) const {
  Judged judged{.manifest = manifest,
                .request = request_of(manifest, namespace_of(manifest), schemas()),
                .pod = {},
                .containers = {},
                .container_values = {},
                .request_value = {},
                .namespace_value = {},
                .object = {},
                .old_object = {}};
  judged.drop_null_members();
  judged.pod = options_.templates.of(judged.object_or_old(), manifest.api_version, manifest.kind);
  if (judged.pod) judged.containers = kube::containers_of(*judged.pod);
  judged.request.namespace_labels = related_.namespace_object(judged.request.in_namespace).path("metadata", "labels");
  judge.begin(judged.subject(*program_, related_));
  std::vector<CheckResult> results;
  for (std::size_t i = 0; i < policies_.size(); ++i) {
    CheckResult result{&policies_[i], rulebook::Verdict::not_applicable, {}, {}};
    if (!concerns(policies_[i], judged.request, options_.templates)) {
      results.push_back(std::move(result));
      continue;
    }
    if (!policies_[i].undecidable.empty()) {
      result.verdict = rulebook::Verdict::undetermined;
      result.findings.push_back({policies_[i].undecidable, true, {}, manifest.where()});
    } else {
      auto judgement = judge.judge(i, reasons);
      result.verdict = judgement.verdict;
      if (reasons == rulebook::Reasons::told) judged.tell_reasons(*policies_[i].use.policy, judgement, result);
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace seawall::admission
