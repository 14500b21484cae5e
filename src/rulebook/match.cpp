#include "rulebook/match.h"

namespace seawall::rulebook {

static ResourceRule read_resource_rule(Fields& rule) {
  ResourceRule made{.api_groups = rule.texts("apiGroups"),
                    .api_versions = rule.texts("apiVersions"),
                    .operations = rule.texts("operations"),
                    .resources = rule.texts("resources"),
                    .resource_names = rule.texts("resourceNames"),
                    .scope = rule.word("scope", {"*", "Cluster", "Namespaced"}, "*")};
  rule.finish();
  return made;
}

LabelSelector read_selector(Fields selector) {
  LabelSelector made;
  for (auto label : selector.any("matchLabels").members())
    made.requirements.push_back({std::string(label.key), "In", {std::string(label.value.scalar())}});
  for (auto& each : selector.each("matchExpressions")) {
    made.requirements.push_back({each.required_text("key"),
                                 each.word("operator", {"In", "NotIn", "Exists", "DoesNotExist"}, "In"),
                                 each.texts("values")});
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
