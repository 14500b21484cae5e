#include "admission/bound_policy.h"

#include <algorithm>
#include <map>

#include "codec/json.h"

namespace seawall::admission {

namespace {

using rulebook::PolicyBinding;
using Pointer = rulebook::Rulebook::PolicyPointer;
using Parameter = rulebook::Rulebook::ParameterObject;

class Binder {
 public:
  Binder(const rulebook::Rulebook& book, const BindOptions& options, std::vector<rulebook::Mistake>& mistakes)
      : book_(book), options_(options), mistakes_(mistakes) {}

  std::vector<BoundPolicy> bind();

 private:
  BoundPolicy with(const Pointer& policy, std::string parameters) const;
  BoundPolicy bound_by(const PolicyBinding& binding, const Pointer& policy, std::string parameters) const;
  const std::vector<Pointer>& policies_of(const std::string& constraint_kind);
  void bind_constraint(const PolicyBinding& binding);
  void bind_native(const PolicyBinding& binding);
  void bind_parameters(const Pointer& policy, const PolicyBinding& binding);
  std::vector<Parameter> parameters_for(const rulebook::Policy& policy, const rulebook::ParamRef& reference) const;

  const rulebook::Rulebook& book_;
  const BindOptions& options_;
  std::vector<rulebook::Mistake>& mistakes_;
  std::map<std::string, std::vector<Pointer>> by_constraint_kind_;  // that were asked for
  std::vector<BoundPolicy> bound_;
};

BoundPolicy Binder::with(const Pointer& policy, std::string parameters) const {
  bool standards = policy->header.id.starts_with("pod-security/");
  auto minor = standards ? options_.pod_security_minor : options_.kubernetes_minor;
  return {.use = {policy, std::move(parameters), minor}, .binding = {}, .only_namespace = {}, .undecidable = {}};
}

BoundPolicy Binder::bound_by(const PolicyBinding& binding, const Pointer& policy, std::string parameters) const {
  auto bound = with(policy, std::move(parameters));
  bound.binding = binding.name;
  bound.resources = binding.resources;
  bound.constraint = binding.constraint;
  return bound;
}

// Many constraints may be of one kind: shipped policies are read once.
const std::vector<Pointer>& Binder::policies_of(const std::string& constraint_kind) {
  auto [entry, fresh] = by_constraint_kind_.try_emplace(constraint_kind);
  auto& policies = entry->second;
  if (!fresh) return policies;
  policies = book_.find(constraint_kind);
  std::vector<std::string> unknown;
  if (policies.empty()) policies = rulebook::Rulebook::shipped({constraint_kind}, unknown).policies();
  return policies;
}

void Binder::bind_constraint(const PolicyBinding& binding) {
  const auto& policies = policies_of(binding.constraint_kind);
  if (policies.empty())
    mistakes_.push_back({binding.where, "no policy judges constraints of kind " + binding.constraint_kind});
  for (const auto& policy : policies) bound_.push_back(bound_by(binding, policy, binding.parameters));
}

std::vector<Parameter> Binder::parameters_for(const rulebook::Policy& policy,
                                              const rulebook::ParamRef& reference) const {
  std::vector<Parameter> found;
  for (const auto& each : book_.parameters()) {
    if (each.kind != policy.param_kind || each.api_version != policy.param_api_version) continue;
    if (!reference.in_namespace.empty() && each.in_namespace != reference.in_namespace) continue;
    auto object = codec::parse_json(each.json);
    bool meant = reference.name.empty()
                     ? object && selects(reference.selector, object->root().path("metadata", "labels"))
                     : each.name == reference.name;
    if (meant) found.push_back(each);
  }
  return found;
}

void Binder::bind_parameters(const Pointer& policy, const PolicyBinding& binding) {
  const auto& reference = *binding.parameters_of;
  auto found = parameters_for(*policy, reference);
  std::vector<std::string> having;
  for (const auto& each : found) {
    having.push_back(each.in_namespace);
    auto bound = bound_by(binding, policy, each.json);
    if (reference.in_namespace.empty()) bound.only_namespace = each.in_namespace;
    bound_.push_back(std::move(bound));
  }
  // Where each namespace is to have its own, they may be missing in some.
  bool somewhere = reference.in_namespace.empty() && std::ranges::find(having, "") == having.end();
  if (!reference.deny_without || (!found.empty() && !somewhere)) return;
  auto bound = bound_by(binding, policy, options_.parameters_of(*policy));
  bound.other_than = std::move(having);
  if (bound.use.parameters.empty())
    bound.undecidable = "its parameters are missing: no " + policy->param_kind +
                        (reference.name.empty() ? " is selected" : " named '" + reference.name + "'") + " was given";
  bound_.push_back(std::move(bound));
}

void Binder::bind_native(const PolicyBinding& binding) {
  auto policies = book_.find(binding.policy_id);
  if (policies.empty())
    return mistakes_.push_back(
        {binding.where, "the policy '" + binding.policy_id.substr(4) + "' is not among the files"});
  const auto& policy = policies.front();
  if (binding.parameters_of && !policy->param_kind.empty()) return bind_parameters(policy, binding);
  bound_.push_back(bound_by(binding, policy, options_.parameters_of(*policy)));
}

std::vector<BoundPolicy> Binder::bind() {
  for (const auto& policy : book_.policies()) {
    bool is_bound = std::ranges::any_of(book_.bindings(), [&](const PolicyBinding& binding) {
      return binding.policy_id == policy->header.id ||
             (!binding.constraint_kind.empty() && binding.constraint_kind == policy->header.constraint_kind);
    });
    if (!is_bound) bound_.push_back(with(policy, options_.parameters_of(*policy)));
  }
  for (const auto& binding : book_.bindings()) binding.constraint ? bind_constraint(binding) : bind_native(binding);
  return std::move(bound_);
}

}  // namespace

bool concerns(const BoundPolicy& bound, const ResourceRequest& request, const kube::PodTemplates& templates) {
  return (bound.only_namespace.empty() || bound.only_namespace == request.in_namespace) &&
         std::ranges::find(bound.other_than, request.in_namespace) == bound.other_than.end() &&
         concerns(*bound.use.policy, request, templates) && (!bound.resources || concerns(*bound.resources, request)) &&
         (!bound.constraint || concerns(*bound.constraint, request));
}

std::vector<BoundPolicy> bind(const rulebook::Rulebook& book, const BindOptions& options,
                              std::vector<rulebook::Mistake>& mistakes) {
  return Binder(book, options, mistakes).bind();
}

}  // namespace seawall::admission
