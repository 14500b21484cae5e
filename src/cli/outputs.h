// `-o FORMAT[=FILE]`, as often as wanted: one format to standard output, others to files.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/options.h"
#include "base/text.h"
#include "cli/context.h"

namespace seawall::cli {

template <class Format>
struct Output {
  Format format;
  std::string file;  // empty: standard output
};

// `named` finds a format by its name. Fails: invalid.
template <class Format>
Result<std::vector<Output<Format>>> outputs_of(const Settings& settings, Result<Format> (*named)(std::string_view)) {
  std::vector<Output<Format>> out;
  bool to_stdout = false;
  for (const auto& text : settings.list("output")) {
    auto halves = cut(text, "=");
    auto format = SW_TRY(named(halves ? halves->left : text));
    auto file = halves && halves->right != "-" ? std::string(halves->right) : std::string();
    out.push_back({format, std::move(file)});
    if (out.back().file.empty() && std::exchange(to_stdout, true))
      return fail(Code::invalid,
                  "two outputs for standard output; write one to a file: -o " + std::string(format.name) + "=FILE");
  }
  return out;
}

template <class Format>
Result<> deliver(const Output<Format>& output, std::string_view text) {
  return output.file.empty() ? print(text) : write_file(output.file, text, 0644, Durable::no);
}

}  // namespace seawall::cli
