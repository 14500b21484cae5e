// Content held against its digest and size, at once or on the way.
// Threads: a stream belongs to one. Fails: corrupt.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/stream.h"
#include "crypto/digest.h"

namespace seawall::oci::detail {

crypto::Digest digest_of(std::string_view bytes, crypto::Algorithm);
// Any size where none is given.
Result<> verify(std::string_view bytes, const crypto::Digest&, std::optional<std::uint64_t> size);
// Passes the bytes of `inner` through; the read that would report the end fails where they were not the right ones.
std::unique_ptr<Source> verified(std::unique_ptr<Source> inner, crypto::Digest, std::optional<std::uint64_t> size);

}  // namespace seawall::oci::detail
