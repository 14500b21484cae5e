#include "cli/check/benchmark_view.h"

#include <algorithm>

#include "base/files.h"
#include "base/spelling.h"
#include "model/object_pattern.h"
#include "report/compliance_report.h"

namespace seawall::cli {
namespace {

using rulebook::BenchmarkFile;
using rulebook::Benchmarks;

bool goes_by(const rulebook::RuleHeader& header, const std::string& name) {
  return header.id == name || std::ranges::find(header.known_as, name) != header.known_as.end();
}

Result<BenchmarkFile> benchmark_in(const std::string& path, std::vector<rulebook::Mistake>& mistakes) {
  auto loaded = Benchmarks::load({path});
  mistakes = std::move(loaded.mistakes);
  if (loaded.files.size() == 1) return std::move(loaded.files.front());
  if (!mistakes.empty()) return fail(Code::invalid, mistakes.front().text());
  return fail(Code::invalid, path + ": holds " + (loaded.files.empty() ? "no benchmark" : "more than one benchmark") +
                                 "; name a file of kind Benchmark");
}

Result<BenchmarkFile> benchmark_named(const std::string& name) {
  auto shipped = shipped_benchmarks();
  std::vector<std::string_view> names;
  for (auto& file : shipped) {
    if (file.benchmark.id == name) return std::move(file);
    names.push_back(file.benchmark.id);
  }
  return fail(Code::invalid, "'" + name +
                                 "' is neither a file nor a benchmark; `seawall rules list --benchmarks` names them." +
                                 did_you_mean(name, names));
}

}  // namespace

std::vector<BenchmarkFile> shipped_benchmarks() {
  auto shipped = Benchmarks::shipped();
  // They are tested when Seawall is built.
  SW_CHECK(shipped.mistakes.empty());
  return std::move(shipped.files);
}

Result<BenchmarkView> BenchmarkView::open(const Settings& settings) {
  BenchmarkView view;
  auto name = settings.text("benchmark");
  if (name.empty()) return view;
  bool is_file = status_of(name, Links::followed).has_value();
  view.file_ = SW_TRY(in("--benchmark", is_file ? benchmark_in(name, view.mistakes_) : benchmark_named(name)));
  return view;
}

std::vector<std::string> BenchmarkView::policies(std::vector<std::string> named) const {
  if (!file_) return named;
  auto shipped = rulebook::Rulebook::shipped_names();
  for (const auto& use : file_->rules)
    if (std::ranges::binary_search(shipped, use.rule)) named.push_back(use.rule);
  return named;
}

Result<> BenchmarkView::compare(PolicyChoice& choice, const Settings& settings) {
  if (!file_) return {};
  std::ranges::copy(mistakes_, std::back_inserter(choice.mistakes));
  auto skip = SW_TRY(in("--skip", model::SkipList::parse(settings.list("skip"))));
  auto floor = model::severity_from(settings.text("severity")).value_or(model::Severity::unknown);
  for (const auto& use : file_->rules) {
    bool known = false;
    for (const auto& bound : choice.policies) {
      const auto& header = bound.use.policy->header;
      if (!goes_by(header, use.rule)) continue;
      known = true;
      if (header.severity < floor || skip.skips_rule(header.id, header.known_as)) left_out_.insert(use.rule);
    }
    if (!known)
      choice.mistakes.push_back({use.where, "no rule goes by '" + use.rule + "'"}), left_out_.insert(use.rule);
  }
  return {};
}

std::optional<std::string> BenchmarkView::written(std::string_view format, const model::CheckReport& report,
                                                  const report::CheckOptions& options) const {
  if (!file_ || (format != "table" && format != "json")) return std::nullopt;
  auto compliance = model::comply(file_->benchmark, report, left_out_);
  report::ComplianceReport whole{file_->benchmark, compliance, report};
  return format == "json" ? report::compliance_json(whole) : report::compliance_table(whole, options);
}

}  // namespace seawall::cli
