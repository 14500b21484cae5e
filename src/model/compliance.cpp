#include "model/compliance.h"

#include <algorithm>
#include <map>

namespace seawall::model {

namespace {

// The results of all objects by the names of their rules.
class ResultsByRule {
 public:
  explicit ResultsByRule(const CheckReport& report) {
    for (const auto& object : report.objects)
      for (const auto& result : object.results) add(object, result);
  }
  const std::vector<ControlResult::Failure>& of(std::string_view rule) const {
    auto found = results_.find(rule);
    return found == results_.end() ? none_ : found->second;
  }

 private:
  void add(const ObjectResults& object, const PolicyResult& result) {
    results_[result.rule->id].push_back({&object, &result});
    for (const auto& name : result.rule->known_as)
      if (name != result.rule->id) results_[name].push_back({&object, &result});
  }

  std::map<std::string_view, std::vector<ControlResult::Failure>> results_;
  const std::vector<ControlResult::Failure> none_;
};

void count(ControlResult& made, const ControlResult::Failure& judged) {
  const auto& result = *judged.result;
  if (result.verdict == Verdict::pass)
    ++made.passed;
  else if (result.counts())
    made.failures.push_back(judged);
  else if (!result.exempted.empty())
    ++made.exempted;
}

ControlState state_of(const ControlResult& made) {
  bool fails =
      std::ranges::any_of(made.failures, [](const auto& each) { return each.result->verdict == Verdict::fail; });
  if (fails) return ControlState::fail;
  if (!made.failures.empty()) return ControlState::undetermined;
  if (made.passed + made.exempted > 0) return ControlState::pass;
  return made.control->reason.empty() ? ControlState::nothing_to_judge : ControlState::not_assessable;
}

ControlResult result_of(const BenchmarkControl& control, const ResultsByRule& results,
                        const std::set<std::string>& left_out) {
  ControlResult made{.control = &control, .reason = control.reason, .failures = {}};
  for (const auto& rule : control.rules)
    for (const auto& judged : results.of(rule)) count(made, judged);
  made.state = state_of(made);
  auto missing = std::ranges::find_if(control.rules, [&](const auto& rule) { return left_out.contains(rule); });
  if (missing != control.rules.end() && made.failures.empty()) {
    made.state = ControlState::not_assessable;
    made.reason = "The rule " + *missing + " is missing or was left out.";
  }
  if (made.state != ControlState::not_assessable) made.reason.clear();
  return made;
}

}  // namespace

std::string_view text(Assess assess) noexcept {
  switch (assess) {
    case Assess::manifests:
      return "manifests";
    case Assess::control_plane:
      return "control-plane";
    case Assess::node:
      return "node";
    case Assess::cloud:
      return "cloud";
    case Assess::elsewhere:
      return "elsewhere";
    case Assess::manual:
      return "manual";
  }
  return "manual";
}

std::string_view text(ControlState state) noexcept {
  switch (state) {
    case ControlState::pass:
      return "pass";
    case ControlState::fail:
      return "fail";
    case ControlState::undetermined:
      return "undetermined";
    case ControlState::nothing_to_judge:
      return "nothing to judge";
    case ControlState::not_assessable:
      return "not assessable from here";
  }
  return "undetermined";
}

std::size_t Compliance::count(ControlState state) const noexcept {
  std::size_t found = 0;
  for (const auto& group : groups)
    for (const auto& control : group.controls)
      if (control.state == state) ++found;
  return found;
}

std::size_t Compliance::assessed() const noexcept {
  return count(ControlState::pass) + count(ControlState::fail) + count(ControlState::undetermined);
}

double Compliance::score() const noexcept {
  auto all = assessed();
  return all == 0 ? 0 : static_cast<double>(count(ControlState::pass)) / static_cast<double>(all);
}

Compliance comply(const Benchmark& benchmark, const CheckReport& report, const std::set<std::string>& left_out) {
  ResultsByRule results(report);
  Compliance made;
  for (const auto& group : benchmark.groups) {
    GroupResult of_group{&group, {}};
    for (const auto& control : group.controls) of_group.controls.push_back(result_of(control, results, left_out));
    made.groups.push_back(std::move(of_group));
  }
  return made;
}

}  // namespace seawall::model
