#include "rulebook/benchmark.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "rulebook/rulebook.h"

using namespace seawall;
using namespace seawall::rulebook;

namespace {

constexpr std::string_view head =
    "apiVersion: seawall.dev/v1\nkind: Benchmark\nmetadata: {name: test-1}\nspec:\n  title: t\n";

std::vector<Mistake> mistakes_in(std::string_view rest, std::optional<BenchmarkFile>* read = nullptr) {
  std::vector<Mistake> mistakes;
  RuleFile file("b.yaml", std::string(head) + std::string(rest), mistakes);
  REQUIRE(file.documents().size() == 1);
  auto made = read_benchmark(file, file.documents()[0], mistakes);
  CHECK(made.has_value() == mistakes.empty());
  if (read != nullptr) *read = std::move(made);
  return mistakes;
}

struct Case {
  std::string_view name, text;
  std::size_t line, column;
};
constexpr Case wrong[] = {
    {"no groups", "  version: '1'\n", 5, 3},
    {"a group without controls", "  groups:\n    - {id: '1', title: t}\n", 7, 7},
    {"a control without a title", "  groups:\n    - {id: '1', title: t, reason: r, controls: [{id: '1.1'}]}\n", 7, 49},
    {"neither rules nor reason", "  groups:\n    - {id: '1', title: t, controls: [{id: '1.1', title: t}]}\n", 7, 43},
    {"an id twice",
     "  groups:\n    - id: '1'\n      title: t\n      reason: r\n      controls:\n"
     "        - {id: '1.1', title: t}\n        - {id: '1.1', title: t}\n",
     12, 16},
    {"a place that is none",
     "  groups:\n    - {id: '1', title: t, assess: moon, controls: [{id: a, title: t, rules: [a/b]}]}\n", 7, 35},
    {"an unknown key", "  groups:\n    - {id: '1', title: t, controls: [{id: a, title: t, rules: [a/b], score: 1}]}\n",
     7, 70},
};

}  // namespace

TEST_CASE("every mistake of a benchmark is told with its place") {
  for (const auto& each : wrong) {
    CAPTURE(each.name);
    auto mistakes = mistakes_in(each.text);
    REQUIRE(mistakes.size() == 1);
    CAPTURE(mistakes[0].what);
    CHECK(mistakes[0].where == RulePlace{"b.yaml", each.line, each.column});
  }
}

TEST_CASE("controls take over what their group says") {
  std::optional<BenchmarkFile> read;
  auto mistakes = mistakes_in(
      "  groups:\n    - id: '1'\n      title: t\n      assess: node\n      reason: r\n      controls:\n"
      "        - {id: '1.1', title: t}\n        - {id: '1.2', title: t, assess: cloud, reason: own, rules: [a/b]}\n",
      &read);
  REQUIRE(mistakes.empty());
  const auto& controls = read->benchmark.groups.at(0).controls;
  CHECK(controls[0].assess == model::Assess::node);
  CHECK(controls[0].reason == "r");
  CHECK(controls[1].assess == model::Assess::cloud);
  CHECK(controls[1].reason == "own");
  REQUIRE(read->rules.size() == 1);
  CHECK(read->rules[0].rule == "a/b");
  CHECK(read->rules[0].where.line == 13);
}

TEST_CASE("shipped benchmarks have no mistakes and name rules that there are") {
  auto shipped = Benchmarks::shipped();
  for (const auto& mistake : shipped.mistakes) FAIL_CHECK(mistake.text());
  CHECK(shipped.files.size() >= 2);
  auto names = Rulebook::shipped_names();
  for (const auto& file : shipped.files)
    for (const auto& use : file.rules)
      CHECK_MESSAGE(std::ranges::binary_search(names, use.rule), use.where.text() << ": no rule is " << use.rule);
}
