// JUnit XML for build servers: one suite a target, one test case a package; a package with findings is a failure.
#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "report/detail/junit.h"
#include "report/detail/summary.h"
#include "report/detail/text.h"
#include "report/format.h"

namespace seawall::report {
namespace {

using detail::attribute;
using detail::markup_escaped;
using model::Finding;
using model::Report;

using FindingsByPurl = std::map<std::string, std::vector<const Finding*>>;

std::string failure_line(const Finding& finding) {
  auto line = fmt::format("{} {} fix: {}", finding.id, model::text(finding.severity), detail::fix_text(finding));
  if (finding.exploit.known_exploited) line += " (known exploited)";
  if (finding.exploit.epss >= 0) line += " EPSS " + detail::percent(finding.exploit.epss);
  if (!finding.command.empty()) line += "\n  " + finding.command;
  return line + "\n";
}

std::string failure(const std::vector<const Finding*>& findings) {
  std::vector<Finding> values;
  std::string lines;
  for (const auto* finding : findings) {
    values.push_back(*finding);
    lines += failure_line(*finding);
  }
  auto message = detail::counted(findings.size(), "vulnerability finding") + ": " +
                 detail::severity_sentence(detail::totals_of(values));
  return fmt::format("<failure{}{}>{}</failure>", attribute("message", message), attribute("type", "vulnerability"),
                     markup_escaped(lines));
}

struct Suite {
  std::string text;
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
};

// What could not be read is an error; what could not be judged ("no advisories for debian 12") was skipped.
std::string notice_cases(const Report& report, Suite& suite) {
  std::string cases;
  for (const auto* notice : detail::notices_by_weight(report)) {
    if (notice->level == model::Notice::Level::info) continue;
    bool partial = notice->level == model::Notice::Level::partial;
    ++suite.tests;
    ++(partial ? suite.errors : suite.skipped);
    auto content = fmt::format("<{}{}/>", partial ? "error" : "skipped", attribute("message", notice->what));
    cases += detail::test_case("scan", notice->what, content);
  }
  return cases;
}

Suite suite_of(const Report& report) {
  FindingsByPurl findings;
  for (const auto& finding : report.findings) findings[detail::purl_of(finding, report.distro)].push_back(&finding);
  Suite suite;
  auto cases = notice_cases(report, suite);
  auto add = [&](std::string_view type, std::string_view name, const std::vector<const Finding*>& mine) {
    ++suite.tests;
    suite.failures += !mine.empty();
    cases += detail::test_case(type, name, mine.empty() ? std::string() : failure(mine));
  };
  for (const auto& package : report.packages) {
    auto found = findings.extract(model::purl_of(package, report.distro));
    add(text(package.type), package.name + "@" + package.version,
        found.empty() ? std::vector<const Finding*>{} : found.mapped());
  }
  // Findings on packages that the list does not hold.
  for (const auto& [purl, mine] : findings) add(text(mine.front()->package.type), purl, mine);
  auto properties = report.findings_wanted
                        ? fmt::format("    <properties><property name=\"database\"{}/></properties>\n",
                                      attribute("value", detail::database_sentence(report)))
                        : std::string();
  suite.text = fmt::format(
      "  <testsuite{} tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\"{}>\n{}{}  </testsuite>\n",
      attribute("name", report.target.name), suite.tests, suite.failures, suite.errors, suite.skipped,
      attribute("timestamp", to_rfc3339(report.created).substr(0, 19)), properties, cases);
  return suite;
}

}  // namespace

std::string write_junit(const Reports& reports, const Options&) {
  Suite all;
  for (const auto& report : reports) {
    auto suite = suite_of(report);
    all.text += suite.text;
    all.tests += suite.tests;
    all.failures += suite.failures;
    all.errors += suite.errors;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" "
      "errors=\"{}\">\n"
      "{}</testsuites>\n",
      detail::tool_name, all.tests, all.failures, all.errors, all.text);
}

}  // namespace seawall::report
