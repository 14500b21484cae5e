// A value of CEL as JSON, for programs that read on.
//
// As JSON has it where it can: numbers with all digits, bytes as base64, times and durations as their texts, NaN and
// infinities as texts, types and values of libraries as they print, an optional as what it holds or null; keys of
// maps as texts.
// Threads: safe. Limits: 64 MiB of scalars, nesting 500. Fails: exhausted, invalid (two keys of one text).
#pragma once

#include "base/result.h"
#include "cel/value.h"
#include "codec/json.h"

namespace seawall::cli {

Result<> write_json(codec::JsonWriter& to, const cel::Value& value);

}  // namespace seawall::cli
