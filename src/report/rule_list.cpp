// Lists of rules and of their sets, for people and as JSON.
#include <fmt/format.h>

#include <array>
#include <functional>

#include "base/text.h"
#include "codec/json.h"
#include "report/detail/grid.h"
#include "report/detail/paint.h"
#include "report/rules_report.h"

namespace seawall::report {
namespace {

using detail::Column;
using detail::counted;
using detail::printable;
using model::RulePage;
using model::Severity;

constexpr std::array severities{Severity::critical, Severity::high, Severity::medium, Severity::low};

std::string_view style_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return detail::bright_red;
    case Severity::high:
      return detail::red;
    case Severity::medium:
      return detail::yellow;
    default:
      return detail::blue;
  }
}

template <class Rules, class Take>
std::array<std::size_t, severities.size()> counts_of(const Rules& rules, Take take) {
  std::array<std::size_t, severities.size()> counts{};
  for (const auto& each : rules)
    for (std::size_t i = 0; i < severities.size(); ++i)
      if (take(each).rule.severity == severities[i]) ++counts[i];
  return counts;
}

std::string first_part(std::string_view id) { return std::string(id.substr(0, id.find('/'))); }

// "3 critical, 12 low"
std::string counts_sentence(const std::array<std::size_t, severities.size()>& counts) {
  std::string out;
  for (std::size_t i = 0; i < severities.size(); ++i)
    if (counts[i] > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", counts[i], model::text(severities[i]));
  return out;
}

void write_texts(codec::JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const auto& each : texts) json.text(each);
  json.end_array();
}

}  // namespace

std::string rule_table(const std::vector<RulePage>& rules, const Options& options) {
  detail::Painter paint(options.colour);
  std::vector<detail::Row> rows;
  for (const auto& page : rules)
    rows.push_back({{printable(page.rule.id)},
                    {std::string(model::text(page.rule.severity)), paint.style(style_of(page.rule.severity))},
                    {printable(page.rule.title)}});
  auto text =
      detail::laid_out({{"RULE", 20}, {"SEVERITY", 8}, {"WHAT HOLDS WHERE IT PASSES", 20}}, rows, options.width);
  auto table = lines(text);
  auto out = std::string(table.front()) + "\n";
  std::size_t sets = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    bool begins = i == 0 || first_part(rules[i].rule.id) != first_part(rules[i - 1].rule.id);
    if (begins && sets++ > 0) out += "\n";
    out += std::string(table[i + 1]) + "\n";
  }
  auto counts = counts_sentence(counts_of(rules, std::identity()));
  return out + fmt::format("\n{}: {}\n", counted(rules.size(), "rule"), counts);
}

std::string rule_list_json(const std::vector<RulePage>& rules) {
  codec::JsonWriter json(codec::JsonWriter::Style::pretty);
  json.begin_array();
  for (const auto& page : rules) {
    const auto& rule = page.rule;
    json.begin_object().field("id", rule.id).field("severity", model::text(rule.severity));
    json.field("title", rule.title).field("description", rule.description).field("remedy", rule.remedy);
    write_texts(json, "sets", page.sets);
    write_texts(json, "knownAs", rule.known_as);
    write_texts(json, "judges", page.judges);
    write_texts(json, "references", rule.references);
    json.end_object();
  }
  json.end_array();
  return json.take() + "\n";
}

std::string rule_set_table(const std::vector<RuleSet>& sets, const Options& options) {
  std::vector<detail::Row> rows;
  for (const auto& set : sets) {
    detail::Row row{{printable(set.name)}, {std::to_string(set.rules.size())}};
    for (auto count : counts_of(set.rules, [](const RulePage* page) -> const RulePage& { return *page; }))
      row.push_back({count > 0 ? std::to_string(count) : ""});
    rows.push_back(std::move(row));
  }
  std::vector<Column> columns{{"SET", 20}, {"RULES", 5}};
  for (const char* title : {"CRITICAL", "HIGH", "MEDIUM", "LOW"}) columns.push_back({title, 4});
  return detail::laid_out(columns, rows, options.width) + "\n" + counted(sets.size(), "set") + "\n";
}

std::string rule_set_json(const std::vector<RuleSet>& sets) {
  codec::JsonWriter json(codec::JsonWriter::Style::pretty);
  json.begin_array();
  for (const auto& set : sets) {
    json.begin_object().field("set", set.name);
    json.key("rules").begin_array();
    for (const auto* page : set.rules) json.text(page->rule.id);
    json.end_array().end_object();
  }
  json.end_array();
  return json.take() + "\n";
}

BenchmarkSummary summary_of(const model::Benchmark& benchmark) {
  BenchmarkSummary made{.id = benchmark.id, .title = benchmark.title, .version = benchmark.version};
  for (const auto& group : benchmark.groups)
    for (const auto& control : group.controls) {
      ++made.controls;
      if (!control.rules.empty()) ++made.with_rules;
    }
  return made;
}

std::string benchmark_table(const std::vector<BenchmarkSummary>& benchmarks, const Options& options) {
  std::vector<detail::Row> rows;
  for (const auto& each : benchmarks)
    rows.push_back({{printable(each.id)},
                    {printable(each.version)},
                    {std::to_string(each.controls)},
                    {std::to_string(each.with_rules)},
                    {printable(each.title)}});
  return detail::laid_out({{"BENCHMARK", 10}, {"VERSION", 4}, {"CONTROLS", 8}, {"WITH RULES", 10}, {"TITLE", 20}}, rows,
                          options.width);
}

std::string benchmark_list_json(const std::vector<BenchmarkSummary>& benchmarks) {
  codec::JsonWriter json(codec::JsonWriter::Style::pretty);
  json.begin_array();
  for (const auto& each : benchmarks) {
    json.begin_object().field("id", each.id).field("title", each.title).field("version", each.version);
    json.key("controls")
        .unsigned_integer(each.controls)
        .key("withRules")
        .unsigned_integer(each.with_rules)
        .end_object();
  }
  json.end_array();
  return json.take() + "\n";
}

}  // namespace seawall::report
