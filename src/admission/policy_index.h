// Which of many policies concern an object: asked of each policy once for each kind of request, then looked up.
// Threads: one. Owns: what it has found out; policies, templates and the program are borrowed.
// Limits: 1,000 kinds of requests are remembered.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "admission/bound_policy.h"

namespace seawall::admission {

class PolicyIndex {
 public:
  PolicyIndex(const std::vector<BoundPolicy>& policies, const rulebook::PolicyProgram& program,
              const kube::PodTemplates& templates);

  struct Candidate {
    std::uint32_t policy;
    bool certain;  // false: names, labels or namespaces of the object decide
  };
  struct Candidates {
    std::vector<Candidate> policies;  // in their order
    rulebook::ReadInputs inputs;      // of all of them
  };
  // Valid until the next call.
  const Candidates& candidates(const ResourceRequest& request);

 private:
  Candidates find(const ResourceRequest& request) const;

  const std::vector<BoundPolicy>* policies_;
  const rulebook::PolicyProgram* program_;
  const kube::PodTemplates* templates_;
  std::vector<bool> by_kind_alone_;  // of each policy
  std::string key_;                  // of the last request
  std::unordered_map<std::string, Candidates> known_;
};

}  // namespace seawall::admission
