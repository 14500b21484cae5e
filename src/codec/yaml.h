// YAML (1.2 core schema on libyaml's 1.1 syntax) into Values: plain true/false/null/~ and numbers are resolved, and
// `scalar()` keeps the text as written. Merge keys (<<) are applied. Aliases share nodes; each use counts.
// Threads: safe. Limits: as given. Fails: invalid with line and column, exhausted, unsupported (a key that is no
// scalar).
#pragma once

#include <vector>

#include "codec/value.h"

namespace seawall::codec {

// The first document of the stream; an empty stream gives null.
Result<Document> parse_yaml(std::string_view, const Limits& = {});
// Every document, as one array.
Result<Document> parse_yaml_all(std::string_view, const Limits& = {});

}  // namespace seawall::codec
