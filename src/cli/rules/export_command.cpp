// `seawall rules export`: rules in the API server's own language.
#include "admission/export.h"

#include <algorithm>

#include "cli/check/policy_choice.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "cli/rules/commands.h"

namespace seawall::cli {
namespace {

// What can't be said in the API server's own language is named, and the rest written.
int export_rules(const Settings& settings) {
  auto choice = choose_policies(settings.arguments(), settings);
  if (!choice) return report_error(choice.error());
  for (const auto& mistake : choice->mistakes) (void)report_error({Code::invalid, mistake.text()});
  std::string out;
  bool whole = choice->mistakes.empty();
  for (const auto& bound : choice->policies) {
    auto text = admission::native_policy(bound.use, {.action = settings.text("action")});
    if (text)
      out += (out.empty() ? "" : "---\n") + *text;
    else
      whole = false, (void)report_error(text.error());
  }
  if (auto done = print(out); !done) return report_error(done.error());
  return whole ? exit_clean : exit_incomplete;
}

std::vector<Option> export_options() {
  constexpr auto here = OptionSources::command_line;
  std::vector<Option> all = {{.name = "to",
                              .value = "FORMAT",
                              .help = "vap: ValidatingAdmissionPolicies with their bindings.",
                              .fallback = "vap",
                              .choices = {"vap"},
                              .sources = here},
                             {.name = "action",
                              .value = "ACTION",
                              .help = "What the API server does where a policy fails.",
                              .fallback = "Audit",
                              .choices = {"Audit", "Warn", "Deny"},
                              .sources = here}};
  std::ranges::move(policy_options(), std::back_inserter(all));
  return all;
}

}  // namespace

Command rules_export_command() {
  return {
      .name = "rules export",
      .summary = "Write rules as native policies of Kubernetes",
      .details =
          "Rules that read other objects, and kinds that nobody knows, can't be written so: they are named, "
          "and the exit\ncode is 3. Without rules the default set is written.",
      .arguments = {{.name = "RULE",
                     .help = "Ids, sets, files or folders of rules.",
                     .count = Argument::Count::any,
                     .suggestions_from = "rules list -o names"}},
      .options = export_options(),
      .examples = {{"seawall rules export --to vap pod-security/baseline | kubectl apply -f -", "no webhook needed"},
                   {"seawall rules export --action Deny workload > policies.yaml", "a set"}},
      .run = export_rules};
}

}  // namespace seawall::cli
