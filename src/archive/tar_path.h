// Names inside archives that are laid out below a root. Inside the room only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seawall::archive {

// The name cleaned as text, as container runtimes do it: without leading '/', "." and empty parts, "a/../b" is "b".
// Nothing where it climbs above the root or holds a zero byte. The root itself is the empty path.
std::optional<std::string> inside_path(std::string_view name);

}  // namespace seawall::archive
