#include "base/text_diff.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace seawall;

namespace {

std::string diff(std::string_view before, std::string_view after) { return unified_diff(before, after, "a", "b"); }

// As `patch` would, for diffs whose hunks fit exactly.
std::string applied(std::string_view before, std::string_view patch) {
  std::string out;
  std::size_t at = 0;  // in before
  auto all = lines(patch);
  for (std::size_t i = 2; i < all.size(); ++i) {
    auto line = all[i];
    bool no_end = i + 1 < all.size() && all[i + 1].starts_with('\\');
    auto text = std::string(line.substr(1)) + (no_end ? "" : "\n");
    if (line.starts_with("@@")) {
      auto range = words(line)[1].substr(1);
      auto halves = *cut(range, ",");
      auto first = *to_u64(halves.left) - (halves.right == "0" ? 0 : 1);
      std::size_t begin = 0;
      for (std::size_t n = 0; n < first; ++n) begin = before.find('\n', begin) + 1;
      out += before.substr(at, begin - at);
      at = begin;
    } else if (!line.starts_with('\\')) {
      if (!line.starts_with('+')) {
        CHECK(before.substr(at, text.size()) == text);
        at += text.size();
      }
      if (!line.starts_with('-')) out += text;
    }
  }
  return out + std::string(before.substr(at));
}

std::string random_text(std::uint64_t seed, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    auto h = hash64(std::to_string(i), seed);
    if (h % 7 != 0) out += "line " + std::to_string(h % 11 == 0 ? h % 100 : i % 9) + "\n";
  }
  if (seed % 3 == 0) out += "no end";
  return out;
}

}  // namespace

TEST_CASE("a changed line stands between three lines of context") {
  CHECK(diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nx\n6\n7\n8\n") ==
        "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  CHECK(diff("1\n", "1\n").empty());
  CHECK(diff("", "1\n") == "--- a\n+++ b\n@@ -0,0 +1,1 @@\n+1\n");
  CHECK(diff("1", "1\n") == "--- a\n+++ b\n@@ -1,1 +1,1 @@\n-1\n\\ No newline at end of file\n+1\n");
}

TEST_CASE("changes far from each other are hunks of their own") {
  std::string before, after;
  for (int i = 0; i < 100; ++i) before += std::to_string(i) + "\n";
  after = replace_all(replace_all(before, "\n10\n", "\n10\nnew\n"), "\n90\n", "\n");
  auto text = diff(before, after);
  CHECK(lines(text).size() == 2 + 2 + 7 + 7);
  CHECK(applied(before, text) == after);
}

TEST_CASE("what is shown makes the one text of the other") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    auto before = random_text(seed, 60), after = random_text(seed / 2 + 1000, 60);
    CHECK(applied(before, diff(before, after)) == after);
  }
}

TEST_CASE("texts with nothing in common end soon") {
  std::string before, after;
  for (int i = 0; i < 20000; ++i) {
    before += "b" + std::to_string(i) + "\n";
    after += "a" + std::to_string(i) + "\n";
  }
  CHECK(lines(diff(before, after)).size() == 3 + 40000);
}

TEST_CASE("the changed lines, replaced, give the other text") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    auto before = random_text(seed, 12), after = random_text(seed / 2 + 1000, 12);
    auto changed = changed_lines(before, after);
    std::string out;
    std::size_t number = 1, at = 0;
    for (; number < changed.first; ++number) at = before.find('\n', at) + 1;
    out += before.substr(0, at);
    out += changed.text;
    for (; number < changed.end; ++number) {
      auto end = before.find('\n', at);
      at = end == std::string::npos ? before.size() : end + 1;
    }
    CHECK(out + before.substr(at) == after);
  }
}
