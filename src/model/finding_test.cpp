#include "model/finding.h"

#include <doctest/doctest.h>

using namespace seawall::model;

TEST_CASE("risk puts known exploited first, then severity, EPSS, score and fix") {
  Finding low, high, high_likely, high_fixable, known;
  low.severity = Severity::low;
  high.severity = high_likely.severity = high_fixable.severity = Severity::high;
  high_likely.exploit.epss = 0.4;
  high_fixable.fixed_versions = {"2"};
  known.severity = Severity::low;
  known.exploit.known_exploited = true;
  CHECK(risk_of(low) < risk_of(high));
  CHECK(risk_of(high) < risk_of(high_fixable));
  CHECK(risk_of(high_fixable) < risk_of(high_likely));
  CHECK(risk_of(high_likely) < risk_of(known));
  high.status = Status::not_affected;
  CHECK(risk_of(high) < risk_of(low));
}
