// TOML 1.0 into Values; dates and times become text as written.
// Threads: safe. Limits: as given. Fails: invalid with line and column, exhausted.
#pragma once

#include "codec/value.h"

namespace seawall::codec {

Result<Document> parse_toml(std::string_view, const Limits& = {});

}  // namespace seawall::codec
