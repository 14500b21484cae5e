#include "model/severity.h"

#include <doctest/doctest.h>

using namespace seawall::model;

TEST_CASE("vendors' words for severities are understood") {
  struct Case {
    std::string_view word;
    std::optional<Severity> severity;
  };
  const Case cases[] = {
      {"CRITICAL", Severity::critical}, {"Important", Severity::high},         {"moderate", Severity::medium},
      {"low**", Severity::low},         {"unimportant", Severity::negligible}, {" Medium ", Severity::medium},
      {"none", Severity::negligible},   {"not yet assigned", std::nullopt},    {"", std::nullopt},
      {"unknown", Severity::unknown},
  };
  for (const auto& c : cases) {
    CAPTURE(c.word);
    CHECK(severity_from(c.word) == c.severity);
  }
  for (int i = 0; i <= 5; ++i) CHECK(severity_from(text(static_cast<Severity>(i))) == static_cast<Severity>(i));
}

TEST_CASE("scores fall into the qualitative scale of their version") {
  CHECK(severity_of_score(9.0, 3) == Severity::critical);
  CHECK(severity_of_score(9.0, 2) == Severity::high);
  CHECK(severity_of_score(8.9, 4) == Severity::high);
  CHECK(severity_of_score(6.9, 3) == Severity::medium);
  CHECK(severity_of_score(0.1, 3) == Severity::low);
  CHECK(severity_of_score(0.0, 3) == Severity::negligible);
}
