#include "model/gate.h"

#include <doctest/doctest.h>

using namespace seawall;
using namespace seawall::model;

namespace {

constexpr Instant now = 1'700'000'000;
constexpr Instant day = 86400;

Finding serious() {
  Finding f;
  f.severity = Severity::high;
  f.fixed_versions = {"2.0"};
  f.exploit.epss = 0.1;
  f.exploit.known_exploited = true;
  f.cvss = {{.vector = "", .source = "nvd", .score = 8.8}, {.vector = "", .source = "vendor", .score = 9.1}};
  f.published = now - 30 * day;
  return f;
}

bool stops(std::string_view conditions, const Finding& finding) {
  auto gate = Gate::parse(conditions);
  REQUIRE(gate);
  return gate->stopped_by(finding, now).has_value();
}

}  // namespace

TEST_CASE("conditions judge a finding") {
  struct Case {
    std::string_view conditions;
    bool serious, bare;
  };
  constexpr Case cases[] = {
      {"high", true, false},
      {"critical", false, false},
      {"medium", true, false},
      {"HIGH", true, false},
      {"any", true, true},
      {"kev", true, false},
      {"ransomware", false, false},
      {"exploit", true, false},
      {"network", false, false},
      {"fixable", true, false},
      {"epss>=0.1", true, false},
      {"epss>0.1", false, false},
      {"epss < 0.5", true, false},
      {"cvss>=9", true, false},
      {"cvss=9.1", true, false},
      {"cvss<=9", false, false},
      {"age>30d", false, false},
      {"age>=30d", true, false},
      {"age>=4w", true, false},
      {"age<31", true, false},
      {"critical,kev", true, false},
      {"high+fixable", true, false},
      {"critical+kev", false, false},
      {"critical+kev,high + epss>=0.1", true, false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.conditions);
    CHECK(stops(c.conditions, serious()) == c.serious);
    CHECK(stops(c.conditions, Finding{}) == c.bare);
  }
}

TEST_CASE("the alternative that stopped is named as it was written") {
  CHECK(Gate::parse("critical, high + kev")->stopped_by(serious(), now) == "high + kev");
}

TEST_CASE("what does not affect never stops, and an empty gate stops nothing") {
  auto finding = serious();
  CHECK_FALSE(Gate{}.stopped_by(finding, now));
  finding.status = Status::not_affected;
  CHECK_FALSE(stops("any", finding));
}

TEST_CASE("unknown conditions are errors that list the known ones") {
  for (std::string_view bad : {"", "hihg", "high,", "high+", "epss", "epss>", "epss>2", "cvss>=11", "cvss>=x", "age>1y",
                               "age>-1d", "kev>1", "high>=2", "epss>nan", ">=1", "epss=>0.1"}) {
    CAPTURE(bad);
    auto gate = Gate::parse(bad);
    REQUIRE_FALSE(gate);
    CHECK(gate.error().code == Code::invalid);
    CHECK(gate.error().what.find("ransomware") != std::string::npos);
  }
}
