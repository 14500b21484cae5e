#include "base/time.h"

#include <doctest/doctest.h>

namespace seawall {
namespace {

TEST_CASE("instants are read") {
  struct Case {
    std::string_view name, text, same;
  };
  constexpr Case cases[] = {
      {"a date is its midnight", "2024-02-29", "2024-02-29T00:00:00Z"},
      {"the usual form", "2024-01-31T10:20:30Z", "2024-01-31T10:20:30Z"},
      {"without seconds", "2024-01-31T10:20Z", "2024-01-31T10:20:00Z"},
      {"without zone, with a blank", "2024-01-31 10:20:30", "2024-01-31T10:20:30Z"},
      {"fractions are dropped", "2024-01-31T10:20:30.999999Z", "2024-01-31T10:20:30Z"},
      {"an eastern offset", "2024-01-01T00:30:00+01:00", "2023-12-31T23:30:00Z"},
      {"an offset without colon", "2024-01-01T00:30:00-0100", "2024-01-01T01:30:00Z"},
      {"a leap second", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    REQUIRE(parse_instant(c.text));
    CHECK(to_rfc3339(*parse_instant(c.text)) == c.same);
  }
  CHECK(parse_instant("1980-01-01") == 315532800);
}

TEST_CASE("impossible dates are none") {
  for (std::string_view text :
       {"", "2024", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "0001-01-01T00:00:00Z", "1979-12-31",
        "2201-01-01", "2024-1-1", "2024-01-01T", "2024-01-01T24:00:00Z", "2024-01-01T10:60Z", "2024-01-01T10:00:00X",
        "2024-01-01T10:00:00.Z", "2024-01-01Z", " 2024-01-01", "2024-01-01 ", "2024-01-01T10:00:00+1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_instant(text));
  }
}

TEST_CASE("instants are written") {
  CHECK(to_rfc3339(0) == "1970-01-01T00:00:00Z");
  CHECK(to_rfc3339(-1) == "1969-12-31T23:59:59Z");
  CHECK(to_rfc3339(INT64_MAX) == "9999-12-31T23:59:59Z");
  CHECK(to_rfc3339(INT64_MIN) == "0000-01-01T00:00:00Z");
  CHECK(to_date(1706696430) == "2024-01-31");
  CHECK(system_now() > 1700000000);
}

}  // namespace
}  // namespace seawall
