// The messages, enums and extensions that cases name, declared in an environment.
#pragma once

#include "base/result.h"
#include "cel/environment.h"
#include "codec/value.h"

namespace seawall::cel::conformance {

enum class Enums : bool {
  integers,
  own_types,  // with functions that convert from and to them
};

// `types` has the form of `_types.json`. Texts may stay in it.
// Fails: invalid.
Result<> declare_messages(Environment& environment, codec::Value types, Enums enums);

}  // namespace seawall::cel::conformance
