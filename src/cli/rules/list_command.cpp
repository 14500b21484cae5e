// `seawall rules list`: which rules there are.
#include <cstdlib>
#include <map>

#include "cli/check/benchmark_view.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "cli/rules/commands.h"
#include "cli/rules/rule_choice.h"
#include "report/rules_report.h"

namespace seawall::cli {
namespace {

// Piped on, a list is searched: nothing of it may be cut.
constexpr unsigned unlimited = 10'000;

report::Options list_style() {
  bool for_people = stdout_is_terminal() || std::getenv("COLUMNS") != nullptr;
  return {.width = for_people ? terminal_width() : unlimited,
          .colour = colours_wanted() ? report::Colour::on : report::Colour::off};
}

std::vector<report::RuleSet> sets_of(const std::vector<model::RulePage>& pages) {
  std::map<std::string_view, report::RuleSet> sets;
  for (const auto& page : pages)
    for (const auto& name : page.sets) {
      auto& set = sets[name];
      set.name = name;
      set.rules.push_back(&page);
    }
  std::vector<report::RuleSet> all;
  for (auto& [name, set] : sets) all.push_back(std::move(set));
  return all;
}

// Every name that finds one of the rules.
std::string names_text(const RuleChoice& choice) {
  rulebook::Names names;
  for (const auto* rule : choice.rules) names.insert(rule->names.begin(), rule->names.end());
  std::string out;
  for (const auto& name : names) out += name + "\n";
  return out;
}

std::string list_text(const RuleChoice& choice, const Settings& settings) {
  auto format = settings.text("output");
  if (format == "names") return names_text(choice);
  auto pages = choice.pages();
  if (settings.flag("sets"))
    return format == "json" ? report::rule_set_json(sets_of(pages))
                            : report::rule_set_table(sets_of(pages), list_style());
  return format == "json" ? report::rule_list_json(pages) : report::rule_table(pages, list_style());
}

std::string benchmarks_text(std::string_view format) {
  std::vector<report::BenchmarkSummary> all;
  for (const auto& file : shipped_benchmarks()) all.push_back(report::summary_of(file.benchmark));
  if (format == "json") return report::benchmark_list_json(all);
  if (format == "table") return report::benchmark_table(all, list_style());
  std::string out;
  for (const auto& each : all) out += each.id + "\n";
  return out;
}

int run_list(const Settings& settings) {
  if (settings.flag("benchmarks")) {
    auto done = print(benchmarks_text(settings.text("output")));
    return done ? exit_clean : report_error(done.error());
  }
  auto choice = searched_rules(settings.arguments());
  if (!choice) return report_error(choice.error());
  auto mistakes = choice->mistakes();
  for (const auto& mistake : mistakes) (void)report_error({Code::invalid, mistake.text()});
  if (auto done = print(list_text(*choice, settings)); !done) return report_error(done.error());
  return mistakes.empty() ? exit_clean : exit_incomplete;
}

}  // namespace

Command rules_list_command() {
  constexpr auto here = OptionSources::command_line;
  return {.name = "rules list",
          .summary = "List rules, or the sets of rules",
          .details =
              "Without words all rules that Seawall ships. A word is a set, an id, ours or another tool's, or text in "
              "id, title\n"
              "or description; rules that every word finds are listed. A file or folder lists the rules in it instead.",
          .arguments = {{.name = "WORD",
                         .help = "Sets, ids, text, or files and folders of rules.",
                         .count = Argument::Count::any,
                         .suggestions_from = "rules list -o names"}},
          .options = {{.name = "sets",
                       .kind = OptionKind::flag,
                       .help = "The sets, with how many rules of which severity.",
                       .sources = here},
                      {.name = "benchmarks",
                       .kind = OptionKind::flag,
                       .help = "The compliance benchmarks that `seawall check --benchmark` takes.",
                       .sources = here},
                      {.name = "output",
                       .value = "FORMAT",
                       .help = "How to write the list; names are all that --policy takes.",
                       .fallback = "table",
                       .letter = 'o',
                       .choices = {"table", "json", "names"},
                       .sources = here}},
          .examples = {{"seawall rules list pod-security", "the rules of a set"},
                       {"seawall rules list kyverno ingress", "those of a set that speak of Ingresses"},
                       {"seawall rules list --sets", "the sets there are"},
                       {"seawall rules list trivy/KSV-0017", "which rule answers to another tool's id"}},
          .run = run_list};
}

}  // namespace seawall::cli
