// Files of kind Benchmark (docs/rules.md): the controls of a benchmark and the rules that answer them.
// Threads: values. Limits: as rule files. Fails: never as a whole; mistakes are listed, the rest is there.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/compliance.h"
#include "rulebook/rule_file.h"

namespace seawall::rulebook {

struct BenchmarkFile {
  model::Benchmark benchmark;
  RulePlace where;
  // Every rule that a control names, and where, so that names that nothing goes by can be told.
  struct RuleUse {
    std::string rule;
    RulePlace where;
  };
  std::vector<RuleUse> rules;
};

struct Benchmarks {
  std::vector<BenchmarkFile> files;
  std::vector<Mistake> mistakes;

  static Benchmarks shipped();
  // Of the documents of other kinds in these files nothing is said.
  static Benchmarks load(const std::vector<std::string>& paths);
};

// Of a document whose `kind` is Benchmark; nothing where it has mistakes.
std::optional<BenchmarkFile> read_benchmark(RuleFile& file, const codec::PlacedDocument& document,
                                            std::vector<Mistake>& mistakes);

}  // namespace seawall::rulebook
