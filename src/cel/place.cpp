// Where in the source a message belongs, drawn for people.
#include <algorithm>
#include <string>

#include "base/text.h"
#include "cel/ast.h"

namespace seawall::cel {
namespace {

// A line longer than this is shown in part, so that a message stays readable.
constexpr std::size_t shown_before = 60, shown_after = 60;

std::string_view line_around(std::string_view source, std::size_t place) {
  auto begin = place == 0 ? std::string_view::npos : source.rfind('\n', place - 1);
  begin = begin == std::string_view::npos ? 0 : begin + 1;
  auto line = source.substr(begin, source.find('\n', place) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

constexpr bool continues_code_point(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues_code_point(c); }));
}

std::uint32_t decode(std::string_view point) {
  auto lead = static_cast<unsigned char>(point[0]);
  std::uint32_t value = point.size() == 1 ? lead : lead & (0x7Fu >> point.size());
  for (char c : point.substr(1)) value = value << 6 | (static_cast<unsigned char>(c) & 0x3F);
  return value;
}

// Columns of a terminal: East Asian wide characters and emoji take two.
std::size_t width(std::uint32_t point) {
  struct Range {
    std::uint32_t first, last;
  };
  constexpr Range wide[] = {{0x1100, 0x115F},   {0x2E80, 0xA4CF},  {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
                            {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
                            {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
  if (point >= 0x300 && point <= 0x36F) return 0;  // combining marks
  return std::ranges::any_of(wide, [&](Range range) { return point >= range.first && point <= range.last; }) ? 2 : 1;
}

// Pieces of a line as it is shown, and dots below that are as wide.
struct Drawing {
  std::string shown, below;

  void add(std::string_view point) {
    auto value = decode(point);
    bool is_control = value < 0x20 || (value >= 0x7F && value < 0xA0);
    if (value == '\t') {
      shown += ' ';
    } else if (is_control) {
      shown += '?';  // what comes from others must not steer a terminal
    } else {
      shown += point;
    }
    below.append(width(value), '.');
  }
};

std::string_view next_code_point(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && continues_code_point(text[size])) ++size;
  return text.substr(0, size);
}

// The line with a caret below `offset`; both start in the margin that the caller gave.
std::string draw(std::string_view line, std::size_t offset) {
  auto begin = offset > shown_before ? offset - shown_before : 0;
  while (begin > 0 && continues_code_point(line[begin])) --begin;
  Drawing drawing;
  if (begin > 0) drawing = {"...", "..."};
  std::string dots;
  for (auto at = begin; at < line.size();) {
    if (at == offset) dots = drawing.below;
    if (at > offset + shown_after) {
      drawing.shown += "...";
      break;
    }
    auto point = next_code_point(line.substr(at));
    drawing.add(point);
    at += point.size();
  }
  if (offset >= line.size()) dots = drawing.below;
  return "\n | " + drawing.shown + "\n | " + dots + '^';
}

}  // namespace

std::string with_place(std::string_view source, std::size_t place, std::string_view message) {
  place = std::min(place, source.size());
  auto line = line_around(source, place);
  auto offset = std::min(place - static_cast<std::size_t>(line.data() - source.data()), line.size());
  auto before = to_utf8(line.substr(0, offset)), after = to_utf8(line.substr(offset));
  auto number = 1 + std::ranges::count(source.substr(0, place), '\n');
  return "line " + std::to_string(number) + ", column " + std::to_string(code_points(before) + 1) + ": " +
         std::string(message) + draw(before + after, before.size());
}

}  // namespace seawall::cel
