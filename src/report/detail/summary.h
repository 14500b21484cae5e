// What several formats say about a report in the same words.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace seawall::report::detail {

constexpr std::string_view tool_name = "seawall";
constexpr std::string_view tool_version = SEAWALL_VERSION;
constexpr std::string_view tool_uri = "https://seawall.dev";

struct Totals {
  std::size_t findings = 0, fixable = 0, known_exploited = 0;
  std::array<std::size_t, 6> by_severity{};  // indexed by Severity
};
Totals totals_of(const std::vector<model::Finding>&) noexcept;

// Notices in the order in which people need them: what is missing, what to doubt, what to know.
std::vector<const model::Notice*> notices_by_weight(const model::Report&);
std::string_view text(model::Notice::Level) noexcept;  // "info", "warning", "partial"
// Whether "no findings" may be said without qualification.
bool is_fully_judged(const model::Report&) noexcept;

// Whole days between the database's build and the scan; 0 where either is unknown.
std::int64_t database_age_days(const model::Report&) noexcept;
// "database of 2024-06-01, 14 days old (starter)"; "no database" where none was used.
std::string database_sentence(const model::Report&);

// "image linux/amd64 · Debian GNU/Linux 12 (bookworm) · 312 packages", raw text.
std::string target_sentence(const model::Report&);

// "2 critical, 1 low"; empty where there are none.
std::string severity_sentence(const Totals&);

// Fixed versions, or in a word why there is none.
std::string fix_text(const model::Finding&);
// The place to show: the path for language packages, else the layer ("layer 3"); a base image is said.
std::string where_text(const model::Package&);

// A page about the finding: by the id's form, for the formats that want one address.
std::string help_uri(const model::Finding&);

// Purl of the finding's package: as given, else made.
std::string purl_of(const model::Finding&, const model::Distro&);

// Stands in a document for its UUID until the text is whole.
constexpr std::string_view nil_uuid = "00000000-0000-0000-0000-000000000000";
// Puts an RFC 9562 version 8 UUID in the place of the nil one that follows `before`. It depends on nothing but the
// text: the same reports give the same document.
std::string stamped(std::string document, std::string_view before);

}  // namespace seawall::report::detail
