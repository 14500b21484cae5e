// What all our SARIF has in common.
#pragma once

#include <string>
#include <string_view>

#include "model/severity.h"

namespace seawall::report::detail {

constexpr std::string_view sarif_schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

std::string_view level_of(model::Severity) noexcept;  // "error", "warning", "note"
// The middle of the band of scores that services show as that severity.
double middle_score(model::Severity) noexcept;
// A relative reference (RFC 3986): nothing in it can be taken for a scheme, a query or a host.
std::string path_uri(std::string_view path);

}  // namespace seawall::report::detail
