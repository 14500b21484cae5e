// JUnit XML of a check: one suite an object, one case a rule that concerns it.
#include <fmt/format.h>

#include "report/check_report.h"
#include "report/detail/check_groups.h"
#include "report/detail/junit.h"
#include "report/detail/summary.h"
#include "report/detail/text.h"

namespace seawall::report {
namespace {

using detail::attribute;
using detail::markup_escaped;
using model::PolicyResult;
using model::Verdict;

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

  void add(const Counts& more) {
    tests += more.tests;
    failures += more.failures;
    errors += more.errors;
    skipped += more.skipped;
  }
  std::string text() const {
    return fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tests, failures, errors, skipped);
  }
};

std::string details(const PolicyResult& result) {
  std::string out;
  for (const auto& finding : result.findings) {
    out += finding.message + "\n";
    for (const auto& path : finding.paths) out += "  " + path + "\n";
    out += "  " + finding.where.text() + "\n";
  }
  if (!result.fix.empty()) out += "fix: " + result.fix + "\n";
  if (!result.rule->remedy.empty()) out += result.rule->remedy + "\n";
  return out;
}

std::string problem(std::string_view element, const PolicyResult& result) {
  return fmt::format("<{}{}{}>{}</{}>", element, attribute("message", detail::message_of(result)),
                     attribute("type", model::text(result.rule->severity)), markup_escaped(details(result)), element);
}

std::string skipped(std::string_view why) { return fmt::format("<skipped{}/>", attribute("message", why)); }

// What can't be decided is an error of the check, not a failure of the object.
std::string content(const PolicyResult& result, Counts& counts) {
  ++counts.tests;
  counts.skipped += !result.exempted.empty() || result.verdict == Verdict::not_applicable;
  if (!result.exempted.empty()) return skipped(result.exempted);
  switch (result.verdict) {
    case Verdict::pass:
      return {};
    case Verdict::not_applicable:
      return skipped("does not apply");
    case Verdict::fail:
      ++counts.failures;
      return problem("failure", result);
    case Verdict::undetermined:
      ++counts.errors;
      return problem("error", result);
  }
  return {};
}

std::string suite(const model::ObjectResults& object, Counts& all) {
  Counts counts;
  std::string cases;
  for (const auto& result : object.results) {
    auto name = result.binding.empty() ? result.rule->id : result.rule->id + " (" + result.binding + ")";
    cases += detail::test_case(object.object.text(), name, content(result, counts));
  }
  all.add(counts);
  return fmt::format("  <testsuite{}{} time=\"0\"{}>\n{}  </testsuite>\n", attribute("name", object.object.text()),
                     counts.text(), attribute("file", object.where.file), cases);
}

std::string mistakes_suite(const model::CheckReport& report, Counts& all) {
  if (report.mistakes.empty()) return {};
  Counts counts{.tests = report.mistakes.size(), .errors = report.mistakes.size()};
  std::string cases;
  for (const auto& mistake : report.mistakes)
    cases += detail::test_case("check", mistake, fmt::format("<error{}/>", attribute("message", mistake)));
  all.add(counts);
  return fmt::format("  <testsuite name=\"what could not be read\"{} time=\"0\">\n{}  </testsuite>\n", counts.text(),
                     cases);
}

}  // namespace

std::string check_junit(const model::CheckReport& report, const CheckOptions&) {
  Counts counts;
  auto suites = mistakes_suite(report, counts);
  for (const auto& object : report.objects) suites += suite(object, counts);
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{} check\"{}>\n{}</testsuites>\n",
                     detail::tool_name, counts.text(), suites);
}

}  // namespace seawall::report
