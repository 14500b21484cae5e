#include "base/unicode.h"

#include <doctest/doctest.h>

namespace seawall {
namespace {

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

TEST_CASE("messages of several lines keep their lines") {
  CHECK(printable_lines("no such command:\n  a\x1b[2J\r\n") == "no such command:\n  a\\x1b[2J\\x0d\n");
}

}  // namespace
}  // namespace seawall
