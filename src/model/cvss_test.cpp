// Scores that the specifications and their examples state. All base vectors of versions 2 and 3 and random ones of
// version 4 are compared with another implementation in tests/scenarios/test_cvss.py.
#include <doctest/doctest.h>

#include "model/severity.h"

using namespace seawall::model;

TEST_CASE("base scores are exact") {
  struct Case {
    std::string_view name, vector;
    double score;
    int major;
  };
  const Case cases[] = {
      {"v2 without prefix", "AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8, 2},
      {"v2 local with all impact", "AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2, 2},
      {"v2 in parentheses, with temporal metrics that do not count", "(AV:N/AC:L/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C)",
       10.0, 2},
      {"v2 without impact", "AV:N/AC:L/Au:N/C:N/I:N/A:N", 0.0, 2},
      {"v3.0", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, 3},
      {"v3.1 changed scope", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, 3},
      {"v3.1 cross-site scripting", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, 3},
      {"v3.1 temporal metrics do not count", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P/RL:O/RC:C", 7.5, 3},
      {"v3.1 in another order", "CVSS:3.1/S:U/C:H/I:H/A:H/AV:N/AC:L/PR:N/UI:N", 9.8, 3},
      {"v4 worst", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0, 4},
      {"v4 vulnerable system only", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, 4},
      {"v4 availability", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N", 8.7, 4},
      {"v4 low impact", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N", 6.9, 4},
      {"v4 passive user", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.3, 4},
      {"v4 none", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0, 4},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    REQUIRE(cvss_base_score(c.vector));
    CHECK(*cvss_base_score(c.vector) == doctest::Approx(c.score).epsilon(1e-9));
    CHECK(cvss_major(c.vector) == c.major);
  }
}

TEST_CASE("what is no vector has no score") {
  constexpr std::string_view bad[] = {"",
                                      "CVSS:3.1/",
                                      "CVSS:3.1",
                                      "CVSS:5.0/AV:N",
                                      "AV:N/AC:L/Au:N/C:N/I:N",
                                      "AV:N/AC:L/Au:N/C:N/I:N/A:X",
                                      "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/AV:N",
                                      "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:High",
                                      "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/XX:H",
                                      "CVSS:3.1/AV:/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                                      "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:S/VI:H/VA:H/SC:H/SI:H/SA:H",
                                      "9.8"};
  for (auto vector : bad) {
    CAPTURE(vector);
    CHECK_FALSE(cvss_base_score(vector));
    CHECK(cvss_major(vector) == 0);
  }
}

TEST_CASE("network vectors are told from local ones") {
  CHECK(is_network_vector("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"));
  CHECK(is_network_vector("AV:N/AC:L/Au:N/C:N/I:N/A:C"));
  CHECK_FALSE(is_network_vector("CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:N"));
  CHECK_FALSE(is_network_vector(""));
}
