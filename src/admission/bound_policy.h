// Policies in force: with their parameters, and only where a binding or constraint concerns an object, too.
// Threads: values. Fails: never as a whole; what can't be bound is a mistake, with the place of the binding.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "admission/match.h"
#include "rulebook/policy_program.h"
#include "rulebook/rulebook.h"

namespace seawall::admission {

struct BoundPolicy {
  rulebook::PolicyUse use;
  std::string binding;  // name of the binding or constraint; empty: the policy as it is
  std::optional<rulebook::MatchConstraints> resources = {};
  std::optional<rulebook::ConstraintMatch> constraint = {};
  std::string only_namespace;                // of parameters that count in their own namespace; empty: everywhere
  std::vector<std::string> other_than = {};  // namespaces with parameters of their own
  std::string undecidable;                   // why it can't be judged: its parameters are missing
};

bool concerns(const BoundPolicy& bound, const ResourceRequest& request, const kube::PodTemplates& templates);

// What --params and the like say: JSON for a policy, empty where they say nothing.
using ParametersOf = std::function<std::string(const rulebook::Policy&)>;

struct BindOptions {
  unsigned kubernetes_minor = rulebook::newest_minor, pod_security_minor = rulebook::newest_minor;
  ParametersOf parameters_of;
};

// Every policy of the book as often as it is bound; one without a binding as it is, unless it belongs to constraints.
// Constraints find their policies in the book or, by their kind, among the shipped ones.
std::vector<BoundPolicy> bind(const rulebook::Rulebook& book, const BindOptions& options,
                              std::vector<rulebook::Mistake>& mistakes);

}  // namespace seawall::admission
