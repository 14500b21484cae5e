#include "base/text_diff.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/text.h"

namespace seawall {
namespace {

constexpr std::size_t context_lines = 3;
// How far apart two texts may drift before the rest counts as replaced.
constexpr std::size_t furthest = 4000;

// A line with its end.
struct Line {
  std::string_view text;
  std::uint64_t hash;

  bool operator==(const Line& other) const noexcept { return hash == other.hash && text == other.text; }
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> out;
  while (!text.empty()) {
    auto end = text.find('\n');
    auto line = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
    out.push_back({line, hash64(line)});
    text.remove_prefix(line.size());
  }
  return out;
}

// [before, before_end) is replaced by [after, after_end).
struct Change {
  std::size_t before, before_end, after, after_end;
};

class Comparison {
 public:
  Comparison(std::span<const Line> before, std::span<const Line> after) : before_(before), after_(after) {}

  std::vector<Change> changes() const {
    std::vector<Change> out;
    std::size_t i = 0, j = 0;
    for (;;) {
      while (i < before_.size() && j < after_.size() && before_[i] == after_[j]) ++i, ++j;
      if (i == before_.size() && j == after_.size()) return out;
      auto change = next_meeting(i, j);
      i = change.before_end;
      j = change.after_end;
      out.push_back(change);
    }
  }

 private:
  // Where the texts meet again after the fewest lines; one equal line alone (a bracket, a blank) is no meeting unless
  // the texts end with it.
  Change next_meeting(std::size_t i, std::size_t j) const {
    auto left = before_.size() - i, right = after_.size() - j;
    for (std::size_t total = 1; total <= std::min(furthest, left + right); ++total)
      for (std::size_t skipped = total > right ? total - right : 0; skipped <= std::min(total, left); ++skipped)
        if (meet(i + skipped, j + total - skipped)) return {i, i + skipped, j, j + total - skipped};
    return {i, before_.size(), j, after_.size()};
  }

  bool meet(std::size_t i, std::size_t j) const {
    constexpr std::size_t enough = 2;
    for (std::size_t n = 0; n < enough; ++n) {
      bool ends = i + n == before_.size() && j + n == after_.size();
      if (ends) return true;
      if (i + n >= before_.size() || j + n >= after_.size() || !(before_[i + n] == after_[j + n])) return false;
    }
    return true;
  }

  std::span<const Line> before_, after_;
};

void append_line(std::string& out, char mark, std::string_view line) {
  out += mark;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

// "3,4"; an empty range is named by the line before it.
std::string range_text(std::size_t first, std::size_t count) {
  return std::to_string(count == 0 ? first : first + 1) + "," + std::to_string(count);
}

// Changes whose contexts touch, as one hunk.
void append_hunk(std::string& out, std::span<const Change> changes, std::span<const Line> before,
                 std::span<const Line> after) {
  auto lead = std::min(context_lines, changes.front().before);
  auto tail = std::min(context_lines, before.size() - changes.back().before_end);
  auto first = changes.front().before - lead, end = changes.back().before_end + tail;
  auto first_after = changes.front().after - lead, end_after = changes.back().after_end + tail;
  out += "@@ -" + range_text(first, end - first) + " +" + range_text(first_after, end_after - first_after) + " @@\n";
  for (const auto& change : changes) {
    for (; first < change.before; ++first) append_line(out, ' ', before[first].text);
    for (; first < change.before_end; ++first) append_line(out, '-', before[first].text);
    for (auto i = change.after; i < change.after_end; ++i) append_line(out, '+', after[i].text);
  }
  for (; first < end; ++first) append_line(out, ' ', before[first].text);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view name_before,
                         std::string_view name_after) {
  auto old_lines = lines_of(before), new_lines = lines_of(after);
  auto changes = Comparison(old_lines, new_lines).changes();
  if (changes.empty()) return {};
  auto out = "--- " + std::string(name_before) + "\n+++ " + std::string(name_after) + "\n";
  for (std::size_t begin = 0, end = 0; begin < changes.size(); begin = end) {
    for (end = begin + 1; end < changes.size(); ++end)
      if (changes[end].before - changes[end - 1].before_end > 2 * context_lines) break;
    append_hunk(out, std::span(changes).subspan(begin, end - begin), old_lines, new_lines);
  }
  return out;
}

ChangedLines changed_lines(std::string_view before, std::string_view after) {
  auto same = static_cast<std::size_t>(std::ranges::mismatch(before, after).in1 - before.begin());
  // Back to the beginning of the line.
  auto begin = same == 0 ? 0 : before.rfind('\n', same - 1) + 1;  // npos + 1 is 0
  auto rest_before = before.substr(begin), rest_after = after.substr(begin);
  std::size_t tail = 0;
  while (tail < std::min(rest_before.size(), rest_after.size()) &&
         rest_before[rest_before.size() - tail - 1] == rest_after[rest_after.size() - tail - 1])
    ++tail;
  // What is the same at the end begins behind a line's end, in both.
  auto common = rest_before.substr(rest_before.size() - tail);
  bool whole = (tail == rest_before.size() || rest_before[rest_before.size() - tail - 1] == '\n') &&
               (tail == rest_after.size() || rest_after[rest_after.size() - tail - 1] == '\n');
  if (!whole) {
    auto line = common.find('\n');
    tail = line == std::string_view::npos ? 0 : common.size() - line - 1;
  }
  auto replaced = rest_before.substr(0, rest_before.size() - tail);
  auto first = 1 + static_cast<std::size_t>(std::ranges::count(before.substr(0, begin), '\n'));
  auto ends = static_cast<std::size_t>(std::ranges::count(replaced, '\n'));
  bool partial = !replaced.empty() && !replaced.ends_with('\n');
  return {first, first + ends + (partial ? 1 : 0), rest_after.substr(0, rest_after.size() - tail)};
}

}  // namespace seawall
