#include "admission/fix.h"

#include <algorithm>

namespace seawall::admission {

namespace {

using kube::FieldPath;
using kube::FieldStep;

bool begins_with(const FieldPath& path, const FieldPath& start) {
  return path.steps.size() >= start.steps.size() &&
         std::equal(start.steps.begin(), start.steps.end(), path.steps.begin());
}

bool touches(const FieldPath& a, const FieldPath& b) { return begins_with(a, b) || begins_with(b, a); }

FieldPath joined(FieldPath path, const FieldPath& more) {
  path.steps.insert(path.steps.end(), more.steps.begin(), more.steps.end());
  return path;
}

class Fixer {
 public:
  Fixer(codec::Value object, const std::optional<kube::PodTemplate>& pod, const std::vector<std::string>& failed)
      : object_(object), pod_(pod) {
    for (const auto& each : failed)
      if (auto path = FieldPath::parse(each)) failed_.push_back(std::move(*path));
  }

  // Every field that the path of a fix means here.
  Result<std::vector<FieldPath>> places_of(const rulebook::Policy& policy, std::string_view path) const;
  bool is_touched(const FieldPath& path) const {
    return std::ranges::any_of(failed_, [&](const auto& each) { return touches(each, path); });
  }

 private:
  Result<> expand(FieldPath before, std::string_view rest, std::vector<FieldPath>& places) const;
  std::vector<FieldPath> elements(const FieldPath& list) const;

  codec::Value object_;
  const std::optional<kube::PodTemplate>& pod_;
  std::vector<FieldPath> failed_;
};

// The elements that failures name; all where they name none.
std::vector<FieldPath> Fixer::elements(const FieldPath& list) const {
  std::vector<FieldPath> all, named;
  for (std::size_t i = 0; i < kube::find(object_, list).size(); ++i) {
    auto element = joined(list, {{FieldStep{.name = "", .index = i}}});
    bool is_named = std::ranges::any_of(failed_, [&](const auto& each) { return begins_with(each, element); });
    if (is_named) named.push_back(element);
    all.push_back(std::move(element));
  }
  return named.empty() ? all : named;
}

Result<> Fixer::expand(FieldPath before, std::string_view rest, std::vector<FieldPath>& places) const {
  constexpr std::string_view each = "[*]";
  auto star = rest.find(each);
  auto here = rest.substr(0, star);
  if (here.starts_with('.')) here.remove_prefix(1);
  auto path = joined(std::move(before), SW_TRY(FieldPath::parse(here)));
  if (star == std::string_view::npos) {
    places.push_back(std::move(path));
    return {};
  }
  for (auto& element : elements(path)) SW_TRY(expand(std::move(element), rest.substr(star + each.size()), places));
  return {};
}

Result<std::vector<FieldPath>> Fixer::places_of(const rulebook::Policy& policy, std::string_view path) const {
  std::vector<FieldPath> places;
  if (!policy.pod_spec || !pod_) {
    SW_TRY(expand({}, path, places));
    return places;
  }
  auto spec = SW_TRY(FieldPath::parse(pod_->spec_path()));
  constexpr std::string_view containers = "containers[*]";
  if (!path.starts_with(containers)) {
    SW_TRY(expand(spec, path, places));
    return places;
  }
  // Of all three lists of containers: each that is named, or all.
  std::vector<FieldPath> all, named;
  for (const auto& container : kube::containers_of(*pod_)) {
    auto element = SW_TRY(FieldPath::parse(container.path));
    bool is_named = std::ranges::any_of(failed_, [&](const auto& each) { return begins_with(each, element); });
    if (is_named) named.push_back(element);
    all.push_back(std::move(element));
  }
  for (auto& element : named.empty() ? all : named)
    SW_TRY(expand(std::move(element), path.substr(containers.size()), places));
  return places;
}

kube::WishAction action_of(rulebook::Fix::Action action) {
  switch (action) {
    case rulebook::Fix::Action::set:
      return kube::WishAction::set;
    case rulebook::Fix::Action::append:
      return kube::WishAction::append;
    case rulebook::Fix::Action::remove:
      break;
  }
  return kube::WishAction::remove;
}

}  // namespace

Result<kube::Patch> fix_of(const rulebook::Policy& policy, codec::Value object,
                           const std::optional<kube::PodTemplate>& pod, const std::vector<std::string>& failed) {
  if (policy.fixes.empty()) return kube::Patch();
  Fixer fixer(object, pod, failed);
  std::vector<std::pair<const rulebook::Fix*, FieldPath>> wanted;
  for (const auto& fix : policy.fixes)
    for (auto& place : SW_TRY(in(policy.header.id, fixer.places_of(policy, fix.path))))
      wanted.emplace_back(&fix, place);
  bool any = std::ranges::any_of(wanted, [&](const auto& each) { return fixer.is_touched(each.second); });
  std::vector<kube::Wish> wishes;
  for (auto& [fix, place] : wanted)
    if (!any || fixer.is_touched(place)) wishes.push_back({action_of(fix->action), std::move(place), fix->value});
  return in(policy.header.id, kube::patch_for(object, std::move(wishes)));
}

}  // namespace seawall::admission
