// A judgement of one rule on one object in JSON, the same wherever it stands.
#pragma once

#include "codec/json.h"
#include "model/policy_result.h"

namespace seawall::report::detail {

void write_result(codec::JsonWriter& json, const model::ObjectResults& of, const model::PolicyResult& result);

}  // namespace seawall::report::detail
