// What the API server of each minor version offers to admission policies (apiserver pkg/cel/environment/base.go).
#include "cel/library/kubernetes.h"

namespace seawall::cel {

void add_kubernetes(Environment& environment, unsigned minor) {
  using namespace library;
  environment.set_bad_presence(BadPresence::absent);
  add_kubernetes_time_getters(environment);
  add_urls(environment);
  add_kubernetes_regex(environment);
  if (minor >= 37)
    add_kubernetes_lists(environment);
  else
    add_kubernetes_lists_without_includes(environment);
  add_strings(environment, minor >= 29 ? 2 : 0);
  if (minor >= 27) add_authorizer_without_selectors(environment);
  if (minor >= 28) {
    add_optionals(environment);
    add_quantities(environment);
  }
  if (minor >= 29) add_sets(environment);
  if (minor >= 30) add_kubernetes_network(environment);
  if (minor >= 31) {
    add_formats(environment);
    add_authorizer_selectors(environment);
  }
  if (minor >= 32) add_two_variable_comprehensions(environment);
  if (minor >= 33) add_semver(environment);
  if (minor >= 34) add_lists(environment, 3);
}

}  // namespace seawall::cel
