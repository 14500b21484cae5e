// Rules for people and other programs to read: lists and pages.
// Threads: all functions are pure. Texts are written so that they cannot steer a terminal or break a format.
#pragma once

#include <string>
#include <vector>

#include "model/compliance.h"
#include "model/rule_page.h"
#include "report/format.h"

namespace seawall::report {

// Ids with severity and title, grouped by the first part of the id, in the order given; counts at the end.
std::string rule_table(const std::vector<model::RulePage>& rules, const Options& options);
// One array of objects: id, severity, title, sets, knownAs ...
std::string rule_list_json(const std::vector<model::RulePage>& rules);

struct RuleSet {
  std::string name;
  std::vector<const model::RulePage*> rules;
};
// Names, with how many rules of which severity.
std::string rule_set_table(const std::vector<RuleSet>& sets, const Options& options);
std::string rule_set_json(const std::vector<RuleSet>& sets);

struct BenchmarkSummary {
  std::string id, title, version;
  std::size_t controls = 0, with_rules = 0;
};
BenchmarkSummary summary_of(const model::Benchmark& benchmark);
std::string benchmark_table(const std::vector<BenchmarkSummary>& benchmarks, const Options& options);
std::string benchmark_list_json(const std::vector<BenchmarkSummary>& benchmarks);

// Everything that a person wants to know of one rule.
std::string rule_page_text(const model::RulePage& page, const Options& options);

struct Page {
  std::string file, text;
};
// Markdown: README.md, a page for each first part of the ids, and one by the ids that others have.
std::vector<Page> rule_pages_markdown(const std::vector<model::RulePage>& rules);

}  // namespace seawall::report
