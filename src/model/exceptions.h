// The user's decisions to live with a finding or a failing policy: the `ignore` list of .seawall.yaml.
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
//     - rule: workload/run-as-root    # of `seawall check`: an id, one under which others know it, a pattern, or a list
//       object: Deployment/shop/web   # Kind/namespace/name, Kind/name, patterns, or a list of these
//       namespace: shop-*
//       path: deploy/legacy/**        # of the manifest
//       reason: replaced in March
//
// All that an entry states must fit; it must state an id, a package, a purl or a path, or else a rule, an object or a
// namespace: then it is about policies, and silences no finding of a scan. Patterns are those of
// base/text.h's glob_match. An expired rule silences nothing and is told.
// Threads: a finished set may be matched from any thread; apply and audit are the caller's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "codec/value.h"
#include "model/object_pattern.h"
#include "model/report.h"

namespace seawall::model {

struct Exception {
  std::vector<std::string> ids;
  std::string package, purl, path, image;  // patterns; empty: any
  std::vector<std::string> rules;          // of policies; patterns
  std::vector<ObjectPattern> objects;
  std::string in_namespace;  // pattern
  std::string reason, owner;
  Instant until = 0;  // first second on which it no longer counts; 0: never ends
  bool is_about_policies() const noexcept { return !rules.empty() || !objects.empty() || !in_namespace.empty(); }
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
  // Says of each result of a policy that is silenced why (`exempted`); gives the notices.
  std::vector<Notice> apply(std::vector<ObjectResults>&, Instant now);

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
  std::optional<std::size_t> count_and_match(const ObjectResults&, const PolicyResult&, Instant now);
  enum class About : bool { findings, policies };
  std::vector<Notice> ends(About, Instant now) const;

  std::vector<Exception> rules_;
  std::vector<std::size_t> matched_;
  bool told_ = false;  // notices on ends are given once, with the first report
};

}  // namespace seawall::model
