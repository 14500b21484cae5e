#include "cli/check/results.h"

#include <algorithm>

#include "base/text.h"

namespace seawall::cli {
namespace {

using admission::CheckResult;

model::FilePlace place_of(kube::SourcePlace place) { return {std::move(place.file), place.line, place.column}; }

// Failures first, the worst of them on top; within one severity in the order of the rules.
void rank(std::vector<CheckResult>& results) {
  auto weight = [](const CheckResult& result) {
    switch (result.verdict) {
      case model::Verdict::fail:
        return 0;
      case model::Verdict::undetermined:
        return 1;
      default:
        return 2;
    }
  };
  auto severity = [](const CheckResult& result) { return result.bound->use.policy->header.severity; };
  std::ranges::stable_sort(results, [&](const auto& a, const auto& b) {
    return std::pair(weight(a), severity(b)) < std::pair(weight(b), severity(a));
  });
}

model::PolicyResult words_of(const RuleInfos& rules, CheckResult& result) {
  model::PolicyResult made{
      .rule = rules.of(*result.bound->use.policy), .binding = result.bound->binding, .verdict = result.verdict};
  for (auto& finding : result.findings)
    made.findings.push_back({std::move(finding.message), finding.undetermined, std::move(finding.paths),
                             place_of(std::move(finding.where))});
  if (!result.fix.empty()) made.patch = kube::json_patch(result.fix);
  made.fix = join(kube::sentences(result.fix), "; ");
  return made;
}

}  // namespace

model::RuleInfo info_of(const rulebook::RuleHeader& header) {
  return {.id = header.id,
          .title = header.title,
          .description = header.description,
          .remedy = header.remedy,
          .severity = header.severity,
          .known_as = header.known_as,
          .references = header.references};
}

RuleInfos::RuleInfos(const std::vector<admission::BoundPolicy>& policies) {
  for (const auto& bound : policies) rules_.try_emplace(bound.use.policy.get(), info_of(bound.use.policy->header));
}

JudgedObject judged_object(const RuleInfos& rules, model::ObjectRef object, const kube::Manifest& manifest,
                           std::vector<CheckResult> results, NotApplicable not_applicable) {
  JudgedObject made{.words = {.object = std::move(object), .where = place_of(manifest.where()), .results = {}},
                    .fixes = {}};
  if (not_applicable == NotApplicable::left_out)
    std::erase_if(results, [](const auto& each) { return each.verdict == model::Verdict::not_applicable; });
  rank(results);
  for (auto& result : results) {
    made.words.results.push_back(words_of(rules, result));
    made.fixes.push_back(std::move(result.fix));
  }
  return made;
}

}  // namespace seawall::cli
