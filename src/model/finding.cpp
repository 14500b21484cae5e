#include "model/finding.h"

#include <algorithm>

namespace seawall::model {

std::string_view text(Status status) noexcept {
  constexpr std::string_view names[] = {"affected",   "fixed", "not_affected", "will_not_fix", "under_investigation",
                                        "end_of_life"};
  return names[static_cast<std::size_t>(status)];
}

std::string_view text(ExploitMaturity maturity) noexcept {
  constexpr std::string_view names[] = {"none", "proof-of-concept", "functional", "weaponised"};
  return names[static_cast<std::size_t>(maturity)];
}

// Digits of one number: each line outweighs everything below it, so the order can be explained in one sentence.
double risk_of(const Finding& finding) noexcept {
  double risk = 0;
  if (finding.status == Status::not_affected) risk -= 100'000'000;
  if (finding.exploit.known_exploited) risk += 10'000'000;
  if (finding.exploit.ransomware) risk += 5'000'000;
  risk += static_cast<double>(finding.severity) * 100'000;
  risk += std::clamp(finding.exploit.epss, 0.0, 1.0) * 50'000;
  risk += static_cast<double>(finding.exploit.maturity) * 10'000;
  if (finding.exploit.ssvc_exploitation == "active") risk += 5'000;
  double score = 0;
  for (const auto& cvss : finding.cvss) score = std::max(score, cvss.score);
  risk += std::clamp(score, 0.0, 10.0) * 100;
  if (finding.fixable()) risk += 50;
  if (finding.exploit.network_vector) risk += 10;
  return risk;
}

}  // namespace seawall::model
