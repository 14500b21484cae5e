// Policies checked against the types of the objects that they concern: what an expression can't mean for a Deployment,
// or for any of the kinds named, is told before an object meets it. As the API server's own type checks of
// ValidatingAdmissionPolicies, warnings only: judging stays on values of whatever type.
//
// Threads: one at a time. Owns: its environment; refers to the schemas given.
// Limits: 10 kinds a policy, as the API server. Fails: never.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "admission/type_source.h"
#include "cel/environment.h"
#include "kube/schema.h"
#include "rulebook/policy.h"

namespace seawall::admission {

struct TypeWarning {
  std::string field;               // "spec.validations[0].expression"
  std::vector<std::string> kinds;  // "apps/v1, Kind=Deployment"; none: for every kind that the policy concerns
  rulebook::RulePlace where;       // of the expression
  std::string reason;              // with line, column and caret in the expression

  rulebook::Mistake mistake() const;
};

// Kinds that the policy concerns and that the schemas know, by group, version and name. Rules that name every resource
// concern more than can be checked and are left out; as_api_server, so are those of every group or version.
std::vector<const kube::ApiKind*> kinds_of(const rulebook::Policy& policy, const kube::Schemas& schemas,
                                           TypeReading reading = TypeReading::as_judged);

class TypeCheck {
 public:
  explicit TypeCheck(const kube::Schemas& schemas = kube::builtin_schemas(),
                     TypeReading reading = TypeReading::as_judged);
  TypeCheck(const TypeCheck&) = delete;
  // The API server itself warns of validations and their message expressions only.
  std::vector<TypeWarning> check(const rulebook::Policy& policy);

 private:
  class Run;

  const kube::Schemas& schemas_;
  TypeReading reading_;
  TypeSource source_;
  std::shared_ptr<cel::Environment> environment_;
};

}  // namespace seawall::admission
