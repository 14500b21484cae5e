// Package lists that another tool, or we, wrote: CycloneDX JSON 1.2 to 1.7, SPDX JSON 2.2 and 2.3, our own JSON; bare
// or as the predicate of an in-toto statement. Told apart by content. Threads: pure.   Limits: those given; components
// nest as deep as the limits allow. Fails: invalid (no JSON, no list of packages), unsupported (XML, SPDX 3, unknown
// versions), exhausted.
#pragma once

#include <string_view>
#include <vector>

#include "codec/value.h"
#include "model/report.h"

namespace seawall::report {

// One report each; only our own JSON can hold several. `findings_wanted` is left true and findings empty: an SBOM says
// what is there, and what is wrong with it is judged anew.
Result<std::vector<model::Report>> read_sbom(std::string_view text, const codec::Limits& = {});

}  // namespace seawall::report
