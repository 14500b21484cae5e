#include "model/compliance.h"

#include <doctest/doctest.h>

using namespace seawall::model;

namespace {

const RuleInfo privileged{.id = "workload/privileged", .known_as = {"other/1"}};
const RuleInfo network{.id = "workload/host-network"};

struct Case {
  std::string_view name;
  std::vector<std::string> rules;
  std::string_view reason;
  ControlState state;
};

PolicyResult result(const RuleInfo& rule, Verdict verdict, std::string exempted = {}) {
  PolicyResult made;
  made.rule = &rule;
  made.verdict = verdict;
  made.exempted = std::move(exempted);
  return made;
}

ControlResult judged(const std::vector<std::string>& rules, std::string_view reason, const CheckReport& report,
                     const std::set<std::string>& left_out = {}) {
  static Benchmark benchmark;  // that the result refers to
  benchmark.groups = {{"1", "g", {{.id = "1.1", .title = "t", .rules = rules, .reason = std::string(reason)}}}};
  return comply(benchmark, report, left_out).groups[0].controls[0];
}

CheckReport report_of(std::vector<PolicyResult> results) {
  CheckReport report;
  report.objects.push_back({{}, {}, std::move(results)});
  return report;
}

}  // namespace

TEST_CASE("a control passes only where something was judged and nothing failed") {
  auto report = report_of({result(privileged, Verdict::fail), result(network, Verdict::pass)});
  const Case cases[] = {
      {"its rule fails", {"workload/privileged"}, "", ControlState::fail},
      {"by an id of others", {"other/1"}, "", ControlState::fail},
      {"one of its rules fails", {"workload/host-network", "workload/privileged"}, "", ControlState::fail},
      {"its rule passes", {"workload/host-network"}, "", ControlState::pass},
      {"a reason does not matter where objects are found", {"workload/host-network"}, "why", ControlState::pass},
      {"its rule finds no object", {"rbac/wildcards"}, "", ControlState::nothing_to_judge},
      {"its rule finds no object, for a reason", {"rbac/wildcards"}, "why", ControlState::not_assessable},
      {"it has no rules", {}, "why", ControlState::not_assessable},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    auto made = judged(each.rules, each.reason, report);
    CHECK(made.state == each.state);
    CHECK(made.reason == (each.state == ControlState::not_assessable ? each.reason : ""));
  }
}

TEST_CASE("what can't be decided is no pass; what does not apply is nothing") {
  CHECK(judged({"workload/privileged"}, "", report_of({result(privileged, Verdict::undetermined)})).state ==
        ControlState::undetermined);
  CHECK(judged({"workload/privileged"}, "", report_of({result(privileged, Verdict::not_applicable)})).state ==
        ControlState::nothing_to_judge);
}

TEST_CASE("exceptions are counted and do not fail a control") {
  auto made = judged({"workload/privileged"}, "", report_of({result(privileged, Verdict::fail, "agreed")}));
  CHECK(made.state == ControlState::pass);
  CHECK(made.exempted == 1);
}

TEST_CASE("a control one of whose rules was left out does not pass") {
  auto report = report_of({result(network, Verdict::pass), result(privileged, Verdict::fail)});
  CHECK(judged({"workload/host-network", "a/b"}, "", report, {"a/b"}).state == ControlState::not_assessable);
  CHECK(judged({"workload/privileged", "a/b"}, "", report, {"a/b"}).state == ControlState::fail);
}

TEST_CASE("the score is over what was assessed") {
  Benchmark benchmark;
  benchmark.groups = {{"1",
                       "g",
                       {{.id = "1", .title = "t", .rules = {"workload/host-network"}},
                        {.id = "2", .title = "t", .rules = {"workload/privileged"}},
                        {.id = "3", .title = "t", .rules = {}, .reason = "why"},
                        {.id = "4", .title = "t", .rules = {"a/b"}}}}};
  auto report = report_of({result(network, Verdict::pass), result(privileged, Verdict::fail)});
  auto compliance = comply(benchmark, report);
  CHECK(compliance.assessed() == 2);
  CHECK(compliance.score() == 0.5);
  CHECK(comply({}, {}).score() == 0);
}
