#include "report/compliance_report.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "codec/json.h"
#include "report/detail/text.h"

using namespace seawall;
using namespace seawall::model;

namespace {

const RuleInfo rule{.id = "a/b", .title = "t", .severity = Severity::high};

CheckReport check_of(std::size_t failing) {
  CheckReport check;
  for (std::size_t i = 0; i < failing; ++i) {
    PolicyResult result;
    result.rule = &rule;
    result.verdict = Verdict::fail;
    result.findings = {{"too \x1b[31mopen", false, {"spec.a"}, {"a.yaml", 3, 1}}};
    check.objects.push_back({{"v1", "Pod", "shop", "web-" + std::to_string(i)}, {"a.yaml", 1, 1}, {result}});
  }
  return check;
}

const Benchmark benchmark{.id = "test",
                          .title = "A test",
                          .version = "1.0",
                          .groups = {{"1",
                                      "Pods",
                                      {{.id = "1.1", .title = "Nothing is open", .rules = {"a/b"}},
                                       {.id = "1.2", .title = "c", .reason = "Only people can say."},
                                       {.id = "1.3", .title = "d", .reason = "Only people can say."},
                                       {.id = "1.4", .title = "e", .rules = {"c/d"}}}}}};

}  // namespace

TEST_CASE("a benchmark for people: what fails with its objects, the rest in few lines, the score") {
  auto check = check_of(7);
  auto compliance = comply(benchmark, check);
  auto text = report::compliance_table({benchmark, compliance, check}, {.width = 80});
  CHECK(!text.contains('\x1b'));
  for (auto line : lines(text)) CHECK(report::detail::display_width(line) <= 80);
  for (const char* wanted :
       {"FAIL  1.1  Nothing is open", "Pod shop/web-4", "and 2 more", "a.yaml:3:1",
        "not assessable from here: 1.2, 1.3. Only people can say.", "nothing to judge: 1.4.", "score 0.0%"})
    CHECK_MESSAGE(text.contains(wanted), wanted);
  auto everything = report::compliance_table({benchmark, compliance, check},
                                             {.width = 80, .detail = report::CheckOptions::Detail::everything});
  CHECK(everything.contains("Pod shop/web-6"));
  CHECK(everything.contains("NOT ASSESSABLE FROM HERE  1.3  d"));
}

TEST_CASE("without anything to judge there is no score") {
  CheckReport check;
  auto compliance = comply(benchmark, check);
  CHECK(!report::compliance_table({benchmark, compliance, check}).contains("score"));
  auto json = codec::parse_json(report::compliance_json({benchmark, compliance, check}));
  REQUIRE(json);
  CHECK(json->root()["summary"].has(codec::Key("score")));
  CHECK(!json->root().path("summary", "score"));
}

TEST_CASE("a benchmark as JSON") {
  auto check = check_of(2);
  check.mistakes = {"b.yaml:1:1: no object"};
  auto compliance = comply(benchmark, check);
  auto json = codec::parse_json(report::compliance_json({benchmark, compliance, check}));
  REQUIRE(json);
  auto root = json->root();
  CHECK(root.path("benchmark", "id").text() == "test");
  CHECK(root.path("summary", "fail").integer() == 1);
  CHECK(root.path("summary", "not_assessable").integer() == 2);
  CHECK(root.path("summary", "assessed").integer() == 1);
  auto controls = root["groups"].at(0)["controls"];
  CHECK(controls.at(0).text_or("state") == "fail");
  CHECK(controls.at(0)["failures"].size() == 2);
  CHECK(controls.at(0)["failures"].at(0).text_or("rule") == "a/b");
  CHECK(controls.at(1).text_or("reason") == "Only people can say.");
  CHECK(root["mistakes"].size() == 1);
}
