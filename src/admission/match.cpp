#include "admission/match.h"

#include <algorithm>

#include "base/text.h"

namespace seawall::admission {

namespace {

using rulebook::LabelRequirement;
using rulebook::ResourceRule;

bool has(const std::vector<std::string>& choices, std::string_view wanted) {
  return std::ranges::any_of(choices, [&](const std::string& each) { return each == "*" || each == wanted; });
}

// Gatekeeper's: a star at the beginning, the end, or both.
bool matches(std::string_view pattern, std::string_view text) {
  bool any_start = pattern.starts_with('*'), any_end = pattern.ends_with('*') && pattern.size() > 1;
  if (any_start) pattern.remove_prefix(1);
  if (any_end) pattern.remove_suffix(1);
  if (any_start && any_end) return text.contains(pattern);
  if (any_start) return text.ends_with(pattern);
  return any_end ? text.starts_with(pattern) : text == pattern;
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view text) {
  return std::ranges::any_of(patterns, [&](std::string_view each) { return matches(each, text); });
}

// "pods", "pods/exec", "pods/*", "*/exec", "*" (no sub-resource) and "*/*".
bool has_resource(const std::vector<std::string>& choices, const ResourceRequest& request) {
  return std::ranges::any_of(choices, [&](std::string_view each) {
    auto halves = cut(each, "/");
    auto resource = halves ? halves->left : each;
    auto sub_resource = halves ? halves->right : std::string_view();
    bool same = resource == "*" || resource == request.resource;
    return same && (sub_resource == request.sub_resource || (halves && sub_resource == "*"));
  });
}

bool holds(const ResourceRule& rule, const ResourceRequest& request) {
  bool named =
      rule.resource_names.empty() || std::ranges::find(rule.resource_names, request.name) != rule.resource_names.end();
  bool scoped = rule.scope == "*" || (rule.scope == "Namespaced") == !request.in_namespace.empty();
  return named && scoped && has(rule.api_groups, request.group) && has(rule.api_versions, request.version) &&
         has(rule.operations, request.operation) && has_resource(rule.resources, request);
}

bool holds(const LabelRequirement& requirement, codec::Value labels) {
  auto label = labels[requirement.key];
  if (requirement.op == "Exists") return label.is_text();
  if (requirement.op == "DoesNotExist") return !label.is_text();
  bool among = label.is_text() && std::ranges::find(requirement.values, label.text()) != requirement.values.end();
  return requirement.op == "In" ? among : !among;
}

// The API server labels every namespace with its name.
bool selects_namespace(const rulebook::LabelSelector& selector, const ResourceRequest& request) {
  constexpr std::string_view name_label = "kubernetes.io/metadata.name";
  // A Namespace is selected by its own labels, as the API server does it; others outside of namespaces always.
  if (request.group.empty() && request.resource == "namespaces")
    return selects(selector, (request.object ? request.object : request.old_object).path("metadata", "labels"));
  if (request.in_namespace.empty()) return true;
  return std::ranges::all_of(selector.requirements, [&](const LabelRequirement& each) {
    if (each.key != name_label || request.namespace_labels[name_label].is_text())
      return holds(each, request.namespace_labels);
    bool among = std::ranges::find(each.values, request.in_namespace) != each.values.end();
    if (each.op == "In") return among;
    return each.op == "NotIn" ? !among : each.op == "Exists";
  });
}

bool selects_object(const rulebook::LabelSelector& selector, const ResourceRequest& request) {
  auto labels = [](codec::Value of) { return of.path("metadata", "labels"); };
  return (request.object && selects(selector, labels(request.object))) ||
         (request.old_object && selects(selector, labels(request.old_object)));
}

bool any_holds(const std::vector<ResourceRule>& rules, const ResourceRequest& request) {
  return std::ranges::any_of(rules, [&](const auto& rule) { return holds(rule, request); });
}

bool selects_beside_rules(const rulebook::MatchConstraints& match, const ResourceRequest& request) {
  return !any_holds(match.exclude_rules, request) && selects_namespace(match.namespaces, request) &&
         selects_object(match.objects, request);
}

// "Ingress" of any group, "networking.k8s.io/Ingress" of one, "*".
bool is_kind(std::string_view named, const ResourceRequest& request) {
  if (named == "*") return true;
  auto halves = cut(named, "/");
  return halves ? halves->left == request.group && halves->right == request.kind : named == request.kind;
}

// What our own keys name: objects as they are created or changed. The ephemeral containers of a pod are set through
// a sub-resource with the whole pod.
bool by_kind(const rulebook::Policy& policy, const ResourceRequest& request, const kube::PodTemplates& templates) {
  if (request.operation != "CREATE" && request.operation != "UPDATE") return false;
  bool whole = request.sub_resource.empty();
  if (whole && std::ranges::any_of(policy.kinds, [&](const auto& each) { return is_kind(each, request); })) return true;
  bool by_template = policy.template_resources &&
                     (policy.template_resources->empty() || has(*policy.template_resources, request.resource));
  if (!policy.pod_spec && !by_template) return false;
  if (!whole && request.sub_resource != "ephemeralcontainers") return false;
  return templates.of(request.object, request.group + "/" + request.version, request.kind).has_value();
}

std::string guessed_plural(std::string_view kind) {
  auto name = lower(kind);
  if (name == "endpoints") return name;
  if (name.ends_with('s')) return name + "es";
  if (name.ends_with('y')) return name.substr(0, name.size() - 1) + "ies";
  return name + "s";
}

// What is known of the kind: of that version, else of any, as manifests may be of versions that are no longer served.
const kube::ApiKind* known_kind(const kube::Schemas& schemas, std::string_view api_version, std::string_view kind) {
  const auto* known = schemas.find_kind(api_version, kind);
  return known ? known : schemas.find_any_version(kube::api_group(api_version), kind);
}

}  // namespace

bool selects(const rulebook::LabelSelector& selector, codec::Value labels) {
  return std::ranges::all_of(selector.requirements, [&](const LabelRequirement& each) { return holds(each, labels); });
}

bool is_cluster_scoped(const kube::Schemas& schemas, std::string_view api_version, std::string_view kind) {
  if (const auto* known = known_kind(schemas, api_version, kind)) return known->scope == kube::Scope::cluster;
  return kind.starts_with("Cluster");
}

ResourceRequest creation_of(codec::Value object, std::string_view api_version, std::string_view kind,
                            std::string_view in_namespace, const kube::Schemas& schemas) {
  auto halves = cut(api_version, "/");
  const auto* known = known_kind(schemas, api_version, kind);
  return {.group = std::string(halves ? halves->left : ""),
          .version = std::string(halves ? halves->right : api_version),
          .resource = known ? std::string(known->resource) : guessed_plural(kind),
          .kind = std::string(kind),
          .sub_resource = "",
          .name = std::string(object.path("metadata", "name").text()),
          .in_namespace = std::string(in_namespace),
          .object = object,
          .old_object = {},
          .namespace_labels = {}};
}

ResourceRequest request_of(const kube::Manifest& manifest, std::string_view in_namespace,
                           const kube::Schemas& schemas) {
  auto made = creation_of(manifest.object, manifest.api_version, manifest.kind, in_namespace, schemas);
  if (!manifest.request) return made;
  const auto& asked = *manifest.request;
  auto take = [](std::string& field, std::string_view said) {
    if (!said.empty()) field = said;
  };
  take(made.operation, asked.operation);
  take(made.name, asked.name);
  made.sub_resource = asked.sub_resource;
  if (asked.resource) {
    made.group = asked.resource.text_or("group");
    take(made.version, asked.resource.text_or("version"));
    take(made.resource, asked.resource.text_or("resource"));
  }
  take(made.kind, asked.kind.text_or("kind"));
  made.object = asked.object;
  made.old_object = asked.old_object;
  return made;
}

bool concerns(const rulebook::MatchConstraints& match, const ResourceRequest& request) {
  return (match.rules.empty() || any_holds(match.rules, request)) && selects_beside_rules(match, request);
}

bool concerns(const rulebook::ConstraintMatch& match, const ResourceRequest& request) {
  auto by_kind = [&](const auto& each) {
    return (each.groups.empty() || has(each.groups, request.group)) &&
           (each.kinds.empty() || has(each.kinds, request.kind));
  };
  if (!match.originals || (!match.kinds.empty() && !std::ranges::any_of(match.kinds, by_kind))) return false;
  if (match.scope != "*" && (match.scope == "Namespaced") == request.in_namespace.empty()) return false;
  bool is_namespace = request.group.empty() && request.kind == "Namespace";
  const auto& name = is_namespace ? request.name : request.in_namespace;
  // What stands outside of namespaces is not told apart by them.
  auto among = [&](const std::vector<std::string>& patterns) { return any_matches(patterns, name); };
  if (!name.empty() && !match.namespaces.empty() && !among(match.namespaces)) return false;
  if (!name.empty() && among(match.excluded_namespaces)) return false;
  if (!match.name.empty() && !any_matches({match.name}, request.name)) return false;
  return selects_namespace(match.namespace_labels, request) && selects_object(match.objects, request);
}

bool concerns(const rulebook::Policy& policy, const ResourceRequest& request, const kube::PodTemplates& templates) {
  if (!any_holds(policy.match.rules, request) && !by_kind(policy, request, templates)) return false;
  return selects_beside_rules(policy.match, request);
}

}  // namespace seawall::admission
