// Parts of Kubernetes' libraries that only some of its versions have.
#pragma once

#include "cel/environment.h"

namespace seawall::cel::library {

void add_kubernetes_time_getters(Environment& environment);            // durations in whole milliseconds
void add_kubernetes_network(Environment& environment);                 // without isMask
void add_kubernetes_lists_without_includes(Environment& environment);  // before 1.37
void add_authorizer_without_selectors(Environment& environment);       // before 1.31
void add_authorizer_selectors(Environment& environment);

}  // namespace seawall::cel::library
