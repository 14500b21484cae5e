// Runs conformance cases.
// Threads: one. Owns: environments that cases share.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cel/conformance/cases.h"
#include "cel/environment.h"

namespace seawall::cel::conformance {

struct Outcome {
  bool passed = false;
  std::string expected, got;  // for people, where it failed
};

class Runner {
 public:
  // `types` is the content of `_types.json`; it outlives the runner.
  explicit Runner(codec::Value types) : types_(types) {}
  Outcome run(const Case& test);

 private:
  Result<std::shared_ptr<const Environment>> environment(const Case& test);
  Result<std::shared_ptr<const Environment>> make_environment(const Case& test) const;
  Outcome compile_and_run(const Case& test, std::shared_ptr<const Environment> environment) const;

  codec::Value types_;
  // Of cases that declare nothing of their own.
  std::map<std::string, std::shared_ptr<const Environment>> shared_;
};

}  // namespace seawall::cel::conformance
