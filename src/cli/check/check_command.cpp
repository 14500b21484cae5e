// `seawall check`: manifests against policies.
#include <algorithm>
#include <cstdio>

#include "admission/type_check.h"
#include "base/files.h"
#include "base/threads.h"
#include "base/unicode.h"
#include "cli/check/benchmark_view.h"
#include "cli/check/check_gate.h"
#include "cli/check/fixing.h"
#include "cli/check/judging.h"
#include "cli/check/policy_choice.h"
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

Result<kube::Manifests> read_manifests(const std::vector<std::string>& files) {
  kube::ManifestOptions options{.workers = processor_count()};
  if (std::ranges::find(files, "-") == files.end()) {
    MemorySource nothing("");
    return kube::read_manifest_files(files, nothing, options);
  }
  auto input = SW_TRY(open_source("/dev/stdin"));
  return kube::read_manifest_files(files, *input, options);
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

// One call of check.
class CheckRun {
 public:
  explicit CheckRun(const Settings& settings) : settings_(settings), line_(settings) {}

  int run() {
    if (auto ready = prepare(); !ready) return report_error(ready.error());
    auto judging = judge_first();
    if (!judging) return report_error(judging.error());
    if (settings_.flag("fix"))
      while (rounds_++ < Fixing::most_rounds && fixing_.improve(judged_, manifests_.manifests)) judge(*judging);
    line_.clear();
    tell_of_options(*judging);
    if (auto done = give_fixed(); !done) return report_error(done.error());
    if (auto done = write(); !done) return report_error(done.error());
    return exit_code();
  }

 private:
  using CheckOutput = Output<report::CheckFormat>;

  Result<> prepare() {
    auto files = settings_.list("filename");
    std::ranges::copy(settings_.arguments(), std::back_inserter(files));
    if (files.empty()) return fail(Code::invalid, "nothing to check: name a file or folder");
    outputs_ = SW_TRY(outputs_of(settings_, report::check_format_named));
    gate_ = SW_TRY(in("--fail-on", CheckGate::parse(settings_.list("fail-on"))));
    judging_.skip = SW_TRY(in("--skip", model::SkipList::parse(settings_.list("skip"))));
    auto config = SW_TRY(ConfigFile::find(settings_.text("config"), settings_.program()));
    judging_.exceptions = SW_TRY(in(config.path(), model::Exceptions::parse(config.root()["ignore"])));
    judging_.namespace_of_none = settings_.text("namespace");
    for (const auto& each : settings_.list("pod-template")) SW_TRY(in("--pod-template", judging_.templates.add(each)));
    if (settings_.flag("all")) judging_.not_applicable = NotApplicable::kept;
    if (is_short_answer()) judging_.told = Told::first_reasons;
    SW_TRY(prepare_fix(files));
    view_ = SW_TRY(BenchmarkView::open(settings_));
    choice_ = SW_TRY(choose_policies(view_.policies(settings_.list("policy")), settings_));
    SW_TRY(view_.compare(choice_, settings_));
    line_.show("reading manifests");
    manifests_ = SW_TRY(read_manifests(files));
    related_ = SW_TRY(read_manifests(settings_.list("cluster-data")));
    return {};
  }

  // Nobody sees the reasons of all that fails, or asks whether it can be mended.
  bool is_short_answer() const {
    bool for_people = std::ranges::all_of(outputs_, [](const auto& each) { return each.format.name == "table"; });
    bool by_rules = settings_.text("benchmark").empty();  // controls tell of each object why it fails
    return for_people && by_rules && !settings_.flag("all") && !settings_.flag("fix") && !gate_.asks_for_fixes();
  }

  // Where standard output is for manifests or a diff, the report for people goes to standard error.
  Result<> prepare_fix(const std::vector<std::string>& files) {
    bool fix = settings_.flag("fix"), dry = settings_.flag("dry-run");
    if (dry && !fix) return fail(Code::invalid, "--dry-run shows what --fix would do: give both");
    output_is_taken_ = dry || (fix && std::ranges::find(files, "-") != files.end());
    if (!output_is_taken_) return {};
    for (const auto& output : outputs_)
      if (output.file.empty() && output.format.name != "table")
        return fail(Code::invalid, std::string("standard output is for ") + (dry ? "the diff" : "the fixed manifests") +
                                       "; write the report to a file: -o " + std::string(output.format.name) + "=FILE");
    return {};
  }

  Result<Judging> judge_first() {
    report_mistakes(choice_.mistakes, manifests_);
    report_mistakes({}, related_);
    schemas_ = schemas_with({&manifests_, &related_});
    judging_.schemas = &schemas_;
    warn_of_types(choice_.from_files, schemas_);
    auto floor = model::severity_from(settings_.text("severity")).value_or(model::Severity::unknown);
    std::erase_if(choice_.policies, [&](const auto& each) { return each.use.policy->header.severity < floor; });
    auto judging = SW_TRY(Judging::prepare(std::move(choice_.policies), std::move(judging_)));
    judge(judging);
    return judging;
  }

  void judge(Judging& judging) { judged_ = judging.judge(manifests_.manifests, related_.manifests, line_); }

  void tell_of_options(const Judging& judging) const {
    for (const auto& notice : judged_.notices) warn(notice.what);
    for (const auto& pattern : judging.unused_skips()) warn("--skip " + pattern + " fits nothing here");
    if (judged_.manifests.empty() && !settings_.flag("quiet")) warn("there is no object to check");
  }

  Result<> give_fixed() {
    if (!settings_.flag("fix")) return {};
    for (const auto& error : fixing_.refused()) (void)report_error(error);
    bool dry = settings_.flag("dry-run");
    bool wrote_input = false;
    for (const auto& [file, fixed] : fixing_.files()) {
      wrote_input = wrote_input || file == standard_input_name;
      if (dry)
        SW_TRY(print(diff_of(file, fixed)));
      else if (file == standard_input_name)
        SW_TRY(print(fixed.after));
      else
        SW_TRY(write_fixed(file, fixed));
      tell_changes(file, fixed);
    }
    if (output_is_taken_ && !dry && !wrote_input) SW_TRY(print_unchanged_input());
    if (fixing_.files().empty() && !settings_.flag("quiet")) std::fputs("seawall: there is nothing to mend\n", stderr);
    return {};
  }

  // What stands behind in the pipe gets its manifests in any case.
  Result<> print_unchanged_input() const {
    for (const auto& manifest : manifests_.manifests)
      if (manifest.file() == standard_input_name) return print(manifest.text());
    return {};
  }

  void tell_changes(const std::string& file, const FixedFile& fixed) const {
    if (settings_.flag("quiet")) return;
    bool dry = settings_.flag("dry-run");
    auto count = fixed.changes.size(), told = dry ? 0 : std::min<std::size_t>(count, 20);  // a diff tells by itself
    auto out = "seawall: " + file + ": " + std::to_string(count) + (count == 1 ? " change" : " changes");
    if (dry) out += " would be made";
    for (std::size_t i = 0; i < told; ++i) out += "\n  " + fixed.changes[i];
    if (!dry && told < count) out += "\n  and " + std::to_string(count - told) + " more";
    std::fprintf(stderr, "%s\n", printable_lines(out).c_str());
  }

  model::CheckReport report() {
    bool for_sarif = std::ranges::any_of(outputs_, [](const auto& each) { return each.format.name == "sarif"; });
    if (for_sarif) add_text_edits(judged_);
    model::CheckReport made{.objects = std::move(judged_.objects), .mistakes = {}, .created = system_now()};
    for (const auto& mistake : choice_.mistakes) made.mistakes.push_back(mistake.text());
    for (const auto* set : {&manifests_, &related_})
      for (const auto& mistake : set->mistakes)
        if (!mistake.warning) made.mistakes.push_back(mistake.text());
    return made;
  }

  Result<> write() {
    using Detail = report::CheckOptions::Detail;
    report_ = report();
    report::CheckOptions style{.width = terminal_width(),
                               .detail = settings_.flag("all") ? Detail::everything : Detail::ranked};
    for (const auto& output : outputs_) {
      bool aside = output.file.empty() && output_is_taken_;
      style.colour = output.file.empty() && !aside && colours_wanted() ? report::Colour::on : report::Colour::off;
      auto by_controls = view_.written(output.format.name, report_, style);
      auto text = by_controls ? std::move(*by_controls) : output.format.write(report_, style);
      if (aside)
        std::fputs(text.c_str(), stderr);
      else
        SW_TRY(deliver(output, text));
    }
    return {};
  }

  int exit_code() {
    auto stops = gate_.stops(report_.objects);
    if (!stops) return report_error(stops.error());
    if (*stops) return exit_gate;
    if (!report_.mistakes.empty() || !fixing_.refused().empty()) return exit_incomplete;
    return report_.objects.empty() && settings_.flag("fail-if-empty") ? exit_nothing : exit_clean;
  }

  const Settings& settings_;
  ProgressLine line_;
  std::vector<CheckOutput> outputs_;
  CheckGate gate_;
  JudgingOptions judging_;
  PolicyChoice choice_;
  BenchmarkView view_;
  kube::Manifests manifests_, related_;
  kube::Schemas schemas_ = kube::builtin_schemas();
  Judgement judged_;
  Fixing fixing_;
  unsigned rounds_ = 0;
  bool output_is_taken_ = false;
  model::CheckReport report_;
};

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
       .sources = here,
       .suggestions_from = "rules list -o names"},
      {.name = "benchmark",
       .value = "NAME",
       .help = "Judge by the rules of a compliance benchmark, shipped or in a file, and tell control by control what "
               "passes, what fails, and what can't be assessed from here (table and json).",
       .sources = here,
       .suggestions_from = "rules list --benchmarks -o names"},
      {.name = "pod-template",
       .kind = list,
       .value = "KIND=PATH",
       .help =
           "A kind of your own that makes pods, and where their template stands: argoproj.io/Rollout=spec.template.",
       .sources = here},
      {.name = "cluster-data",
       .kind = list,
       .value = "PATH",
       .help = "Objects that policies may look at, and that are not judged.",
       .sources = here},
      {.name = "all",
       .kind = flag,
       .help = "Every object and every finding, with rules that do not apply; else the worst, in few lines.",
       .sources = here},
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
      {.name = "skip",
       .kind = list,
       .value = "WHAT",
       .help = "Leave out namespace/NAME, rule/ID, Kind/namespace/name or Kind/name; with * and ?.",
       .sources = here},
      {.name = "fail-on",
       .kind = list,
       .value = "CONDITIONS",
       .help = "Exit with 1 where a rule that fails or can't be decided is of that severity or above, or fulfils an "
               "expression in CEL: severity >= high && kind == 'Pod'.",
       .suggestions = {"low", "medium", "high", "critical"}},
      {.name = "fix",
       .kind = flag,
       .help = "Mend what can be mended in the manifests themselves; those of standard input are written to standard "
               "output.",
       .sources = here},
      {.name = "dry-run",
       .kind = flag,
       .help = "With --fix: show the changes as a diff, write nothing.",
       .sources = here},
      {.name = "output",
       .kind = list,
       .value = "FORMAT[=FILE]",
       .help = "How to write the results, and where to: table, json, sarif, junit, policyreport, markdown.",
       .fallback = "table",
       .letter = 'o',
       .suggestions = {"table", "json", "sarif", "junit", "policyreport", "markdown"},
       .sources = here},
      {.name = "fail-if-empty",
       .kind = flag,
       .help = "Exit with 4 where there is no object to check.",
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
          "Policies are the rules that come along, files of kind Policy, ValidatingAdmissionPolicies, Gatekeeper's\n"
          "constraints and Kyverno's policies in CEL. Those on pods judge every kind that makes pods. What can't be\n"
          "decided is shown, and never counted as passed. Exceptions stand in the list `ignore` of .seawall.yaml, "
          "beside\n"
          "those of scan: rule, object, namespace, path, reason, until.",
      .arguments = {{.name = "PATH", .help = "Manifests, as with -f.", .count = Argument::Count::any}},
      .options = options(),
      .examples = {{"seawall check -f deploy/", "a folder of manifests, by the default set of rules"},
                   {"helm template web ./chart | seawall check -f - --policy pod-security/restricted --fail-on high",
                    "a gate in a pipeline: exit code 1"},
                   {"seawall check -f deploy/ --fix --dry-run",
                    "what could be mended, as a diff; then without --dry-run"},
                   {"seawall check -f deploy/ -o table -o sarif=check.sarif -o markdown=comment.md",
                    "for people, for code scanning and for a comment on the change"},
                   {"seawall check -f deploy/ --skip namespace/kube-system --skip rule/workload/probes",
                    "what is not ours, and what we do not care for"},
                   {"seawall check -f deploy/ --benchmark cis-1.12", "how it stands to a benchmark"},
                   {"seawall check -f pod.yaml --policy vap.yaml -o json", "one object, by a policy of one's own"}},
      .run = [](const Settings& settings) { return CheckRun(settings).run(); }};
}

}  // namespace seawall::cli
