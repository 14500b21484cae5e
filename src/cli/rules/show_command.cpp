// `seawall rules show`: all that is known of a rule, or the rule as it is written.
#include "base/text.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "cli/rules/commands.h"
#include "cli/rules/rule_choice.h"
#include "codec/json.h"
#include "report/rules_report.h"

namespace seawall::cli {
namespace {

std::string pages_text(const RuleChoice& choice) {
  report::Options style{.width = terminal_width(),
                        .colour = colours_wanted() ? report::Colour::on : report::Colour::off};
  std::string out;
  for (const auto& page : choice.pages()) out += (out.empty() ? "" : "\n\n") + report::rule_page_text(page, style);
  return out;
}

std::string files_text(const RuleChoice& choice) {
  std::string out;
  for (const auto* rule : choice.rules) {
    out += (out.empty() ? "" : "---\n") + std::string(rule->text);
    if (!out.ends_with('\n')) out += '\n';
  }
  return out;
}

std::string documents_json(const RuleChoice& choice) {
  codec::JsonWriter json(codec::JsonWriter::Style::pretty);
  json.begin_array();
  for (const auto* rule : choice.rules) json.value(rule->document);
  json.end_array();
  return json.take() + "\n";
}

int run_show(const Settings& settings) {
  auto choice = named_rules(settings.arguments());
  if (!choice) return report_error(choice.error());
  auto mistakes = choice->mistakes();
  for (const auto& mistake : mistakes) (void)report_error({Code::invalid, mistake.text()});
  auto format = settings.text("output");
  auto text = format == "yaml" ? files_text(*choice) : format == "json" ? documents_json(*choice) : pages_text(*choice);
  if (auto done = print(text); !done) return report_error(done.error());
  return mistakes.empty() ? exit_clean : exit_incomplete;
}

}  // namespace

Command rules_show_command() {
  return {.name = "rules show",
          .summary = "Show a rule: what it judges and why, its expressions, parameters, fix and test cases",
          .details = "As YAML it is the rule's file as it is written, to be copied and changed.",
          .arguments = {{.name = "RULE",
                         .help = "Ids, ours or another tool's; sets; files and folders of rules.",
                         .count = Argument::Count::at_least_one,
                         .suggestions_from = "rules list -o names"}},
          .options = {{.name = "output",
                       .value = "FORMAT",
                       .help = "How to write it: for people, as its file, or that as JSON.",
                       .fallback = "text",
                       .letter = 'o',
                       .choices = {"text", "yaml", "json"},
                       .sources = OptionSources::command_line}},
          .examples = {{"seawall rules show workload/privileged", "what a finding was about"},
                       {"seawall rules show kubescape/C-0057", "by another tool's id"},
                       {"seawall rules show workload/image-tag -o yaml > image-tag.yaml", "a rule to change"}},
          .run = run_show};
}

}  // namespace seawall::cli
