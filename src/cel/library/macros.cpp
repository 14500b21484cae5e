// Libraries that are macros alone: the parser knows what they mean.
#include "cel/environment.h"

namespace seawall::cel {

static void add_macros(Environment& environment, std::initializer_list<std::string_view> names) {
  for (auto name : names) environment.add_macro(name);
}

void add_bindings(Environment& environment) { add_macros(environment, {"cel.bind"}); }

void add_two_variable_comprehensions(Environment& environment) {
  add_macros(environment, {"existsOne", "transformList", "transformMap", "transformMapEntry"});
}

void add_block(Environment& environment) {
  add_macros(environment, {"cel.block", "cel.index", "cel.iterVar", "cel.accuVar"});
}

void add_proto_extensions(Environment& environment) { add_macros(environment, {"proto.getExt", "proto.hasExt"}); }

}  // namespace seawall::cel
