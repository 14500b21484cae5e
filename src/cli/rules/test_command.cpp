// `seawall rules test`: rules, their types and the cases that stand beside them.
#include <cstdio>

#include "admission/rule_tests.h"
#include "base/unicode.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "cli/rules/commands.h"

namespace seawall::cli {
namespace {

std::string text_of(const admission::RuleTestFailure& failure) {
  return printable(failure.where.text()) + ": " + printable(failure.rule) + ": " + printable(failure.name) + ": " +
         printable(failure.what) + "\n";
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string summary_of(const admission::RuleTestReport& report) {
  auto out = counted(report.rules, "rule") + ": " + counted(report.passed, "case") + " passed, " +
             std::to_string(report.failed.size()) + " failed";
  if (!report.mistakes.empty()) out += ", " + counted(report.mistakes.size(), "mistake");
  if (!report.warnings.empty()) out += ", " + counted(report.warnings.size(), "warning");
  return out + "\n";
}

int run_tests(const Settings& settings) {
  auto report = admission::test_rules(settings.arguments());
  for (const auto& mistake : report.mistakes) (void)report_error({Code::invalid, mistake.text()});
  for (const auto& warning : report.warnings)
    std::fprintf(stderr, "seawall: warning: %s\n", printable_lines(warning.text()).c_str());
  std::string out;
  for (const auto& each : report.failed) out += text_of(each);
  if (auto done = print(out + summary_of(report)); !done) return report_error(done.error());
  if (!report.failed.empty()) return exit_gate;
  bool clean = report.mistakes.empty() && (report.warnings.empty() || !settings.flag("strict"));
  return clean ? exit_clean : exit_incomplete;
}

}  // namespace

Command rules_test_command() {
  return {.name = "rules test",
          .summary = "Run the test cases that stand beside rules",
          .details =
              "Cases are files x.test.yaml beside x.yaml. What an expression can't mean for an object of the kinds "
              "that its\n"
              "rule judges is a warning. Exit code 1: a case failed; 3: a rule or test has mistakes, or has no cases.",
          .arguments = {{.name = "PATH",
                         .help = "Rules and tests: files or folders.",
                         .count = Argument::Count::at_least_one}},
          .options = {{.name = "strict",
                       .kind = OptionKind::flag,
                       .help = "Exit with 3 where there are warnings.",
                       .sources = OptionSources::command_line}},
          .examples = {{"seawall rules test rules/", "all rules of a folder"},
                       {"seawall rules test --strict rules/", "in a pipeline: warnings count"}},
          .run = run_tests};
}

}  // namespace seawall::cli
