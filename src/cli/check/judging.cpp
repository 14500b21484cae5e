#include "cli/check/judging.h"

#include <atomic>
#include <numeric>
#include <set>
#include <thread>

#include "base/threads.h"
#include "report/check_report.h"

namespace seawall::cli {
namespace {

// The first objects that fail a rule, or all that fail any where a report tells them all.
std::vector<std::size_t> to_be_told(const std::vector<model::ObjectResults>& objects) {
  std::set<std::pair<std::string_view, model::Verdict>> rules;
  std::vector<std::size_t> first, all;
  std::size_t failed = 0;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    bool is_first = false, fails = false;
    for (const auto& result : objects[i].results) {
      if (!result.counts()) continue;
      ++failed;
      fails = true;
      is_first = rules.emplace(result.rule->id, result.verdict).second || is_first;
    }
    if (is_first) first.push_back(i);
    if (fails) all.push_back(i);
  }
  return failed < report::most_ranked_lines ? all : first;
}

}  // namespace

Judging::Judging(admission::ManifestCheck check, JudgingOptions options)
    : check_(std::move(check)),
      rules_(std::make_unique<const RuleInfos>(check_.policies())),
      options_(std::move(options)) {}

Result<Judging> Judging::prepare(std::vector<admission::BoundPolicy> policies, JudgingOptions options) {
  std::erase_if(policies, [&](const auto& bound) {
    const auto& header = bound.use.policy->header;
    return options.skip.skips_rule(header.id, header.known_as);
  });
  bool all = options.not_applicable == NotApplicable::kept;
  auto check = SW_TRY(admission::ManifestCheck::compile(
      std::move(policies), {.namespace_of_none = options.namespace_of_none,
                            .schemas = options.schemas,
                            .templates = options.templates,
                            .listed = all ? admission::Listed::all : admission::Listed::applicable}));
  return Judging(std::move(check), std::move(options));
}

model::ObjectRef Judging::name_of(const kube::Manifest& manifest) const {
  return {.api_version = std::string(manifest.api_version),
          .kind = std::string(manifest.kind),
          .in_namespace = check_.namespace_of(manifest),
          .name = std::string(manifest.name.empty() ? manifest.generate_name : manifest.name)};
}

Judgement Judging::judge(const std::vector<kube::Manifest>& all, const std::vector<kube::Manifest>& related,
                         ProgressLine& progress) {
  check_.forget_related();
  for (const auto* set : {&all, &related})
    for (const auto& manifest : *set) check_.add_related(manifest);
  Judgement made;
  for (const auto& manifest : all)
    if (!options_.skip.skips(name_of(manifest))) made.manifests.push_back(manifest);
  made.objects.resize(made.manifests.size());
  made.fixes.resize(made.manifests.size());
  std::vector<std::size_t> numbers(made.manifests.size());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  bool all_reasons = options_.told == Told::all_reasons;
  judge(made, numbers, all_reasons ? rulebook::Reasons::told : rulebook::Reasons::left_out, progress);
  made.notices = options_.exceptions.apply(made.objects, system_now());
  if (all_reasons) return made;
  judge(made, to_be_told(made.objects), rulebook::Reasons::told, progress);
  (void)options_.exceptions.apply(made.objects, system_now());
  return made;
}

void Judging::judge(Judgement& into, const std::vector<std::size_t>& numbers, rulebook::Reasons reasons,
                    ProgressLine& progress) {
  std::vector<kube::Manifest> manifests;
  for (auto number : numbers) manifests.push_back(into.manifests[number]);
  std::atomic<std::size_t> done = 0;
  auto here = std::this_thread::get_id();
  auto take = [&](std::size_t i, std::vector<admission::CheckResult> results) {
    const auto& manifest = into.manifests[numbers[i]];
    auto judged = judged_object(*rules_, name_of(manifest), manifest, std::move(results), options_.not_applicable);
    into.objects[numbers[i]] = std::move(judged.words);
    into.fixes[numbers[i]] = std::move(judged.fixes);
    auto now = done.fetch_add(1) + 1;
    if (std::this_thread::get_id() == here)
      progress.show("judging  " + std::to_string(now) + " of " + std::to_string(numbers.size()) + " objects");
  };
  check_.check_all(manifests, processor_count(), take, reasons);
}

}  // namespace seawall::cli
