#include "report/check_report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>

#include "base/text.h"
#include "codec/json.h"
#include "report/check_reader.h"
#include "report/detail/text.h"

using namespace seawall;
using namespace seawall::report;
using model::Severity;
using model::Verdict;

namespace {

// A report and the rules that its results refer to.
struct Made {
  std::deque<model::RuleInfo> rules;
  model::CheckReport report;

  const model::RuleInfo* rule(std::string id, Severity severity) {
    return &rules.emplace_back(model::RuleInfo{.id = std::move(id),
                                               .title = "What holds",
                                               .description = "",
                                               .remedy = "What to do.",
                                               .severity = severity,
                                               .known_as = {"cis-1.12/5.2.2"},
                                               .references = {"https://example.com/why"}});
  }
  model::ObjectResults& object(std::string name, std::string in_namespace = "shop") {
    return report.objects.emplace_back(model::ObjectResults{
        {"apps/v1", "Deployment", std::move(in_namespace), std::move(name)}, {"app.yaml", 1, 1}, {}});
  }
};

model::PolicyResult result(const model::RuleInfo* rule, Verdict verdict) {
  model::PolicyResult made{.rule = rule, .binding = {}, .verdict = verdict};
  if (verdict == Verdict::fail || verdict == Verdict::undetermined)
    made.findings.push_back({"It does not hold.", verdict == Verdict::undetermined, {"spec.x"}, {"app.yaml", 7, 3}});
  return made;
}

std::size_t lines_in(const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

// So many rules, the last the worst, for so many objects.
Made made_of(int rules, int objects) {
  Made made;
  std::vector<const model::RuleInfo*> infos;
  for (int i = 0; i < rules; ++i)
    infos.push_back(made.rule("set/rule-" + std::to_string(i), i + 1 == rules ? Severity::critical : Severity::low));
  for (int i = 0; i < objects; ++i) {
    auto& object = made.object("a-rather-long-name-of-an-object-" + std::to_string(i));
    for (const auto* info : infos) object.results.push_back(result(info, Verdict::fail));
  }
  return made;
}

Made hostile() {
  Made made;
  const auto* rule = made.rule("set/rule", Severity::high);
  auto& object = made.object("w\x1b[31m<b>|\xE2\x80\xAE`]]>\"'");
  object.results.push_back(result(rule, Verdict::fail));
  object.results.back().findings.front().message = "\x1b]0;x\x07 @everyone <script> | `code` \xff";
  made.report.mistakes.push_back("app.yaml:1:1: \x1b[2J");
  return made;
}

}  // namespace

TEST_CASE("the table for people is short however much fails, the worst first, and says what it leaves out") {
  for (unsigned width : {60U, 80U, 200U}) {
    CAPTURE(width);
    auto text = check_table(made_of(50, 30).report, {.width = width});
    CHECK(lines_in(text) <= most_ranked_lines);
    CHECK(text.starts_with("CRITICAL  set/rule-49"));
    CHECK(text.contains("more rules fail, the worst of them low"));
    for (auto line : lines(text)) CHECK(report::detail::display_width(line) <= width);
  }
}

TEST_CASE("little that fails is told in full: fields, messages, remedies") {
  auto text = check_table(made_of(1, 2).report);
  CHECK(text.contains("spec.x"));
  CHECK(text.contains("It does not hold."));
  CHECK(text.contains("What to do."));
  CHECK(text.contains("app.yaml:7:3"));
  CHECK(text.contains("2 failed (2 critical)"));
}

TEST_CASE("objects share the line of their rule") {
  auto text = check_table(made_of(20, 30).report, {.width = 120});
  CHECK(text.contains("and 29 more"));
  CHECK_FALSE(text.contains("set/rule-19  What holds\nset/rule-19"));
}

TEST_CASE("everything is every object with what passed and what does not apply") {
  Made made;
  auto& object = made.object("web");
  object.results.push_back(result(made.rule("set/failed", Severity::low), Verdict::fail));
  object.results.push_back(result(made.rule("set/passed", Severity::low), Verdict::pass));
  object.results.push_back(result(made.rule("set/other", Severity::low), Verdict::not_applicable));
  auto text = check_table(made.report, {.detail = CheckOptions::Detail::everything});
  CHECK(text.contains("passed: set/passed"));
  CHECK(text.contains("do not apply: set/other"));
  CHECK(text.contains("LOW  set/failed"));
}

TEST_CASE("exceptions are counted apart, and kept where machines read") {
  Made made;
  auto ignored = result(made.rule("set/rule", Severity::critical), Verdict::fail);
  ignored.exempted = "ignore rule 1: known";
  made.object("web").results.push_back(ignored);
  CHECK(check_table(made.report).contains("0 failed, 0 undecided, 0 passed, 1 ignored"));
  CHECK_FALSE(check_table(made.report).contains("CRITICAL"));
  CHECK(check_json(made.report).contains("ignore rule 1: known"));
  CHECK(check_sarif(made.report).contains("suppressions"));
  CHECK(check_junit(made.report).contains("failures=\"0\" errors=\"0\" skipped=\"1\""));
  CHECK(check_policy_report(made.report).contains("\"skip\": 1"));
}

TEST_CASE("what can't be decided is neither a failure nor passed") {
  Made made;
  made.object("web").results.push_back(result(made.rule("set/rule", Severity::high), Verdict::undetermined));
  CHECK(check_table(made.report).contains("UNDECIDED  set/rule"));
  CHECK(check_junit(made.report).contains("failures=\"0\" errors=\"1\""));
  CHECK(check_policy_report(made.report).contains("\"result\": \"error\""));
  auto sarif = codec::parse_json(check_sarif(made.report));
  REQUIRE(sarif);
  auto told = sarif->root()["runs"].at(0)["results"].at(0);
  CHECK(told.text_or("kind") == "open");
  CHECK(told.text_or("level") == "none");
}

TEST_CASE("SARIF names file, line, column, object and field") {
  Made made;
  made.object("web").results.push_back(result(made.rule("set/rule", Severity::high), Verdict::fail));
  auto& failed = made.report.objects.front().results.front();
  failed.edit = model::TextEdit{"app.yaml", 3, 4, "x: y\n"};
  auto sarif = codec::parse_json(check_sarif(made.report));
  REQUIRE(sarif);
  auto told = sarif->root()["runs"].at(0)["results"].at(0);
  auto place = told["locations"].at(0);
  CHECK(place.path("physicalLocation", "artifactLocation").text_or("uri") == "app.yaml");
  CHECK(place.path("physicalLocation", "region", "startLine").integer() == 7);
  CHECK(place["logicalLocations"].at(0).text_or("fullyQualifiedName") == "apps/v1/Deployment/shop/web");
  CHECK(place["logicalLocations"].at(1).text_or("name") == "spec.x");
  auto change = told["fixes"].at(0)["artifactChanges"].at(0)["replacements"].at(0);
  CHECK(change.path("deletedRegion", "startLine").integer() == 3);
  CHECK(change.path("insertedContent").text_or("text") == "x: y\n");
  auto rule = sarif->root()["runs"].at(0).path("tool", "driver", "rules").at(0);
  CHECK(rule.text_or("helpUri") == "https://example.com/why");
}

TEST_CASE("policy reports stand in their namespaces, split where they are long") {
  Made made;
  const auto* rule = made.rule("set/rule", Severity::negligible);
  for (int i = 0; i < 1500; ++i) made.object("o" + std::to_string(i)).results.push_back(result(rule, Verdict::pass));
  made.object("all", "").results.push_back(result(rule, Verdict::fail));
  auto list = codec::parse_json(check_policy_report(made.report));
  REQUIRE(list);
  auto items = list->root()["items"];
  REQUIRE(items.size() == 3);
  CHECK(items.at(0).text_or("kind") == "ClusterPolicyReport");
  CHECK(items.at(0)["results"].at(0).text_or("severity") == "info");
  CHECK(items.at(1).path("summary", "pass").integer() == 1000);
  CHECK(items.at(2).path("metadata").text_or("name") == "seawall-check-2");
  CHECK(items.at(2).path("metadata").text_or("namespace") == "shop");
}

TEST_CASE("comments on merge requests stay within their limit") {
  CHECK(check_markdown(made_of(300, 300).report).size() < 65536);
}

TEST_CASE("no text of a manifest reaches a terminal or breaks a format") {
  auto made = hostile();
  for (const auto& format : check_formats()) {
    CAPTURE(format.name);
    auto text = format.write(made.report, {.detail = CheckOptions::Detail::everything});
    CHECK_FALSE(text.contains('\x1b'));
    CHECK_FALSE(text.contains('\x07'));
    CHECK(is_utf8(text));
  }
  CHECK_FALSE(check_markdown(made.report).contains("<script"));
  CHECK_FALSE(check_markdown(made.report).contains(" @everyone"));
  CHECK_FALSE(check_junit(made.report).contains("<b>"));
}

TEST_CASE("formats are found by their names") {
  CHECK(check_format_named("junit")->suffix == ".xml");
  CHECK(check_format_named("cyclonedx").error().code == Code::invalid);
}

TEST_CASE("our JSON is read back, without what was exempted") {
  Made made;
  auto& object = made.object("web");
  object.results.push_back(result(made.rule("set/rule", Severity::high), Verdict::fail));
  object.results.back().exempted = "ignore rule 1: known";
  object.results.push_back(result(made.rule("set/rule", Severity::high), Verdict::pass));
  auto document = codec::parse_json(check_json(made.report));
  REQUIRE(document);
  auto read = check_from(document->root());
  REQUIRE(read);
  REQUIRE(read->objects.size() == 2);
  CHECK(read->rules.size() == 1);
  const auto& first = read->objects.front();
  CHECK(first.object == made.report.objects.front().object);
  CHECK(first.where.file == "app.yaml");
  CHECK(first.results.front().counts());
  CHECK(first.results.front().rule->known_as.front() == "cis-1.12/5.2.2");
  for (std::string_view bad : {"{}", "[1]", R"([{"rule": "a", "verdict": "maybe", "object": {}}])"}) {
    auto other = codec::parse_json(bad);
    REQUIRE(other);
    CHECK(check_from(other->root()).error().code == Code::invalid);
  }
}
