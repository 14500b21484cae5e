// The user's decisions to live with a finding: the `ignore` list of .seawall.yaml.
//
//   ignore:
//     - id: CVE-2024-12345            # or GHSA-..., a pattern (CVE-2019-*), or a list of these
//       reason: the vulnerable code is not reachable   # required
//       owner: platform-team
//       until: 2025-06-30             # the last day on which it counts
//       package: openssl              # name or pattern
//       purl: pkg:deb/debian/openssl@*
//       path: app/vendor/**           # of every place where the package lies
//       image: registry.example/team/*
//
// All that a rule states must fit; a rule must state an id, a package, a purl or a path. Patterns are those of
// base/text.h's glob_match. An expired rule silences nothing and is told.
// Threads: a finished set may be matched from any thread; apply and audit are the caller's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "codec/value.h"
#include "model/report.h"

namespace seawall::model {

struct Exception {
  std::vector<std::string> ids;
  std::string package, purl, path, image;  // patterns; empty: any
  std::string reason, owner;
  Instant until = 0;  // first second on which it no longer counts; 0: never ends
  bool expired(Instant now) const noexcept { return until != 0 && now >= until; }
};

class Exceptions {
 public:
  Exceptions() = default;
  // The value of `ignore:`; null gives no rules. Fails: invalid, naming the entry by its number and the key.
  static Result<Exceptions> parse(codec::Value ignore);

  const std::vector<Exception>& rules() const noexcept { return rules_; }
  // The first rule in force that fits.
  std::optional<std::size_t> match(const Finding&, const TargetInfo&, Instant now) const;

  // Moves what is silenced from `findings` to `ignored` and adds notices on rules that expired or soon will.
  // Counts the uses of each rule, also of expired ones, for the audit.
  void apply(Report&, Instant now);

  struct AuditLine {
    enum class State : unsigned char { used, unused, expired } state = State::unused;
    std::size_t rule = 0;     // index into rules()
    std::size_t matched = 0;  // findings that it fits
  };
  // One line a rule, over all reports applied so far.
  std::vector<AuditLine> audit(Instant now) const;

  // "ignore rule 2 (CVE-2024-12345, owner platform-team)"
  std::string describe(std::size_t rule) const;

 private:
  std::optional<std::size_t> count_and_match(const Finding&, const TargetInfo&, Instant now);
  void tell_ends(Report&, Instant now) const;

  std::vector<Exception> rules_;
  std::vector<std::size_t> matched_;
  bool told_ = false;  // notices on ends are given once, with the first report
};

}  // namespace seawall::model
