// `seawall check`: manifests against policies.
#include <algorithm>
#include <map>

#include "admission/manifest_check.h"
#include "base/files.h"
#include "base/text.h"
#include "base/unicode.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "codec/json.h"
#include "kube/manifest_files.h"
#include "rulebook/rulebook.h"

namespace seawall::cli {
namespace {

using admission::CheckResult;
using rulebook::Verdict;

// One object and what the policies say of it.
struct Checked {
  const kube::Manifest* manifest;
  std::vector<CheckResult> results;
};

std::string name_of(const kube::Manifest& manifest) {
  std::string name(manifest.kind);
  name += ' ';
  if (!manifest.in_namespace.empty()) name.append(manifest.in_namespace).append("/");
  return name.append(manifest.name.empty() ? manifest.generate_name : manifest.name);
}

void report_mistakes(const rulebook::Rulebook& rules, const kube::Manifests& manifests) {
  for (const auto& mistake : rules.mistakes()) (void)report_error({Code::invalid, mistake.text()});
  for (const auto& mistake : manifests.mistakes) (void)report_error({mistake.code, mistake.text()});
  if (manifests.mistakes_left_out > 0)
    (void)report_error({Code::invalid, std::to_string(manifests.mistakes_left_out) + " more mistakes in manifests"});
}

std::vector<std::shared_ptr<const rulebook::Policy>> policies_of(const rulebook::Rulebook& rules,
                                                                 model::Severity floor) {
  std::vector<std::shared_ptr<const rulebook::Policy>> chosen;
  for (const auto& policy : rules.policies())
    if (policy.header.severity >= floor) chosen.push_back(std::make_shared<const rulebook::Policy>(policy));
  return chosen;
}

// Worst first; within one severity in the order of the rules.
void rank(std::vector<CheckResult>& results) {
  std::ranges::stable_sort(results, [](const CheckResult& a, const CheckResult& b) {
    bool a_fails = a.verdict == Verdict::fail, b_fails = b.verdict == Verdict::fail;
    if (a_fails != b_fails) return a_fails;
    return a.policy->header.severity > b.policy->header.severity;
  });
}

std::string badge(std::string_view word) {
  std::string made(word);
  for (char& c : made)
    if (is_lower(c)) c = static_cast<char>(c - 32);
  return made;
}

std::string table_of(const std::vector<Checked>& all) {
  std::string out;
  std::map<Verdict, std::size_t> counts;
  for (const auto& [manifest, results] : all) {
    bool named = false;
    for (const auto& result : results) {
      ++counts[result.verdict];
      if (result.verdict == Verdict::pass) continue;
      if (!std::exchange(named, true))
        out += printable(name_of(*manifest)) + "  " + printable(manifest->where().text()) + "\n";
      const auto& header = result.policy->header;
      bool fails = result.verdict == Verdict::fail;
      out += "  " + badge(fails ? model::text(header.severity) : std::string_view("undecided")) + "  " + header.id +
             (header.title.empty() ? "" : "  " + printable(header.title)) + "\n";
      for (const auto& finding : result.findings) {
        out += "      " + printable(finding.message) + "\n";
        for (const auto& path : finding.paths) out += "        " + printable(path) + "\n";
        out += "        " + printable(finding.where.text()) + "\n";
      }
      if (fails && !header.remedy.empty()) out += "      " + printable(header.remedy) + "\n";
    }
    if (named) out += "\n";
  }
  return out + std::to_string(all.size()) + " objects: " + std::to_string(counts[Verdict::fail]) + " failed, " +
         std::to_string(counts[Verdict::undetermined]) + " undecided, " + std::to_string(counts[Verdict::pass]) +
         " passed\n";
}

void write_result(codec::JsonWriter& json, const kube::Manifest& manifest, const CheckResult& result) {
  json.begin_object().key("object").begin_object();
  json.field("apiVersion", manifest.api_version).field("kind", manifest.kind);
  json.field("namespace", manifest.in_namespace).field("name", manifest.name).end_object();
  json.field("rule", result.policy->header.id).field("verdict", rulebook::text(result.verdict));
  json.field("severity", model::text(result.policy->header.severity));
  json.field("message", result.findings.empty() ? "" : result.findings.front().message);
  json.key("paths").begin_array();
  for (const auto& finding : result.findings)
    for (const auto& path : finding.paths) json.text(path);
  json.end_array();
  json.field("where", (result.findings.empty() ? manifest.where() : result.findings.front().where).text());
  json.field("fix", result.policy->header.remedy).end_object();
}

std::string json_of(const std::vector<Checked>& all) {
  codec::JsonWriter json(codec::JsonWriter::Style::pretty);
  json.begin_array();
  for (const auto& [manifest, results] : all)
    for (const auto& result : results) write_result(json, *manifest, result);
  json.end_array();
  return json.take() + "\n";
}

Result<kube::Manifests> read_manifests(const std::vector<std::string>& files) {
  if (std::ranges::find(files, "-") == files.end()) {
    MemorySource nothing("");
    return kube::read_manifest_files(files, nothing);
  }
  auto input = SW_TRY(open_source("/dev/stdin"));
  return kube::read_manifest_files(files, *input);
}

// The gate: a failed or undecided rule of that severity or above.
bool reaches(const std::vector<Checked>& all, model::Severity gate) {
  for (const auto& [manifest, results] : all)
    for (const auto& result : results)
      if (result.verdict != Verdict::pass && result.policy->header.severity >= gate) return true;
  return false;
}

int run(const Settings& settings) {
  auto files = settings.list("filename");
  if (files.empty()) return report_error({Code::invalid, "nothing to check: name a file or folder with -f"});
  auto rules = rulebook::Rulebook::load(settings.list("policy"));
  if (rules.policies().empty() && rules.mistakes().empty())
    return report_error({Code::invalid, "no policies: name a file or folder of them with --policy"});
  auto manifests = read_manifests(files);
  if (!manifests) return report_error(manifests.error());
  report_mistakes(rules, *manifests);
  auto floor = model::severity_from(settings.text("severity")).value_or(model::Severity::unknown);
  auto check =
      admission::ManifestCheck::compile(policies_of(rules, floor), {.namespace_of_none = settings.text("namespace")});
  if (!check) return report_error(check.error());
  std::vector<Checked> all;
  for (const auto& manifest : manifests->manifests) {
    all.push_back({&manifest, check->check(manifest)});
    rank(all.back().results);
  }
  auto text = settings.text("output") == "json" ? json_of(all) : table_of(all);
  if (auto done = print(text); !done) return report_error(done.error());
  if (!rules.mistakes().empty() || !manifests->mistakes.empty()) return exit_incomplete;
  auto gate = settings.text("fail-on");
  return !gate.empty() && reaches(all, *model::severity_from(gate)) ? exit_gate : exit_clean;
}

std::vector<Option> options() {
  using enum OptionKind;
  constexpr auto here = OptionSources::command_line;
  return {
      {.name = "filename",
       .kind = list,
       .value = "PATH",
       .help = "Manifests: a file, a folder with all *.yaml, *.yml and *.json below, or - for standard input.",
       .letter = 'f',
       .sources = here},
      {.name = "policy",
       .kind = list,
       .value = "PATH",
       .help = "Policies: a file or folder of kind Policy or ValidatingAdmissionPolicy.",
       .letter = 'p',
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
      {.name = "fail-on",
       .value = "LEVEL",
       .help = "Exit with 1 where a rule of that severity or above fails or can't be decided.",
       .choices = {"low", "medium", "high", "critical"},
       .sources = here},
      {.name = "output",
       .value = "FORMAT",
       .help = "How to write the results.",
       .fallback = "table",
       .letter = 'o',
       .choices = {"table", "json"},
       .sources = here},
  };
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
