// cel-conformance: runs files of conformance cases and says which fail.
#include <cstdio>
#include <string>
#include <vector>

#include "cel/conformance/runner.h"

using namespace seawall;
using namespace seawall::cel::conformance;

namespace {

constexpr const char* usage =
    R"(usage: cel-conformance [--only SUBSTRING] [--quiet] FILE...

Runs conformance cases of the CEL specification (.json, with _types.json beside them) and of Kubernetes' libraries
(.jsonl), prints each case that fails with what was expected and what came out, and ends in "N passed, N failed".

  --only SUBSTRING   only cases whose name contains it
  --quiet            only the last line
  --help             this text

examples:
  cel-conformance spec/cel/*.json
  cel-conformance --only fields/ spec/cel/fields.json
  cel-conformance spec/cel-kubernetes/cost.jsonl

exit codes: 0 all passed, 1 some failed, 2 wrong usage or unreadable files
)";

struct Settings {
  std::string only;
  bool quiet = false, help = false;
  std::vector<std::string> files;
};

// Nothing where the arguments are wrong.
std::optional<Settings> read_arguments(const std::vector<std::string>& arguments) {
  Settings settings;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--help" || arguments[i] == "-h")
      settings.help = true;
    else if (arguments[i] == "--quiet")
      settings.quiet = true;
    else if (arguments[i] == "--only" && i + 1 < arguments.size())
      settings.only = arguments[++i];
    else if (arguments[i].starts_with("-"))
      return std::nullopt;
    else
      settings.files.push_back(arguments[i]);
  }
  if (settings.files.empty() && !settings.help) return std::nullopt;
  return settings;
}

int unreadable(const Error& error) {
  std::fprintf(stderr, "cel-conformance: %s\n", error.what.c_str());
  return 2;
}

void print_failure(const Case& test, const Outcome& outcome) {
  std::printf("FAILED %s\n  %.*s\n  expected: %s\n  got:      %s\n", test.name.c_str(),
              static_cast<int>(test.expression.size()), test.expression.data(), outcome.expected.c_str(),
              outcome.got.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  auto settings = read_arguments({argv + 1, argv + argc});
  if (!settings || settings->help) {
    std::fputs(usage, settings ? stdout : stderr);
    return settings ? 0 : 2;
  }
  std::size_t passed = 0, failed = 0;
  for (const auto& file : settings->files) {
    Suite suite;
    if (auto added = add_file(suite, file); !added) return unreadable(added.error());
    auto types = types_beside(file);
    if (!types) return unreadable(types.error());
    Runner runner(types->root());
    for (const auto& test : suite.cases) {
      if (test.name.find(settings->only) == std::string::npos) continue;
      auto outcome = runner.run(test);
      ++(outcome.passed ? passed : failed);
      if (!outcome.passed && !settings->quiet) print_failure(test, outcome);
    }
  }
  std::printf("%zu passed, %zu failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
