#include "codec/placed.h"

#include <algorithm>

#include "codec/detail/builder.h"

namespace seawall::codec {

const Place& PlacedDocument::place_of(Value container, std::size_t child) const noexcept {
  SW_CHECK(child < container.size());
  return detail::places_of_children(*container.node())[child];
}

namespace {

// "---" or "..." with nothing but a blank behind it.
bool is_marker(std::string_view line, std::string_view marker) {
  if (!line.starts_with(marker)) return false;
  constexpr std::string_view blanks = " \t\r\n";
  return line.size() == marker.size() || blanks.find(line[marker.size()]) != std::string_view::npos;
}

// What may stand before a document: blank lines, comments, directives.
bool is_prologue(std::string_view line) {
  auto first = line.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos || line[first] == '#' || line.front() == '%';
}

}  // namespace

YamlParts::YamlParts(std::string_view text) : text_(text.substr(0, UINT32_MAX)) {}

std::size_t YamlParts::line_end(std::size_t at) const {
  auto end = text_.find('\n', at);
  return end == std::string_view::npos ? text_.size() : end + 1;
}

std::optional<TextRange> YamlParts::next() {
  if (next_.offset >= text_.size()) return std::nullopt;
  auto begin = next_, at = next_;
  next_ = {text_.size(), 0};
  // Where the lines begin that belong to the document after them, if one starts there.
  auto prologue = std::optional(begin);
  for (Line after; at.offset < text_.size(); at = after) {
    after = {line_end(at.offset), at.number + 1};
    auto line = text_.substr(at.offset, after.offset - at.offset);
    if (is_marker(line, "---")) {
      auto start = prologue.value_or(at);
      prologue.reset();
      if (start.offset == begin.offset) continue;
      next_ = start;
      break;
    }
    if (is_marker(line, "...")) {
      prologue = after;
    } else if (prologue && !is_prologue(line)) {
      prologue.reset();
    }
  }
  line_ = begin.number;
  return TextRange{static_cast<std::uint32_t>(begin.offset), static_cast<std::uint32_t>(next_.offset)};
}

}  // namespace seawall::codec
