#include "cli/check/judging.h"

#include <atomic>
#include <thread>

#include "base/threads.h"

namespace seawall::cli {

Judging::Judging(admission::ManifestCheck check, JudgingOptions options)
    : check_(std::move(check)),
      rules_(std::make_unique<const RuleInfos>(check_.policies())),
      options_(std::move(options)) {}

Result<Judging> Judging::prepare(std::vector<admission::BoundPolicy> policies, JudgingOptions options) {
  std::erase_if(policies, [&](const auto& bound) {
    const auto& header = bound.use.policy->header;
    return options.skip.skips_rule(header.id, header.known_as);
  });
  auto check = SW_TRY(admission::ManifestCheck::compile(
      std::move(policies),
      {.namespace_of_none = options.namespace_of_none, .schemas = options.schemas, .templates = options.templates}));
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
  auto count = made.manifests.size();
  made.objects.resize(count);
  made.fixes.resize(count);
  std::atomic<std::size_t> done = 0;
  auto here = std::this_thread::get_id();
  check_.check_all(made.manifests, processor_count(), [&](std::size_t i, std::vector<admission::CheckResult> results) {
    const auto& manifest = made.manifests[i];
    auto judged =
        judged_object(*rules_, manifest, check_.namespace_of(manifest), std::move(results), options_.not_applicable);
    made.objects[i] = std::move(judged.words);
    made.fixes[i] = std::move(judged.fixes);
    auto now = done.fetch_add(1) + 1;
    if (std::this_thread::get_id() == here)
      progress.show("judging  " + std::to_string(now) + " of " + std::to_string(count) + " objects");
  });
  made.notices = options_.exceptions.apply(made.objects, system_now());
  return made;
}

}  // namespace seawall::cli
