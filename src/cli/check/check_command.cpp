// `seawall check`: manifests against policies.
#include <algorithm>
#include <cstdio>

#include "admission/type_check.h"
#include "base/files.h"
#include "base/unicode.h"
#include "cli/check/policy_choice.h"
#include "cli/check/results.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "cli/outputs.h"
#include "kube/manifest_files.h"
#include "kube/schema.h"
#include "report/check_report.h"

namespace seawall::cli {
namespace {

void report_mistakes(const std::vector<rulebook::Mistake>& rules, const kube::Manifests& manifests) {
  for (const auto& mistake : rules) (void)report_error({Code::invalid, mistake.text()});
  for (const auto& mistake : manifests.mistakes) (void)report_error({mistake.code, mistake.text()});
  if (manifests.mistakes_left_out > 0)
    (void)report_error({Code::invalid, std::to_string(manifests.mistakes_left_out) + " more mistakes in manifests"});
}

bool is_incomplete(const kube::Manifests& manifests) {
  return !std::ranges::all_of(manifests.mistakes, [](const auto& mistake) { return mistake.warning; });
}

using CheckOutput = Output<report::CheckFormat>;

Result<kube::Manifests> read_manifests(const std::vector<std::string>& files) {
  if (std::ranges::find(files, "-") == files.end()) {
    MemorySource nothing("");
    return kube::read_manifest_files(files, nothing);
  }
  auto input = SW_TRY(open_source("/dev/stdin"));
  return kube::read_manifest_files(files, *input);
}

void warn(const std::string& text) { std::fprintf(stderr, "seawall: warning: %s\n", printable_lines(text).c_str()); }

// Custom resources whose definitions are among the objects are known as well as Kubernetes' own kinds.
kube::Schemas schemas_with(std::initializer_list<const kube::Manifests*> objects) {
  auto schemas = kube::builtin_schemas();
  for (const auto* set : objects) {
    for (const auto& each : set->manifests) {
      if (each.kind != "CustomResourceDefinition") continue;
      if (auto added = schemas.add_custom_resource(each.object); !added)
        warn(each.where().text() + ": " + added.error().what);
    }
  }
  return schemas;
}

// What is shipped was checked before.
void warn_of_types(const std::vector<rulebook::Rulebook::PolicyPointer>& policies, const kube::Schemas& schemas) {
  if (policies.empty()) return;
  admission::TypeCheck types(schemas);
  for (const auto& policy : policies)
    for (const auto& warning : types.check(*policy)) warn(warning.mistake().text());
}

// The gate: a failed or undecided rule of that severity or above.
bool reaches(const std::vector<model::ObjectResults>& objects, model::Severity gate) {
  for (const auto& object : objects)
    for (const auto& result : object.results)
      if (result.verdict != model::Verdict::pass && result.verdict != model::Verdict::not_applicable &&
          result.rule->severity >= gate)
        return true;
  return false;
}

Result<> write(const model::CheckReport& report, const std::vector<CheckOutput>& outputs, const Settings& settings) {
  using Detail = report::CheckOptions::Detail;
  report::CheckOptions style{.width = terminal_width(),
                             .detail = settings.flag("all") ? Detail::everything : Detail::ranked};
  for (const auto& output : outputs) {
    style.colour = output.file.empty() && colours_wanted() ? report::Colour::on : report::Colour::off;
    SW_TRY(deliver(output, output.format.write(report, style)));
  }
  return {};
}

int run(const Settings& settings) {
  auto files = settings.list("filename");
  if (files.empty()) return report_error({Code::invalid, "nothing to check: name a file or folder with -f"});
  auto outputs = outputs_of(settings, report::check_format_named);
  if (!outputs) return report_error(outputs.error());
  auto choice = choose_policies(settings.list("policy"), settings);
  if (!choice) return report_error(choice.error());
  auto manifests = read_manifests(files);
  if (!manifests) return report_error(manifests.error());
  auto related = read_manifests(settings.list("cluster-data"));
  if (!related) return report_error(related.error());
  report_mistakes(choice->mistakes, *manifests);
  report_mistakes({}, *related);
  auto schemas = schemas_with({&*manifests, &*related});
  warn_of_types(choice->from_files, schemas);
  auto floor = model::severity_from(settings.text("severity")).value_or(model::Severity::unknown);
  std::erase_if(choice->policies, [&](const auto& each) { return each.use.policy->header.severity < floor; });
  auto check = admission::ManifestCheck::compile(
      std::move(choice->policies), {.namespace_of_none = settings.text("namespace"), .schemas = &schemas});
  if (!check) return report_error(check.error());
  for (const auto* set : {&*manifests, &*related})
    for (const auto& manifest : set->manifests) check->add_related(manifest);
  CheckResults results;
  for (const auto& manifest : manifests->manifests)
    results.add(manifest, check->namespace_of(manifest), check->check(manifest), settings.flag("all"));
  model::CheckReport report{.objects = std::move(results.objects()), .mistakes = {}, .created = system_now()};
  for (const auto* set : {&*manifests, &*related})
    for (const auto& mistake : set->mistakes)
      if (!mistake.warning) report.mistakes.push_back(mistake.text());
  if (auto done = write(report, *outputs, settings); !done) return report_error(done.error());
  if (!choice->mistakes.empty() || is_incomplete(*manifests) || is_incomplete(*related)) return exit_incomplete;
  auto gate = settings.text("fail-on");
  return !gate.empty() && reaches(report.objects, *model::severity_from(gate)) ? exit_gate : exit_clean;
}

std::vector<Option> options() {
  using enum OptionKind;
  constexpr auto here = OptionSources::command_line;
  std::vector<Option> all = {
      {.name = "filename",
       .kind = list,
       .value = "PATH",
       .help = "Manifests: a file, a folder with all *.yaml, *.yml and *.json below, or - for standard input.",
       .letter = 'f',
       .sources = here},
      {.name = "policy",
       .kind = list,
       .value = "RULE",
       .help = "A rule's id, a set of rules, or a file or folder of policies; without it the set `default`.",
       .letter = 'p',
       .sources = here},
      {.name = "cluster-data",
       .kind = list,
       .value = "PATH",
       .help = "Objects that policies may look at, and that are not judged.",
       .sources = here},
      {.name = "all", .kind = flag, .help = "Rules that do not apply to an object, too.", .sources = here},
      {.name = "namespace",
       .value = "NAME",
       .help = "Where an object stands that names no namespace.",
       .fallback = "default",
       .letter = 'n',
       .sources = here},
      {.name = "severity",
       .value = "LEVEL",
       .help = "Only rules of that severity and above.",
       .choices = {"low", "medium", "high", "critical"},
       .sources = here},
      {.name = "fail-on",
       .value = "LEVEL",
       .help = "Exit with 1 where a rule of that severity or above fails or can't be decided.",
       .choices = {"low", "medium", "high", "critical"},
       .sources = here},
      {.name = "output",
       .kind = list,
       .value = "FORMAT[=FILE]",
       .help = "How to write the results, and where to: table, json, sarif, junit, policyreport, markdown.",
       .fallback = "table",
       .letter = 'o',
       .suggestions = {"table", "json", "sarif", "junit", "policyreport", "markdown"},
       .sources = here},
  };
  std::ranges::move(policy_options(), std::back_inserter(all));
  return all;
}

}  // namespace

Command check_command() {
  return {
      .name = "check",
      .summary = "Judge Kubernetes manifests by policies before they reach a cluster",
      .details =
          "Policies are ValidatingAdmissionPolicies as they are, or files of kind Policy. One on pods (podSpec: true)\n"
          "judges every kind that makes pods. A rule that can't be decided is shown, never counted as passed.",
      .arguments = {},
      .options = options(),
      .examples = {{"seawall check -f deploy/ --policy policies/", "a folder of manifests"},
                   {"helm template web ./chart | seawall check -f - --policy policies/ --fail-on high",
                    "a gate in a pipeline: exit code 1"},
                   {"seawall check -f pod.yaml --policy vap.yaml -o json", "one object, as JSON"}},
      .run = run};
}

}  // namespace seawall::cli
