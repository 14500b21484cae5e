#include "report/detail/text.h"

#include <doctest/doctest.h>

using namespace seawall::report::detail;

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
