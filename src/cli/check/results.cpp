#include "cli/check/results.h"

#include <algorithm>

namespace seawall::cli {
namespace {

model::FilePlace place_of(kube::SourcePlace place) { return {std::move(place.file), place.line, place.column}; }

// Failures first, the worst of them on top; within one severity in the order of the rules.
void rank(std::vector<model::PolicyResult>& results) {
  auto weight = [](const model::PolicyResult& result) {
    switch (result.verdict) {
      case model::Verdict::fail:
        return 0;
      case model::Verdict::undetermined:
        return 1;
      default:
        return 2;
    }
  };
  std::ranges::stable_sort(results, [&](const auto& a, const auto& b) {
    return std::pair(weight(a), b.rule->severity) < std::pair(weight(b), a.rule->severity);
  });
}

}  // namespace

const model::RuleInfo* CheckResults::info_of(const rulebook::Policy& policy) {
  auto& info = rules_[&policy];
  const auto& header = policy.header;
  if (info == nullptr)
    info = std::make_unique<model::RuleInfo>(model::RuleInfo{.id = header.id,
                                                             .title = header.title,
                                                             .description = header.description,
                                                             .remedy = header.remedy,
                                                             .severity = header.severity,
                                                             .known_as = header.known_as,
                                                             .references = header.references});
  return info.get();
}

void CheckResults::add(const kube::Manifest& manifest, std::string in_namespace,
                       std::vector<admission::CheckResult> results, bool all) {
  model::ObjectResults object{
      .object = {.api_version = std::string(manifest.api_version),
                 .kind = std::string(manifest.kind),
                 .in_namespace = std::move(in_namespace),
                 .name = std::string(manifest.name.empty() ? manifest.generate_name : manifest.name)},
      .where = place_of(manifest.where()),
      .results = {}};
  for (auto& result : results) {
    if (result.verdict == model::Verdict::not_applicable && !all) continue;
    model::PolicyResult made{
        .rule = info_of(*result.bound->use.policy), .binding = result.bound->binding, .verdict = result.verdict};
    for (auto& finding : result.findings)
      made.findings.push_back({std::move(finding.message), finding.undetermined, std::move(finding.paths),
                               place_of(std::move(finding.where))});
    if (!result.fix.empty()) made.patch = kube::json_patch(result.fix);
    for (const auto& sentence : kube::sentences(result.fix)) made.fix += (made.fix.empty() ? "" : "; ") + sentence;
    object.results.push_back(std::move(made));
  }
  rank(object.results);
  objects_.push_back(std::move(object));
}

}  // namespace seawall::cli
