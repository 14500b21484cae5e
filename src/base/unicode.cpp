#include "base/unicode.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"

namespace seawall {
namespace {

// What acts without being seen: C0, C1, zero-width and bidirectional controls, line separators, tags, non-characters.
constexpr CodeRange unseen[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x061C, 0x061C},   {0x115F, 0x1160},   {0x17B4, 0x17B5},
    {0x180B, 0x180F}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},   {0x3164, 0x3164},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

std::string escaped(char32_t c) {
  char escape[16];
  std::snprintf(escape, sizeof escape, c < 0x100 ? "\\x%02x" : "\\u{%x}", static_cast<unsigned>(c));
  return escape;
}

std::string printable_but(std::string_view raw, std::string_view kept) {
  auto text = to_utf8(raw);
  std::string out;
  out.reserve(text.size());
  for (std::string_view rest = text; !rest.empty();) {
    auto next = first_character(rest);
    auto bytes = rest.substr(0, next.bytes);
    if (is_unseen(next.code) && bytes != kept)
      out += escaped(next.code);
    else
      out += bytes;
    rest.remove_prefix(next.bytes);
  }
  return out;
}

}  // namespace

bool in_ranges(std::span<const CodeRange> ranges, char32_t c) noexcept {
  auto at = std::ranges::lower_bound(ranges, c, {}, &CodeRange::last);
  return at != ranges.end() && at->first <= c;
}

Character first_character(std::string_view text) noexcept {
  auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[i])); };
  char32_t lead = byte(0);
  std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes == 1 || bytes > text.size()) return {lead, 1};
  char32_t code = lead & (0xFFu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) code = (code << 6) | (byte(i) & 0x3F);
  return {code, bytes};
}

bool is_unseen(char32_t c) noexcept { return in_ranges(unseen, c); }

std::string printable(std::string_view raw) {
  // Nearly all texts are plain, and every field of a report passes here.
  if (std::ranges::all_of(raw, [](char c) { return c >= ' ' && c <= '~'; })) return std::string(raw);
  return printable_but(raw, {});
}
std::string printable_lines(std::string_view raw) { return printable_but(raw, "\n"); }

}  // namespace seawall
