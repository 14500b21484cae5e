// Policies compiled together, and what they say of an object. Whether a policy concerns the object is asked elsewhere
// (room admission); here its match conditions and validations are evaluated.
//
// Threads: a PolicyProgram may be shared; a PolicyJudge belongs to one thread. Owns: the program its policies, the
// judge its results until the next begin().
// Limits: each policy 10,000,000 units of cost as in the API server where costs are counted; else those of
// cel::EvaluationLimits. Fails: invalid (variables that need each other; parameters that are no
// JSON).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cel/evaluate.h"
#include "model/policy_result.h"
#include "rulebook/policy.h"

namespace seawall::rulebook {

using model::Verdict;

// The other objects that policies read as cluster.<Kind> and local.<Kind>: lists, empty where there are none.
class RelatedObjects {
 public:
  virtual ~RelatedObjects() = default;
  virtual cel::Value all(std::string_view kind) const = 0;
  virtual cel::Value in_namespace(std::string_view kind, std::string_view name) const = 0;
};

// What is judged. Values that there are none of stay null; all live as long as the judgement.
struct Subject {
  cel::Value object, old_object, request, namespace_object;
  cel::Value pod, containers;  // for policies on podSpec
  std::string_view in_namespace;
  const RelatedObjects* related = nullptr;
};

// A policy with the parameters that it is used with here; the same policy may be used more than once.
struct PolicyUse {
  std::shared_ptr<const Policy> policy;
  // JSON. Of a native policy the whole parameter object, or nothing; of others what is set beyond the defaults.
  std::string parameters;
  unsigned minor = newest_minor;  // of the Kubernetes that is judged for
};

struct Finding {
  std::size_t validation = 0;
  bool undetermined = false;       // an error decided, not the answer
  std::string message;             // of the policy, or what went wrong
  std::vector<std::string> paths;  // fields that decided: "object.spec.containers[1].image"
};

struct Judgement {
  Verdict verdict = Verdict::pass;
  std::vector<Finding> findings;  // of validations that failed or could not be decided
};

// What some of a program's uses read of a Subject: numbers of its inputs, and what is dear to make.
struct ReadInputs {
  std::vector<std::uint32_t> numbers;
  bool request = false, namespace_object = false;
};

class PolicyProgram {
 public:
  static Result<PolicyProgram> compile(std::vector<PolicyUse> uses);
  PolicyProgram(PolicyProgram&&) noexcept;
  ~PolicyProgram();
  std::size_t size() const noexcept;
  const Policy& policy(std::size_t index) const noexcept;
  ReadInputs read_by(std::span<const std::uint32_t> uses) const;

 private:
  friend class PolicyJudge;
  struct Impl;
  explicit PolicyProgram(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Whether it matters why: messages and paths of what fails take longer than finding out that it does.
enum class Reasons : bool { left_out, told };

class PolicyJudge {
 public:
  explicit PolicyJudge(const PolicyProgram& program, const cel::EvaluationLimits& limits = {});
  PolicyJudge(PolicyJudge&&) noexcept;
  ~PolicyJudge();
  // All that follow are about this subject.
  void begin(const Subject& subject);
  // And of uses that read no more than `inputs`.
  void begin(const Subject& subject, const ReadInputs& inputs);
  // `not_applicable` where a match condition is false. Numbers are those of the program's uses.
  Judgement judge(std::size_t use, Reasons reasons = Reasons::told);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seawall::rulebook
