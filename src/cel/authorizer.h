// Who may do what: the decisions behind `authorizer` in expressions come from the caller.
//
// Lend one for an evaluation as host "authorizer"; without one every check is undecided ("errored").
// Threads: as the evaluations that it is lent to.
#pragma once

#include <string>
#include <string_view>

#include "cel/arena.h"
#include "cel/environment.h"
#include "cel/value.h"

namespace seawall::cel {

// One question. Texts live as long as the evaluation.
struct AccessRequest {
  std::string_view verb;
  std::string_view path;  // of a question on a path; all that follows is empty then
  std::string_view group, resource, subresource, namespace_name, name;
  std::string_view field_selector, label_selector;
  // "system:serviceaccount:NAMESPACE:NAME" after .serviceAccount(), else empty: whoever sent the request.
  std::string_view service_account_namespace, service_account_name;
};

struct AccessDecision {
  bool is_allowed = false;
  std::string reason;
  std::string error;  // why there is no decision; empty where there is one
};

class Authorizer {
 public:
  virtual ~Authorizer() = default;
  virtual AccessDecision decide(const AccessRequest& request) const = 0;
};

// The types of the variables `authorizer` and `authorizer.requestResource`.
Type authorizer_type(Types& types);
Type resource_check_type(Types& types);
// The values of the variables `authorizer` and `authorizer.requestResource`; null values past the arena's budget.
Value authorizer_value(Arena& arena);
Value resource_check_value(Arena& arena, const AccessRequest& resource);

}  // namespace seawall::cel
