// Runs a program: argument vector (no shell), text on its standard input, bounded output, a time limit.
// Threads: safe. Owns: the child; where a limit is reached, it is killed with its process group. What a program leaves
// running at its own end is left alone and not waited for.
// Fails: not_found and denied (the program), timeout, exhausted (more output than allowed).
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace seawall {

struct ProcessOptions {
  std::string_view input = {};
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
  std::size_t output_limit = std::size_t{1} << 20;  // bytes, each of the two outputs
};

struct ProcessResult {
  int exit_code = 0;  // 128 + signal where one ended it
  std::string out, err;
};

// arguments[0] is the program, looked up in PATH where it has no slash.
Result<ProcessResult> run_process(const std::vector<std::string>& arguments, const ProcessOptions& = {});

}  // namespace seawall
