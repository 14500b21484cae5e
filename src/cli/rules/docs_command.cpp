// `seawall rules docs`: rules as Markdown.
#include "base/files.h"
#include "base/text.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "cli/rules/commands.h"
#include "cli/rules/rule_choice.h"
#include "report/rules_report.h"

namespace seawall::cli {
namespace {

Result<> write_pages(const std::vector<report::Page>& pages, const std::string& folder) {
  SW_TRY(make_directories(folder));
  for (const auto& page : pages) SW_TRY(write_file(path_join(folder, page.file), page.text, 0644, Durable::no));
  return {};
}

int run_docs(const Settings& settings) {
  auto choice = named_rules(settings.arguments());
  if (!choice) return report_error(choice.error());
  auto mistakes = choice->mistakes();
  for (const auto& mistake : mistakes) (void)report_error({Code::invalid, mistake.text()});
  auto folder = settings.text("output");
  auto pages = report::rule_pages_markdown(choice->pages());
  if (auto done = write_pages(pages, folder); !done) return report_error(done.error());
  auto count = choice->rules.size();
  auto told = std::to_string(count) + (count == 1 ? " rule in " : " rules in ") + std::to_string(pages.size()) +
              " pages: " + path_join(folder, "README.md") + "\n";
  if (auto done = print(told); !done) return report_error(done.error());
  return mistakes.empty() ? exit_clean : exit_incomplete;
}

}  // namespace

Command rules_docs_command() {
  return {.name = "rules docs",
          .summary = "Write Markdown pages about rules: an index, a page for each set, one by other tools' ids",
          .details = "Files of these names that are in the folder are written anew.",
          .arguments = {{.name = "RULE",
                         .help = "Ids, sets, files or folders of rules; none: all shipped rules.",
                         .count = Argument::Count::any,
                         .suggestions_from = "rules list -o names"}},
          .options = {{.name = "output",
                       .value = "DIR",
                       .help = "The folder; it is made where it is not there.",
                       .fallback = "rules-docs",
                       .letter = 'o',
                       .sources = OptionSources::command_line}},
          .examples = {{"seawall rules docs -o site/rules", "all shipped rules"},
                       {"seawall rules docs policies/ -o docs/policies", "a team's own"}},
          .run = run_docs};
}

}  // namespace seawall::cli
