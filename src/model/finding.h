// A vulnerability in a package, with all that decides how much it matters.
// Threads: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/package.h"
#include "model/severity.h"

namespace seawall::model {

enum class Status : unsigned char {
  affected,  // no fixed version known
  fixed,     // a fixed version exists; the installed one is older
  not_affected,
  will_not_fix,
  under_investigation,
  end_of_life,
};
std::string_view text(Status) noexcept;  // "affected", "fixed", "not_affected", ...

enum class ExploitMaturity : unsigned char { none, proof_of_concept, functional, weaponised };
std::string_view text(ExploitMaturity) noexcept;

// What is known about exploitation of one CVE.
struct Exploitability {
  bool known_exploited = false;  // CISA KEV
  Instant kev_added = 0, kev_due = 0;
  bool ransomware = false;
  double epss = -1, epss_percentile = -1;  // -1: not known
  std::string ssvc_exploitation;           // "none", "poc", "active"; empty: not known
  std::string ssvc_automatable, ssvc_impact;
  ExploitMaturity maturity = ExploitMaturity::none;
  int public_exploits = 0;            // how many public exploits or proofs of concept are known
  std::vector<std::string> exploits;  // "metasploit:exploit/multi/..."
  bool network_vector = false;
  bool operator==(const Exploitability&) const = default;
};

struct Finding {
  std::string id;                    // the CVE, else the GHSA, else the source's own
  std::vector<std::string> aliases;  // the others, sorted
  std::string advisory;              // the record that matched: "DSA-5343-1", "GHSA-...", "ALSA-2023:0001"
  std::string source;                // the feed it came from: "debian", "osv", "alpine", ...
  Package package;
  std::string purl;
  std::vector<std::string> fixed_versions;
  Status status = Status::affected;
  Severity severity = Severity::unknown;
  std::string severity_source;  // "debian", "cvss-3.1 nvd", ...
  std::vector<Cvss> cvss;
  std::vector<std::string> cwe;  // "CWE-79"
  Instant published = 0, modified = 0;
  Exploitability exploit;
  std::vector<std::string> references;
  std::string title;        // one line; empty in the starter database
  std::string remediation;  // one sentence
  std::string command;      // what to type; empty where there is none
  // Set where the user's exceptions silence it.
  std::string ignored_by;

  bool fixable() const noexcept { return !fixed_versions.empty(); }
};

// Higher is worse: known exploited, then severity, EPSS and fix. The order of every report.
double risk_of(const Finding&) noexcept;

}  // namespace seawall::model
