// How objects stand to a benchmark, control by control.
// Threads: all functions are pure. Texts are written so that they cannot steer a terminal or break a format.
#pragma once

#include <string>

#include "model/compliance.h"
#include "report/check_report.h"

namespace seawall::report {

struct ComplianceReport {
  const model::Benchmark& benchmark;
  const model::Compliance& compliance;
  const model::CheckReport& check;  // that it was made from
};

// For people: every control that was assessed, what fails under it; the others in few lines, unless everything is asked
// for. The score at the end.
std::string compliance_table(const ComplianceReport&, const CheckOptions& = {});
// One object: benchmark, summary, groups with controls, and under each what fails as check_json writes it.
std::string compliance_json(const ComplianceReport&);

}  // namespace seawall::report
