// The parts of the standard library.
#pragma once

#include "cel/ast.h"
#include "cel/detail/library.h"

namespace seawall::cel::library {

void add_operators(Environment& environment);
void add_conversions(Environment& environment);
void add_time_getters(Environment& environment);

}  // namespace seawall::cel::library
