// Which known names are near to one that somebody typed.
// Threads: pure. Limits: names of up to 128 bytes are compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seawall {

// At most `most` of them, the nearest first: those that differ by few letters (inserted, left out, changed, two
// exchanged), and those whose last part, after a slash, does.
std::vector<std::string> nearest_names(std::string_view typed, const std::vector<std::string_view>& known,
                                       std::size_t most = 3);

// " Did you mean 'a', 'b' or 'c'?"; empty where none is near.
std::string did_you_mean(std::string_view typed, const std::vector<std::string_view>& known);

}  // namespace seawall
