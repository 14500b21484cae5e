// Our own JSON (api/schemas/report-1.json) back as reports: for `sbom:` targets and for converting formats.
// Threads: pure.   Limits: those of the parsed document.   Fails: invalid, unsupported (a newer schema).
#pragma once

#include <vector>

#include "codec/value.h"
#include "model/report.h"

namespace seawall::report {

bool is_our_json(codec::Value) noexcept;
Result<std::vector<model::Report>> reports_from(codec::Value);

}  // namespace seawall::report
