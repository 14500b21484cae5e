// Text from images made fit for terminals, XML and people.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/unicode.h"

namespace seawall::report::detail {

// Here under this room's own name: nearly every line of a report needs it.
using seawall::printable;

// Columns that printable text takes on a terminal: 0 for combining marks, 2 for wide East Asian characters and emoji.
std::size_t display_width(std::string_view);

// Which end of a text that is too long gives way to an ellipsis.
enum class Cut : unsigned char { end, start };
// At most `width` columns.
std::string shortened(std::string_view, std::size_t width, Cut = Cut::end);
// Exactly `width` columns: shortened or filled with spaces.
std::string fitted(std::string_view, std::size_t width, Cut = Cut::end);

// Lines of at most `width` columns, each behind `before`, broken between words; a word that is too long stays whole.
std::string wrapped(std::string_view text, std::string_view before, std::size_t width);

// For XML and HTML text and attribute values; characters that XML 1.0 does not know become U+FFFD.
std::string markup_escaped(std::string_view);

// "1 package", "2 packages"; for nouns that take an s.
std::string counted(std::size_t count, std::string_view noun);
// "12.3%" of 0.123.
std::string percent(double fraction);
// "9.8" of 9.8.
std::string tenths(double);

}  // namespace seawall::report::detail
