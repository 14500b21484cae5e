// Types and values as the cases write them.
#pragma once

#include <string>

#include "base/result.h"
#include "cel/environment.h"
#include "codec/value.h"

namespace seawall::cel::conformance {

// `"int"`, `{"list": "int"}`, `{"message": "pkg.Name"}`... Fails: invalid.
Result<Type> read_type(Types& types, codec::Value written);
// `{"int": "1"}`, `{"list": [...]}`, `{"object": {"type": "pkg.Name", "wire_b64": "..."}}`... Fails: invalid, corrupt.
Result<Value> read_value(Call& call, const Schemas& schemas, codec::Value written);
// Whether that is the value: of the same type down to its last element (NaN is itself).
bool same(const Value& expected, const Value& got);

}  // namespace seawall::cel::conformance
