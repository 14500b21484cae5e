// Why an expression came out as it did: which parts of the inputs decided it.
//
// A slower reading of the tree beside the compiled program, with the same operations and the same result; the tests
// hold the two against each other.
// Threads: one call, one thread. Owns: results live in the Explainer. Limits: as EvaluationLimits, cost excepted.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cel/check.h"
#include "cel/evaluate.h"

namespace seawall::cel {

// A place in an input: "object.spec.containers[1].securityContext.privileged".
struct Evidence {
  std::string path;
  bool present = true;  // false: that it isn't there was what decided
  Value value;          // null where it isn't there
};

struct Explanation {
  Value value;
  // What decided, in the order of the expression, each place once: of `a && b` that is false the false side alone, of
  // `all` that is false every element that was. At most `most_evidence`; `more` counts the rest.
  std::vector<Evidence> evidence;
  std::size_t more = 0;
};
constexpr std::size_t most_evidence = 100;

class Explainer {
 public:
  explicit Explainer(const EvaluationLimits& limits = {});
  ~Explainer();
  void lend(std::string name, const void* host);
  // Variables that are expressions themselves; what they read counts as read by whoever asks for them.
  void define(std::string_view variable, std::shared_ptr<const Checked> expression);
  // `inputs` by the slots of the environment. The result lives until the next call.
  Explanation explain(const Checked& expression, std::span<const Value> inputs);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seawall::cel
