#include <iterator>

#include "cli/commands.h"
#include "cli/exit_codes.h"

namespace seawall::cli {

Program seawall_program() {
  using enum OptionKind;
  Program program{
      .name = "seawall",
      .version = SEAWALL_VERSION,
      .summary = "security for containers: what is in them, what is wrong with it, what to do",
      .commands = {},
      .common =
          {
              {.name = "db",
               .value = "FILE",
               .help = "The advisory database; else the one of `seawall db update`, else the starter database."},
              {.name = "config",
               .value = "FILE",
               .help = "Settings and ignore rules; else .seawall.yaml here or above."},
              {.name = "offline", .kind = flag, .help = "Any connection is an error."},
              {.name = "quiet", .kind = flag, .help = "Only results and errors.", .letter = 'q'},
              {.name = "no-progress", .kind = flag, .help = "No progress line on the terminal."},
              {.name = "log-level",
               .value = "LEVEL",
               .help = "What is told on standard error.",
               .fallback = "warn",
               .choices = {"debug", "info", "warn", "error"}},
              {.name = "ca-file",
               .value = "FILE",
               .help = "Certificate authorities (PEM) to trust beside the system's."},
              {.name = "client-cert", .value = "FILE", .help = "Our certificate (PEM) for mutual TLS."},
              {.name = "client-key", .value = "FILE", .help = "Its key (PEM)."},
              {.name = "proxy", .value = "URL", .help = "Instead of HTTPS_PROXY and HTTP_PROXY."},
          },
      .exit_codes = exit_code_table,
  };
  auto& commands = program.commands;
  commands.push_back(scan_command());
  commands.push_back(sbom_command());
  auto append = [&](std::vector<Command> more) { std::move(more.begin(), more.end(), std::back_inserter(commands)); };
  append(database_commands());
  commands.push_back(update_command());
  commands.push_back(push_command());
  commands.push_back(rematch_command());
  commands.push_back(check_command());
  append(rules_commands());
  commands.push_back(cel_command());
  append(cache_commands());
  commands.push_back(exceptions_command());
  commands.push_back(version_compare_command());
  append(help_commands());
  return program;
}

}  // namespace seawall::cli
