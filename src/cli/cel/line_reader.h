// Lines that a person types, with editing and history, or that come from a pipe.
//
// Threads: one. Owns: the terminal's mode between read() and its end.
// Limits: lines of 1 MiB (longer ones are `exhausted` and skipped), a history of 1,000 lines.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

namespace seawall::cli {

class LineReader {
 public:
  virtual ~LineReader() = default;
  // Without its line end; nothing at the end of the input. `timeout` where the line was cancelled (Ctrl-C).
  virtual Result<std::optional<std::string>> read(const char* prompt) = 0;
};

// From standard input, without prompts.
std::unique_ptr<LineReader> piped_lines();
// From the terminal. The history is read from that file and written to it at the end, for its owner's eyes only.
std::unique_ptr<LineReader> typed_lines(std::string history_path);

}  // namespace seawall::cli
