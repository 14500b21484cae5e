#include "base/text.h"

#include <doctest/doctest.h>

#include <set>

namespace seawall {
namespace {

TEST_CASE("text is cut, split and joined") {
  CHECK(trim(" \t a b \r\n") == "a b");
  CHECK(trim("  ").empty());
  CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string_view>{""});
  CHECK(words("  a \t bc ") == std::vector<std::string_view>{"a", "bc"});
  CHECK(words(" ").empty());
  CHECK(lines("a\r\nb\n\nc") == std::vector<std::string_view>{"a", "b", "", "c"});
  CHECK(lines("a\n") == std::vector<std::string_view>{"a"});
  CHECK(lines("").empty());
  CHECK(cut("k=v=w", "=")->right == "v=w");
  CHECK(cut_last("k=v=w", "=")->left == "k=v");
  CHECK_FALSE(cut("kv", "="));
  CHECK(join({"a", "b"}, ", ") == "a, b");
  CHECK(replace_all("aXbXX", "X", "--") == "a--b----");
  CHECK(replace_all("abc", "", "-") == "abc");
  CHECK(equal_ignoring_case("SHA256", "sha256"));
  CHECK(lower("ÄbC") == "Äbc");
}

TEST_CASE("numbers are whole texts that fit") {
  CHECK(to_u64("18446744073709551615") == UINT64_MAX);
  CHECK(to_i64("-9223372036854775808") == INT64_MIN);
  CHECK(to_double("1.5e3") == 1500.0);
  for (std::string_view bad : {"", " 1", "1 ", "+1", "-1", "18446744073709551616", "0x1", "1.0"}) {
    CAPTURE(bad);
    CHECK_FALSE(to_u64(bad));
  }
  for (std::string_view bad : {"", "inf", "nan", "1e999", "1.5x"}) {
    CAPTURE(bad);
    CHECK_FALSE(to_double(bad));
  }
}

TEST_CASE("sizes are shown in binary units") {
  CHECK(human_size(0) == "0 B");
  CHECK(human_size(1023) == "1023 B");
  CHECK(human_size(1536) == "1.5 KiB");
  CHECK(human_size((1U << 20) - 1) == "1.0 MiB");
  CHECK(human_size(UINT64_MAX) == "16.0 EiB");
}

TEST_CASE("utf-8 is checked and repaired") {
  struct Case {
    std::string_view name, bytes, repaired;
  };
  constexpr Case cases[] = {
      {"plain ascii passes", "hello, world, this is long", "hello, world, this is long"},
      {"two, three and four bytes pass", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8C\x8A",
       "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8C\x8A"},
      {"a lone tail is bad", "a\x80z", "a\xEF\xBF\xBDz"},
      {"a cut sequence is bad", "abcdefghijk\xE2\x82", "abcdefghijk\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"overlong slash is bad", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"overlong three bytes are bad", "\xE0\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"a surrogate is bad", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"beyond U+10FFFF is bad", "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(to_utf8(c.bytes) == c.repaired);
    CHECK(is_utf8(c.bytes) == (c.bytes == c.repaired));
    CHECK(is_utf8(c.repaired));
  }
}

TEST_CASE("hexadecimal goes both ways") {
  CHECK(to_hex(std::string_view("\x00\xff\x1a", 3)) == "00ff1a");
  CHECK(from_hex("00FF1a") == std::string("\x00\xff\x1a", 3));
  CHECK(from_hex("") == "");
  CHECK_FALSE(from_hex("abc"));
  CHECK_FALSE(from_hex("zz"));
}

TEST_CASE("globs") {
  struct Case {
    std::string_view name, pattern, path;
    bool matches;
  };
  constexpr Case cases[] = {
      {"a literal matches itself", "usr/lib", "usr/lib", true},
      {"a literal is anchored", "usr", "usr/lib", false},
      {"empty matches empty", "", "", true},
      {"empty matches nothing else", "", "a", false},
      {"a star stays inside a part", "usr/*", "usr/lib/x", false},
      {"a star matches nothing too", "a*b", "ab", true},
      {"two stars in a part", "*-*.jar", "log4j-core-2.0.jar", true},
      {"a question mark is one character", "a?c", "abc", true},
      {"a question mark is no slash", "a?c", "a/c", false},
      {"two stars cross parts", "a/**", "a/b/c", true},
      {"two stars behind a slash want something inside", "a/**", "a", false},
      {"whole parts in front may be none", "**/go.mod", "go.mod", true},
      {"whole parts in front may be many", "**/go.mod", "a/b/go.mod", true},
      {"whole parts do not split a part", "**/go.mod", "a/xgo.mod", false},
      {"whole parts in the middle may be none", "a/**/b", "a/b", true},
      {"whole parts in the middle", "a/**/b", "a/x/y/b", true},
      {"whole parts, then a star", "**/*.dist-info/METADATA", "usr/lib/x/a-1.dist-info/METADATA", true},
      {"two whole runs", "**/node_modules/**/package.json", "a/node_modules/b/c/package.json", true},
      {"two stars inside a name", "a**z", "a/b/z", true},
      {"a class", "[a-c]x", "bx", true},
      {"a class that does not hold it", "[a-c]x", "dx", false},
      {"a negated class", "[!a-c]x", "dx", true},
      {"a negated class is no slash", "a[!b]c", "a/c", false},
      {"a bracket first in its class", "[]]x", "]x", true},
      {"a dash last in its class", "[a-]x", "-x", true},
      {"an open bracket alone is itself", "[ab", "[ab", true},
      {"an escaped star is itself", "a\\*", "a*", true},
      {"an escaped star is nothing else", "a\\*", "ab", false},
      {"an early wrong start is given up", "**/a/b", "a/a/b", true},
      {"the star is given up for the run", "**/x*z", "xy/xz", true},
      {"a trailing slash is not a path", "a/", "a", false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(glob_match(c.pattern, c.path) == c.matches);
  }
}

TEST_CASE("hostile globs end") {
  std::string pattern, path(2000, 'a');
  for (int i = 0; i < 200; ++i) pattern += "a*";
  CHECK_FALSE(glob_match(pattern + "b", path));
  for (int i = 0; i < 200; ++i) pattern += "**/a";
  CHECK_FALSE(glob_match(pattern + "b", path));
}

TEST_CASE("hashes are stable and spread") {
  CHECK(hash64("") == hash64(""));
  CHECK(hash64("a") != hash64("b"));
  CHECK(hash64("a", 1) != hash64("a", 2));
  std::set<std::uint64_t> seen;
  std::string text;
  for (int i = 0; i < 300; ++i) {
    seen.insert(hash64(text));
    text.push_back('\0');  // only the length differs
  }
  for (int i = 0; i < 20000; ++i) seen.insert(hash64("package-" + std::to_string(i)));
  CHECK(seen.size() == 20300);
}

}  // namespace
}  // namespace seawall
