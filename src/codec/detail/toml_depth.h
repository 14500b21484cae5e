// How deep a TOML text nests, told without parsing it: toml++ bounds nested values, but not the parts of dotted keys
// ("a.a.a.a..."), and it frees its tree by recursion.
#pragma once

#include <string_view>

namespace seawall::codec::detail {

// An upper bound for tables and arrays inside each other below one header. Stops counting above `enough`.
unsigned toml_depth(std::string_view text, unsigned enough);

}  // namespace seawall::codec::detail
