// One table for every command.
#pragma once

#include <string_view>

namespace seawall::cli {

enum ExitCode : int {
  exit_clean = 0,
  exit_gate = 1,
  exit_usage = 2,
  exit_incomplete = 3,
  exit_nothing = 4,
  exit_stale = 5,
};

inline constexpr std::string_view exit_code_table =
    "  0  done: no gate was given, or nothing reaches it\n"
    "  1  findings reach the gate (--fail-on), rules that failed too; `cel --exit-status`: the result is false\n"
    "  2  wrong usage or configuration\n"
    "  3  could not complete; partial results say which part is missing; `cel`: undecided on this input\n"
    "  4  nothing to scan (only with --fail-if-empty)\n"
    "  5  the advisory data is older than --max-db-age\n";

}  // namespace seawall::cli
