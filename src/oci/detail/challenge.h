// WWW-Authenticate as registries send it (RFC 9110 section 11.6.1): schemes with quoted or bare parameters.
// Threads: pure. Limits: 16 challenges, 32 parameters each; what is malformed is left out.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace seawall::oci::detail {

struct Challenge {
  std::string scheme;                             // lower case
  std::map<std::string, std::string> parameters;  // names in lower case
  std::string parameter(std::string_view name) const;
};

std::vector<Challenge> parse_challenges(std::string_view header);

}  // namespace seawall::oci::detail
