// Finding one's way in the text of a YAML or JSON file: lines, indentation, comments. Every function walks from where
// it is asked to what it looks for, no further.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "codec/placed.h"

namespace seawall::kube::detail {

class SourceText {
 public:
  // A part of a text; offsets are those of the whole.
  SourceText(std::string_view whole, codec::TextRange part) : text_(whole.substr(0, part.end)) {
    auto first = text_.find('\n', part.begin);
    bool windows = first != std::string_view::npos && first > 0 && text_[first - 1] == '\r';
    line_break_ = windows ? "\r\n" : "\n";
  }

  std::size_t size() const noexcept { return text_.size(); }
  char at(std::size_t offset) const noexcept { return offset < text_.size() ? text_[offset] : '\0'; }
  std::string_view between(std::size_t begin, std::size_t end) const {
    return begin < end ? text_.substr(begin, end - begin) : std::string_view();
  }
  bool has_line_break(std::size_t begin, std::size_t end) const { return between(begin, end).find('\n') != text_.npos; }
  // That of the first line.
  std::string_view line_break() const noexcept { return line_break_; }

  std::size_t line_begin(std::size_t offset) const {
    auto before = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
    if (before != std::string_view::npos) return before + 1;
    return offset >= 3 && text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  }
  // In bytes: in front of what begins a block there are only blanks and dashes.
  std::size_t column(std::size_t offset) const { return offset - line_begin(offset); }
  std::string_view indentation(std::size_t offset) const {
    auto begin = line_begin(offset);
    return between(begin, skip_blanks(begin));
  }
  bool is_first_on_line(std::size_t offset) const { return skip_blanks(line_begin(offset)) >= offset; }
  // Where the line's break begins, and where the next line does.
  std::size_t line_end(std::size_t offset) const {
    auto end = std::min(text_.find('\n', offset), text_.size());
    return end > offset && end < text_.size() && text_[end - 1] == '\r' ? end - 1 : end;
  }
  std::size_t next_line(std::size_t offset) const {
    auto end = text_.find('\n', offset);
    return end == std::string_view::npos ? text_.size() : end + 1;
  }

  // Over blanks and tabs.
  std::size_t skip_blanks(std::size_t offset) const {
    return std::min(text_.find_first_not_of(" \t", offset), text_.size());
  }
  // Over line breaks, too.
  std::size_t skip_white(std::size_t offset) const {
    return std::min(text_.find_first_not_of(" \t\r\n", offset), text_.size());
  }
  // And comments.
  std::size_t skip_to_token(std::size_t offset) const {
    for (offset = skip_white(offset); at(offset) == '#'; offset = skip_white(offset)) offset = line_end(offset);
    return offset;
  }
  // Behind the tags and anchors in front of a value.
  std::size_t content_begin(codec::TextRange value) const {
    std::size_t offset = value.begin;
    while (offset < value.end && (at(offset) == '&' || at(offset) == '!')) {
      auto end = std::min(text_.find_first_of(" \t\r\n", offset), text_.size());
      offset = skip_to_token(end);
    }
    return std::min<std::size_t>(offset, value.end);
  }
  bool has_anchor(codec::TextRange value) const {
    auto content = content_begin(value);
    for (std::size_t offset = value.begin; offset < content; offset = skip_to_token(offset)) {
      if (at(offset) == '&') return true;
      offset = std::min(text_.find_first_of(" \t\r\n", offset), text_.size());
    }
    return false;
  }

 private:
  std::string_view text_;
  std::string_view line_break_;
};

}  // namespace seawall::kube::detail
