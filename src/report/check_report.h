// What checks of manifests found, in the forms that people and other programs read, as one table: a new format is one
// file and one row.
//
// Nothing but the report and the options decides what is written: the same report gives the same bytes.
// Threads: all functions are pure. Texts of manifests and rules are written so that they cannot steer a terminal or
// break a format. Fails: invalid, naming all formats.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/policy_result.h"
#include "report/format.h"

namespace seawall::report {

struct CheckOptions {
  unsigned width = 80;  // columns of the terminal; table only
  Colour colour = Colour::off;
  // For people: the worst in few lines, or every finding with its paths and the rules that do not apply. The short
  // answer asks for findings of the first object that fails a rule, and of all where fewer results than
  // most_ranked_lines fail.
  enum class Detail : bool { ranked, everything } detail = Detail::ranked;
};

struct CheckFormat {
  std::string_view name, suffix, summary;
  std::string (*write)(const model::CheckReport&, const CheckOptions&);
};

std::span<const CheckFormat> check_formats() noexcept;
Result<CheckFormat> check_format_named(std::string_view name);

// For people. By rule, the worst first, in at most `most_ranked_lines` lines unless everything is asked for.
std::string check_table(const model::CheckReport&, const CheckOptions& = {});
inline constexpr std::size_t most_ranked_lines = 40;
// One array of results: object, rule, verdict, severity, message, paths, fix.
std::string check_json(const model::CheckReport&, const CheckOptions& = {});
// SARIF 2.1.0: a result for each rule that an object fails; those of exceptions are suppressed.
std::string check_sarif(const model::CheckReport&, const CheckOptions& = {});
// A suite for each object, a case for each rule.
std::string check_junit(const model::CheckReport&, const CheckOptions& = {});
// A List of PolicyReports (wgpolicyk8s.io/v1alpha2), one for each namespace, and a ClusterPolicyReport.
std::string check_policy_report(const model::CheckReport&, const CheckOptions& = {});
// For comments on merge requests: at most 64 KiB.
std::string check_markdown(const model::CheckReport&, const CheckOptions& = {});

}  // namespace seawall::report
