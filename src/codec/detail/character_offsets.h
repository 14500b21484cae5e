// Offsets in bytes for a parser that counts characters. Positions are asked for in about the order of the text, and the
// way between two of them is walked.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "codec/placed.h"

namespace seawall::codec::detail {

class CharacterOffsets {
 public:
  // `part` is valid UTF-8 as far as positions are asked for; `base` is its offset in the whole text.
  CharacterOffsets(std::string_view part, std::uint32_t base) : part_(part), base_(base), ascii_(is_ascii(part)) {}

  std::string_view part() const noexcept { return part_; }
  std::uint32_t base() const noexcept { return base_; }

  // From one character to another, without the blanks and line ends before its end.
  TextRange range(std::size_t begin, std::size_t end) {
    auto first = byte_of(begin), last = byte_of(end);
    while (last > first && is_blank(part_[last - 1])) --last;
    return {base_ + static_cast<std::uint32_t>(first), base_ + static_cast<std::uint32_t>(last)};
  }

 private:
  // Eight bytes at a time.
  static bool is_ascii(std::string_view text) {
    std::uint64_t all = 0;
    for (; text.size() >= 8; text.remove_prefix(8)) {
      std::uint64_t word;
      std::memcpy(&word, text.data(), 8);
      all |= word;
    }
    for (char c : text) all |= static_cast<unsigned char>(c);
    return (all & 0x8080808080808080) == 0;
  }

  static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
  bool is_first_byte(std::size_t at) const { return (part_[at] & 0xC0) != 0x80; }

  std::size_t byte_of(std::size_t character) {
    if (ascii_) return std::min(character, part_.size());
    for (; character_ < character && byte_ < part_.size(); ++character_) do
        ++byte_;
      while (byte_ < part_.size() && !is_first_byte(byte_));
    for (; character_ > character; --character_) do
        --byte_;
      while (!is_first_byte(byte_));
    return byte_;
  }

  std::string_view part_;
  std::uint32_t base_;
  bool ascii_;
  std::size_t character_ = 0, byte_ = 0;  // the position walked to last
};

}  // namespace seawall::codec::detail
