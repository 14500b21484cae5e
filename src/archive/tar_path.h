// Names inside tar archives. Inside the room only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seawall::archive {

// Without leading '/', "." and empty parts; nothing where a ".." part would climb, or the name holds a zero byte.
// The root itself is the empty path.
std::optional<std::string> inside_path(std::string_view name);

}  // namespace seawall::archive
