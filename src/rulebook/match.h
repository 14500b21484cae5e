// What a policy, binding or constraint is about, as it is written: resources, kinds, selectors.
// Threads: values.
#pragma once

#include <string>
#include <vector>

#include "rulebook/rule_file.h"

namespace seawall::rulebook {

struct ResourceRule {
  // "*" is any; resources are "pods", "pods/exec", "*", "*/*", "pods/*".
  std::vector<std::string> api_groups, api_versions, operations, resources, resource_names;
  std::string scope = "*";  // Cluster, Namespaced
};

struct LabelRequirement {
  std::string key, op;  // In, NotIn, Exists, DoesNotExist
  std::vector<std::string> values;
};
struct LabelSelector {
  std::vector<LabelRequirement> requirements;  // matchLabels too, as In; none: everything
};

struct MatchConstraints {
  std::vector<ResourceRule> rules, exclude_rules;
  LabelSelector namespaces, objects;
  bool exact = false;  // matchPolicy: Exact
};

// A Gatekeeper constraint's spec.match. Texts may begin or end with "*"; empty lists match everything.
struct ConstraintMatch {
  struct Kinds {
    std::vector<std::string> groups, kinds;
  };
  std::vector<Kinds> kinds;
  std::vector<std::string> namespaces, excluded_namespaces;
  LabelSelector objects, namespace_labels;
  std::string scope = "*", name;
  bool originals = true;  // false: source is Generated, which objects as they are written never are
};

LabelSelector read_selector(Fields selector);
MatchConstraints read_match(Fields match);
ConstraintMatch read_constraint_match(Fields match);

}  // namespace seawall::rulebook
