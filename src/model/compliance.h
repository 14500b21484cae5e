// Benchmarks: lists of controls, which rules answer them, and how objects stand to them.
//
// A control passes only where a rule has judged something and nothing failed. What can't be judged from here is said to
// be so and never counts as a pass.
// Threads: values; comply() is pure.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/policy_result.h"

namespace seawall::model {

// Where it can be seen whether a control is met.
enum class Assess : unsigned char {
  manifests,
  control_plane,  // the static pods of the control plane and their configuration files
  node,
  cloud,
  elsewhere,  // another command of ours
  manual,
};
std::string_view text(Assess) noexcept;

struct BenchmarkControl {
  std::string id, title;
  std::vector<std::string> rules;  // ids, ours or those under which others know them
  Assess assess = Assess::manifests;
  std::string reason;  // why it can't be judged, without rules or where these find no object
};

struct BenchmarkGroup {
  std::string id, title;
  std::vector<BenchmarkControl> controls;
};

struct Benchmark {
  std::string id, title, version, source, note;
  std::vector<BenchmarkGroup> groups;
};

enum class ControlState : unsigned char { pass, fail, undetermined, nothing_to_judge, not_assessable };
std::string_view text(ControlState) noexcept;  // "pass", ... "not assessable from here"

struct ControlResult {
  struct Failure {
    const ObjectResults* object;
    const PolicyResult* result;
  };
  const BenchmarkControl* control;
  ControlState state = ControlState::nothing_to_judge;
  std::string reason;             // of not_assessable
  std::vector<Failure> failures;  // what fails or can't be decided
  std::size_t passed = 0;         // judgements
  std::size_t exempted = 0;       // judgements that exceptions silence
};

struct GroupResult {
  const BenchmarkGroup* group;
  std::vector<ControlResult> controls;
};

struct Compliance {
  std::vector<GroupResult> groups;

  std::size_t count(ControlState) const noexcept;
  // Those that objects could be judged by: passed, failed or undetermined.
  std::size_t assessed() const noexcept;
  // Passed of those assessed; 0 without any.
  double score() const noexcept;
};

// `left_out` are rules, by the names that controls use, that were not to be judged by: a control that has one of them
// does not pass. The result refers to benchmark and report.
Compliance comply(const Benchmark& benchmark, const CheckReport& report, const std::set<std::string>& left_out = {});

}  // namespace seawall::model
