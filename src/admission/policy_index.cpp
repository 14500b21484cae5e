#include "admission/policy_index.h"

#include <algorithm>

namespace seawall::admission {

namespace {

constexpr std::size_t most_kinds = 1000;

// Whether nothing but the kind of the request decides if the policy concerns it.
bool goes_by_kind_alone(const BoundPolicy& bound) {
  const auto& match = bound.use.policy->match;
  auto names_none = [](const rulebook::ResourceRule& rule) { return rule.resource_names.empty(); };
  return !bound.resources && !bound.constraint && bound.only_namespace.empty() && bound.other_than.empty() &&
         match.namespaces.requirements.empty() && match.objects.requirements.empty() &&
         std::ranges::all_of(match.rules, names_none) && std::ranges::all_of(match.exclude_rules, names_none);
}

// All that policies ask of a request beside names, labels and namespaces.
void write_key(std::string& key, const ResourceRequest& request) {
  key.clear();
  for (std::string_view part :
       {std::string_view(request.group), std::string_view(request.version), std::string_view(request.resource),
        std::string_view(request.kind), std::string_view(request.sub_resource), std::string_view(request.operation)})
    key.append(part).append(1, '\0');
  key += request.in_namespace.empty() ? 'c' : 'n';
}

}  // namespace

PolicyIndex::PolicyIndex(const std::vector<BoundPolicy>& policies, const rulebook::PolicyProgram& program,
                         const kube::PodTemplates& templates)
    : policies_(&policies), program_(&program), templates_(&templates) {
  for (const auto& each : policies) by_kind_alone_.push_back(goes_by_kind_alone(each));
}

const PolicyIndex::Candidates& PolicyIndex::candidates(const ResourceRequest& request) {
  write_key(key_, request);
  if (auto found = known_.find(key_); found != known_.end()) return found->second;
  if (known_.size() >= most_kinds) known_.clear();
  return known_.emplace(key_, find(request)).first->second;
}

PolicyIndex::Candidates PolicyIndex::find(const ResourceRequest& request) const {
  Candidates made;
  std::vector<std::uint32_t> uses;
  for (std::size_t i = 0; i < policies_->size(); ++i) {
    bool certain = by_kind_alone_[i];
    if (certain && !concerns((*policies_)[i], request, *templates_)) continue;
    made.policies.push_back({static_cast<std::uint32_t>(i), certain});
    uses.push_back(static_cast<std::uint32_t>(i));
  }
  made.inputs = program_->read_by(uses);
  return made;
}

}  // namespace seawall::admission
