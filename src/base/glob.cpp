#include "base/text.h"

namespace seawall {
namespace {

// One step of the pattern that takes exactly one character.
struct Step {
  std::size_t width;  // of the pattern
  bool matches;
};

// A class "[a-z]", "[!a-z]" or "[^a-z]" at `at`; width 0 where no bracket closes it.
Step match_class(std::string_view pattern, std::size_t at, char c) noexcept {
  auto next = at + 1;
  bool negated = next < pattern.size() && (pattern[next] == '!' || pattern[next] == '^');
  if (negated) ++next;
  bool found = false;
  // A bracket directly after the opening one is a member.
  for (auto first = next; next < pattern.size() && (pattern[next] != ']' || next == first);) {
    auto low = static_cast<unsigned char>(pattern[next]), high = low;
    ++next;
    if (next + 1 < pattern.size() && pattern[next] == '-' && pattern[next + 1] != ']') {
      high = static_cast<unsigned char>(pattern[next + 1]);
      next += 2;
    }
    auto byte = static_cast<unsigned char>(c);
    found = found || (low <= byte && byte <= high);
  }
  if (next >= pattern.size()) return {0, false};
  return {next + 1 - at, found != negated && c != '/'};
}

Step match_one(std::string_view pattern, std::size_t at, char c) noexcept {
  char p = pattern[at];
  if (p == '?') return {1, c != '/'};
  if (p == '\\' && at + 1 < pattern.size()) return {2, pattern[at + 1] == c};
  if (p == '[') {
    if (auto step = match_class(pattern, at, c); step.width != 0) return step;
  }
  return {1, p == c};
}

// Where to go on after a mismatch: the pattern behind the star, and the text it has not swallowed yet.
struct Retry {
  std::size_t pattern = std::string_view::npos;
  std::size_t text = 0;
  bool whole_parts = false;  // "**/": swallows whole parts only
  bool set() const noexcept { return pattern != std::string_view::npos; }
};

// Matches without recursion. The shortest run is always the best for an earlier star (what is behind it may match
// as early as possible), so one retry point for `*` and one for `**` are enough.
class Matcher {
 public:
  Matcher(std::string_view pattern, std::string_view text) : pattern_(pattern), text_(text) {}

  bool run() noexcept {
    for (;;) {
      if (at_ < pattern_.size() && pattern_[at_] == '*') {
        take_star();
        continue;
      }
      if (at_ == pattern_.size() && pos_ == text_.size()) return true;
      if (at_ < pattern_.size() && pos_ < text_.size()) {
        if (auto step = match_one(pattern_, at_, text_[pos_]); step.matches) {
          at_ += step.width;
          ++pos_;
          continue;
        }
      }
      if (!retry_star() && !retry_double()) return false;
    }
  }

 private:
  void take_star() noexcept {
    auto start = at_;
    while (at_ < pattern_.size() && pattern_[at_] == '*') ++at_;
    if (at_ - start == 1) {
      star_ = {at_, pos_, false};
      return;
    }
    bool at_part = start == 0 || pattern_[start - 1] == '/';
    bool whole_parts = at_part && at_ < pattern_.size() && pattern_[at_] == '/';
    if (whole_parts) ++at_;
    double_ = {at_, pos_, whole_parts};
    star_ = {};
  }

  bool retry_star() noexcept {
    if (!star_.set() || star_.text >= text_.size() || text_[star_.text] == '/') return false;
    pos_ = ++star_.text;
    at_ = star_.pattern;
    return true;
  }

  bool retry_double() noexcept {
    if (!double_.set() || double_.text >= text_.size()) return false;
    if (double_.whole_parts) {
      auto slash = text_.find('/', double_.text);
      if (slash == std::string_view::npos) return false;
      double_.text = slash;
    }
    pos_ = ++double_.text;
    at_ = double_.pattern;
    star_ = {};
    return true;
  }

  std::string_view pattern_, text_;
  std::size_t at_ = 0, pos_ = 0;
  Retry star_, double_;
};

}  // namespace

bool glob_match(std::string_view pattern, std::string_view path) noexcept { return Matcher(pattern, path).run(); }

}  // namespace seawall
