#include "rulebook/match.h"

#include <algorithm>
#include <span>

namespace seawall::rulebook {

namespace {

// "*" stands for all, so nothing else can.
void demand_choices(Fields& rule, std::string_view key, std::span<const std::string> choices) {
  if (choices.empty()) rule.report(key, "is missing");
  if (choices.size() > 1 && std::ranges::find(choices, "*") != choices.end())
    rule.report(key, "'*' is everything: name nothing beside it");
}

void demand_operations(Fields& rule, std::span<const std::string> operations) {
  constexpr std::string_view known[] = {"*", "CREATE", "UPDATE", "DELETE", "CONNECT"};
  for (const auto& each : operations)
    if (std::ranges::find(known, each) == std::end(known))
      rule.report("operations", "'" + each + "' is none of CREATE, UPDATE, DELETE, CONNECT and *");
}

// "*" beside "pods/exec" says more than either; beside "pods" it doesn't.
void demand_resources(Fields& rule, std::span<const std::string> resources) {
  std::vector<std::string> whole;
  std::ranges::copy_if(resources, std::back_inserter(whole), [](const auto& each) { return !each.contains('/'); });
  demand_choices(rule, "resources", whole.empty() ? resources : std::span<const std::string>(whole));
}

ResourceRule read_resource_rule(Fields& rule) {
  ResourceRule made{.api_groups = rule.texts("apiGroups"),
                    .api_versions = rule.texts("apiVersions"),
                    .operations = rule.texts("operations"),
                    .resources = rule.texts("resources"),
                    .resource_names = rule.texts("resourceNames"),
                    .scope = rule.word("scope", {"*", "Cluster", "Namespaced"}, "*")};
  demand_choices(rule, "apiGroups", made.api_groups);
  demand_choices(rule, "apiVersions", made.api_versions);
  demand_choices(rule, "operations", made.operations);
  demand_operations(rule, made.operations);
  demand_resources(rule, made.resources);
  rule.finish();
  return made;
}

void demand_values(Fields& requirement, const LabelRequirement& made) {
  bool wants = made.op == "In" || made.op == "NotIn";
  if (wants != made.values.empty()) return;
  requirement.report("values", wants ? "are missing" : "mean nothing to " + made.op);
}

}  // namespace

LabelSelector read_selector(Fields selector) {
  LabelSelector made;
  for (auto label : selector.any("matchLabels").members())
    made.requirements.push_back({std::string(label.key), "In", {std::string(label.value.scalar())}});
  for (auto& each : selector.each("matchExpressions")) {
    made.requirements.push_back({each.required_text("key"),
                                 each.word("operator", {"In", "NotIn", "Exists", "DoesNotExist"}, "In"),
                                 each.texts("values")});
    demand_values(each, made.requirements.back());
    each.finish();
  }
  selector.finish();
  return made;
}

MatchConstraints read_match(Fields spec) {
  MatchConstraints match;
  for (auto& rule : spec.each("resourceRules")) match.rules.push_back(read_resource_rule(rule));
  for (auto& rule : spec.each("excludeResourceRules")) match.exclude_rules.push_back(read_resource_rule(rule));
  match.namespaces = read_selector(spec.below("namespaceSelector"));
  match.objects = read_selector(spec.below("objectSelector"));
  match.exact = spec.word("matchPolicy", {"Equivalent", "Exact"}, "Equivalent") == "Exact";
  spec.finish();
  return match;
}

ConstraintMatch read_constraint_match(Fields match) {
  ConstraintMatch made;
  for (auto& each : match.each("kinds")) {
    made.kinds.push_back({each.texts("apiGroups"), each.texts("kinds")});
    each.finish();
  }
  made.namespaces = match.texts("namespaces");
  made.excluded_namespaces = match.texts("excludedNamespaces");
  made.objects = read_selector(match.below("labelSelector"));
  made.namespace_labels = read_selector(match.below("namespaceSelector"));
  made.scope = match.word("scope", {"*", "Cluster", "Namespaced"}, "*");
  made.name = match.text("name");
  made.originals = match.word("source", {"All", "Original", "Generated"}, "All") != "Generated";
  match.finish();
  return made;
}

}  // namespace seawall::rulebook
