// `seawall rules`: rules listed, shown and tested.
#include <algorithm>

#include "admission/rule_tests.h"
#include "base/text.h"
#include "base/unicode.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"

namespace seawall::cli {
namespace {

int test(const Settings& settings) {
  auto report = admission::test_rules(settings.arguments());
  for (const auto& mistake : report.mistakes) (void)report_error({Code::invalid, mistake.text()});
  std::string out;
  for (const auto& each : report.failed)
    out += printable(each.where.text()) + ": " + printable(each.rule) + ": " + printable(each.name) + ": " +
           printable(each.what) + "\n";
  out += std::to_string(report.rules) + " rules: " + std::to_string(report.passed) + " cases passed, " +
         std::to_string(report.failed.size()) + " failed\n";
  if (auto done = print(out); !done) return report_error(done.error());
  if (!report.failed.empty()) return exit_gate;
  return report.mistakes.empty() ? exit_clean : exit_incomplete;
}

}  // namespace

std::vector<Command> rules_commands() {
  return {{.name = "rules test",
           .summary = "Run the test cases that stand beside rules",
           .details =
               "Cases are files x.test.yaml beside x.yaml. Exit code 1: a case failed; 3: a rule or test has mistakes.",
           .arguments = {{.name = "PATH",
                          .help = "Rules and tests: files or folders.",
                          .count = Argument::Count::at_least_one}},
           .options = {},
           .examples = {{"seawall rules test rules/", "all rules of a folder"}},
           .run = test}};
}

}  // namespace seawall::cli
