// Severities and CVSS (FIRST's CVSS 2.0, 3.0, 3.1 and 4.0 specifications).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seawall::model {

enum class Severity : unsigned char { unknown, negligible, low, medium, high, critical };
std::string_view text(Severity) noexcept;
// "moderate", "important", "Unimportant", "URGENT", ... as vendors write them; nothing where not understood.
std::optional<Severity> severity_from(std::string_view) noexcept;
// By the qualitative scale of CVSS 3 and 4 (v2: NVD's scale).
Severity severity_of_score(double score, int cvss_major) noexcept;

struct Cvss {
  std::string vector;  // "CVSS:3.1/AV:N/..." ; v2 without prefix "AV:N/AC:L/Au:N/C:P/I:P/A:P"
  std::string source;  // who scored: "nvd", "redhat", "CISA-ADP", "osv"
  double score = 0;    // base score; computed where the source gives the vector only
  bool operator==(const Cvss&) const = default;
};

// 2, 3 or 4; 0 where the vector isn't understood.
int cvss_major(std::string_view vector) noexcept;
// Base score of a vector by its version's formula (v4: with the macro vector look-up of the specification).
std::optional<double> cvss_base_score(std::string_view vector) noexcept;
// Attack vector is "network".
bool is_network_vector(std::string_view vector) noexcept;

}  // namespace seawall::model
