// Characters of UTF-8 text, and text from elsewhere made fit for a terminal.
// Threads: all functions are pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace seawall {

struct Character {
  char32_t code;
  std::size_t bytes;
};
// First character of text that is valid UTF-8 and not empty.
Character first_character(std::string_view) noexcept;

struct CodeRange {
  char32_t first, last;
};
// Ranges in ascending order.
bool in_ranges(std::span<const CodeRange>, char32_t) noexcept;

// Acts without being seen: control characters, Unicode's format and bidirectional controls, non-characters.
bool is_unseen(char32_t) noexcept;

// Valid UTF-8 with everything unseen shown as \xNN or \u{NNNN}: it neither acts on a terminal nor hides text.
std::string printable(std::string_view);
// The same, but line ends stay: for messages of several lines.
std::string printable_lines(std::string_view);

}  // namespace seawall
