// CycloneDX in the versions that its readers ask for.
#pragma once

#include "report/format.h"

namespace seawall::report {

enum class CycloneDxVersion : unsigned char { v1_4, v1_5, v1_6, v1_7 };

std::string write_cyclonedx(const Reports&, const Options&, CycloneDxVersion);

}  // namespace seawall::report
