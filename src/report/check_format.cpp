#include <array>

#include "report/check_report.h"

namespace seawall::report {
namespace {

constexpr std::array all_formats = {
    CheckFormat{"table", ".txt", "for people: by rule, the worst first", check_table},
    CheckFormat{"json", ".json", "one array of results", check_json},
    CheckFormat{"sarif", ".sarif", "SARIF 2.1.0, for code scanning services", check_sarif},
    CheckFormat{"junit", ".xml", "JUnit XML, for build servers", check_junit},
    CheckFormat{"policyreport", ".json", "PolicyReports (wgpolicyk8s.io/v1alpha2) as a List in JSON",
                check_policy_report},
    CheckFormat{"markdown", ".md", "Markdown, for comments on merge requests", check_markdown},
};

}  // namespace

std::span<const CheckFormat> check_formats() noexcept { return all_formats; }

Result<CheckFormat> check_format_named(std::string_view name) {
  std::string known;
  for (const auto& format : all_formats) {
    if (format.name == name) return format;
    known += (known.empty() ? "" : ", ") + std::string(format.name);
  }
  return fail(Code::invalid, "no format '" + std::string(name) + "' for checks; known are " + known);
}

}  // namespace seawall::report
