#include "report/rules_report.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"
#include "codec/json.h"
#include "report/detail/text.h"

using namespace seawall;
using namespace seawall::report;

namespace {

model::RulePage page(std::string id, model::Severity severity, std::string title) {
  model::RulePage made;
  made.rule = {.id = std::move(id), .title = std::move(title), .severity = severity, .known_as = {"other/X-1"}};
  made.sets = {"all"};
  made.checks = {{"object.spec.a == 1", "It is not 1.", ">=1.25"}};
  made.parameters = {{"limit", "3"}};
  made.cases = {{"one is fine", "pass"}};
  return made;
}

const std::vector<model::RulePage> pages{
    page("net/open", model::Severity::high, "Nothing is open that a person did not want to be open, ever and anywhere"),
    page("rbac/all", model::Severity::low, "Nobody may do everything")};

}  // namespace

TEST_CASE("a list of rules keeps to the width, parts the sets and ends with counts") {
  auto text = rule_table(pages, {.width = 60});
  for (auto line : lines(text)) CHECK(report::detail::display_width(line) <= 60);
  CHECK(lines(text).size() == 6);
  CHECK(lines(text)[2].empty());
  CHECK(lines(text).back() == "2 rules: 1 high, 1 low");
}

TEST_CASE("lists are JSON for programs") {
  auto rules = codec::parse_json(rule_list_json(pages));
  REQUIRE(rules);
  CHECK(rules->root().size() == 2);
  CHECK(rules->root().at(0).text_or("id") == "net/open");
  auto sets = codec::parse_json(rule_set_json({{"all", {&pages[0], &pages[1]}}}));
  REQUIRE(sets);
  CHECK(sets->root().at(0)["rules"].size() == 2);
}

TEST_CASE("sets are told with how many rules of which severity") {
  auto text = rule_set_table({{"all", {&pages[0], &pages[1]}}}, {});
  CHECK(words(lines(text)[1]) == std::vector<std::string_view>{"all", "2", "1", "1"});
}

TEST_CASE("a page tells everything, and cannot steer a terminal") {
  auto evil = pages[0];
  evil.rule.description = "\x1b[31mred";
  evil.cases.push_back({"\x1b]0;title\x07", "fail"});
  auto text = rule_page_text(evil, {});
  CHECK(!text.contains('\x1b'));
  for (const char* wanted : {"net/open", "object.spec.a == 1", "It is not 1.", ">=1.25", "limit: 3", "other/X-1"})
    CHECK(text.contains(wanted));
}

TEST_CASE("pages in Markdown: an index, the sets, the ids of others; texts mean themselves") {
  auto evil = pages;
  evil[0].rule.title = "<script>a | b</script>";
  evil[0].checks[0].expression = "'```' == a";
  auto made = rule_pages_markdown(evil);
  std::vector<std::string> files;
  for (const auto& each : made) files.push_back(each.file);
  CHECK(files == std::vector<std::string>{"README.md", "known-as.md", "net.md", "rbac.md"});
  CHECK(made[0].text.contains("[net](net.md)"));
  CHECK(made[1].text.contains("[net/open](net.md#net-open)"));
  CHECK(!made[2].text.contains("<script>"));
  CHECK(made[2].text.contains("````cel"));
}
