#include "report/detail/text.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"

namespace seawall::report::detail {
namespace {

// Zero columns: combining marks, variation selectors (Unicode's general categories Mn and Me of the scripts in use).
constexpr CodeRange zero_width[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x05BF, 0x05BF}, {0x05C1, 0x05C2}, {0x05C4, 0x05C5},
    {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670},   {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8},
    {0x06EA, 0x06ED}, {0x0711, 0x0711}, {0x0730, 0x074A},   {0x07A6, 0x07B0}, {0x0816, 0x082D}, {0x0859, 0x085B},
    {0x08D3, 0x0902}, {0x093A, 0x093A}, {0x093C, 0x093C},   {0x0941, 0x0948}, {0x094D, 0x094D}, {0x0951, 0x0957},
    {0x0962, 0x0963}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},   {0x0E47, 0x0E4E}, {0x0EB1, 0x0EB1}, {0x0EB4, 0x0EBC},
    {0x0EC8, 0x0ECD}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},   {0x20D0, 0x20F0}, {0x302A, 0x302D}, {0x3099, 0x309A},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF},
};

// Two columns: East Asian Width W and F, and emoji shown as pictures.
constexpr CodeRange wide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},
    {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},
    {0x2693, 0x2693},   {0x26A1, 0x26A1},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},
    {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},
    {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},
    {0x2E80, 0x303E},   {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x16FE0, 0x18AFF}, {0x1B000, 0x1B2FF}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF},
    {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C},
    {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4},
    {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E},
    {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596}, {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F},
    {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6DF}, {0x1F6EB, 0x1F6EC},
    {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7EB}, {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1FAFF},
    {0x20000, 0x3FFFD},
};

std::size_t columns_of(char32_t c) noexcept {
  if (c < 0x300) return 1;
  if (in_ranges(zero_width, c)) return 0;
  return in_ranges(wide, c) ? 2 : 1;
}

constexpr std::string_view ellipsis = "…";

std::string kept_start(std::string_view text, std::size_t width) {
  std::size_t bytes = 0, columns = 0;
  while (bytes < text.size()) {
    auto next = first_character(text.substr(bytes));
    auto wider = columns + columns_of(next.code);
    if (wider > width) break;
    columns = wider;
    bytes += next.bytes;
  }
  return std::string(text.substr(0, bytes));
}

std::string_view kept_end(std::string_view text, std::size_t width) {
  auto columns = display_width(text);
  while (columns > width) {
    auto first = first_character(text);
    columns -= columns_of(first.code);
    text.remove_prefix(first.bytes);
  }
  return text;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    auto next = first_character(text);
    columns += columns_of(next.code);
    text.remove_prefix(next.bytes);
  }
  return columns;
}

std::string shortened(std::string_view text, std::size_t width, Cut cut) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  if (cut == Cut::end) return kept_start(text, width - 1) + std::string(ellipsis);
  return std::string(ellipsis) + std::string(kept_end(text, width - 1));
}

std::string fitted(std::string_view text, std::size_t width, Cut cut) {
  auto out = shortened(text, width, cut);
  auto taken = display_width(out);
  return out.append(width > taken ? width - taken : 0, ' ');
}

std::string wrapped(std::string_view text, std::string_view before, std::size_t width) {
  std::string out, line;
  for (auto word : words(text)) {
    auto longer = display_width(line) + display_width(word) + 1 + before.size();
    if (!line.empty() && longer > width) out += std::string(before) + std::exchange(line, "") + "\n";
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  return line.empty() ? out : out + std::string(before) + line + "\n";
}

std::string markup_escaped(std::string_view raw) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  auto text = to_utf8(raw);
  std::string out;
  out.reserve(text.size());
  for (std::string_view rest = text; !rest.empty();) {
    auto next = first_character(rest);
    auto bytes = rest.substr(0, next.bytes);
    rest.remove_prefix(next.bytes);
    if (bytes == "&")
      out += "&amp;";
    else if (bytes == "<")
      out += "&lt;";
    else if (bytes == ">")
      out += "&gt;";
    else if (bytes == "\"")
      out += "&quot;";
    else if (bytes == "'")
      out += "&#39;";
    else if (is_unseen(next.code) && bytes != "\n" && bytes != "\t")
      out += replacement;
    else
      out += bytes;
  }
  return out;
}

std::string counted(std::size_t count, std::string_view noun) {
  std::string out = fmt::format("{} {}", count, noun);
  if (count == 1) return out;
  return out += 's';
}

std::string percent(double fraction) { return fmt::format("{:.1f}%", fraction * 100); }
std::string tenths(double value) { return fmt::format("{:.1f}", value); }

}  // namespace seawall::report::detail
