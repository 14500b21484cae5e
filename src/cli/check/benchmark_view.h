// `seawall check --benchmark`: the rules of a benchmark are judged by, and the answer is told control by control.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/options.h"
#include "cli/check/policy_choice.h"
#include "report/check_report.h"
#include "rulebook/benchmark.h"

namespace seawall::cli {

class BenchmarkView {
 public:
  // Fails: invalid (no benchmark of that name). Without --benchmark there is nothing to view.
  static Result<BenchmarkView> open(const Settings& settings);

  // What --policy names and the rules of the benchmark.
  std::vector<std::string> policies(std::vector<std::string> named) const;
  // Once they are chosen: rules that are missing become mistakes; those that --skip and --severity leave out are noted.
  Result<> compare(PolicyChoice& choice, const Settings& settings);
  // The report by controls; nothing where no benchmark is viewed, or the format knows none.
  std::optional<std::string> written(std::string_view format, const model::CheckReport& report,
                                     const report::CheckOptions& options) const;

 private:
  std::optional<rulebook::BenchmarkFile> file_;
  std::vector<rulebook::Mistake> mistakes_;
  std::set<std::string> left_out_;
};

// The names that --benchmark takes without a file.
std::vector<rulebook::BenchmarkFile> shipped_benchmarks();

}  // namespace seawall::cli
