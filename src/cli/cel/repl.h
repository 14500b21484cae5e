// Expressions and commands, a line each, until the input ends or `:quit`.
// Threads: one. Results go to standard output, mistakes to standard error; neither ends it.
#pragma once

#include "cli/cel/line_reader.h"
#include "cli/cel/session.h"

namespace seawall::cli {

enum class Greeting : bool { no, yes };
// The exit code: not exit_clean only where lines can't be read or results can't be written.
int run_repl(CelSession& session, LineReader& lines, Greeting greeting);

}  // namespace seawall::cli
