// Base64 (RFC 4648), standard and URL alphabets; padding optional when reading.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seawall::codec {

std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view);

}  // namespace seawall::codec
