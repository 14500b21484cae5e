#include "report/detail/text.h"

#include <doctest/doctest.h>

using namespace seawall::report::detail;

TEST_CASE("nothing that acts on a terminal passes") {
  struct Case {
    std::string_view raw, shown;
  };
  constexpr Case cases[] = {
      {"plain", "plain"},
      {"\x1b[31mred", "\\x1b[31mred"},
      {"a\nb\tc", "a\\x0ab\\x09c"},
      {"\xc2\x9b"
       "1m",
       "\\x9b1m"},
      {"\u202eevil", "\\u{202e}evil"},
      {"na\u00efve \u5305", "na\u00efve \u5305"},
      {"bad \xff byte", "bad \uFFFD byte"},
      {"zero\u200bwidth", "zero\\u{200b}width"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.shown);
    CHECK(printable(c.raw) == c.shown);
  }
}

TEST_CASE("columns are counted as terminals do") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("\u5305\u88dd") == 4);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("\U0001F600") == 2);
}

TEST_CASE("texts are fitted to a width at either end") {
  CHECK(fitted("abc", 5) == "abc  ");
  CHECK(fitted("abcdef", 4) == "abc\u2026");
  CHECK(fitted("abcdef", 4, Cut::start) == "\u2026def");
  CHECK(fitted("\u5305\u88dd", 3) == "\u5305\u2026");
  CHECK(display_width(fitted("\u5305\u88dd\u5305", 4)) == 4);
  CHECK(shortened("abc", 0).empty());
}

TEST_CASE("markup is escaped and unknown characters are replaced") {
  CHECK(markup_escaped("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
  CHECK(markup_escaped("a\x01z") == "a\uFFFDz");
}
