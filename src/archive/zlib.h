// Zlib streams (RFC 1950) whole in memory: small blobs inside other files, such as the audit data of Rust programs.
// Threads: safe. Limits: the output's size. Fails: corrupt, exhausted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace seawall::archive {

Result<std::string> inflate_zlib(std::string_view bytes, std::size_t limit);

}  // namespace seawall::archive
