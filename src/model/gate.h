// When a finding should stop a build: the conditions of `--fail-on`.
//
//   GATE      = ALL { "," ALL }          any of these stops
//   ALL       = CONDITION { "+" CONDITION }   only where all of these hold: "high+fixable,kev"
//   CONDITION =
//     critical | high | medium | low | negligible   that severity or worse
//     any                    every finding
//     kev                    on CISA's list of known exploited vulnerabilities
//     ransomware             known to be used in ransomware campaigns
//     exploit                a public exploit or active exploitation is known
//     network                can be attacked over the network
//     fixable                a fixed version exists
//     epss OP NUMBER         EPSS probability, 0 to 1: "epss>=0.1"
//     cvss OP NUMBER         highest CVSS score: "cvss>=9"
//     age OP DAYS            time since publication: "age>30d", "age>=2w"
//   OP        = >= | > | <= | < | =
//
// What is not known (no EPSS, no score, no date) fulfils no comparison. Findings that do not affect never stop.
// Threads: a finished gate may be used from any thread.   Fails: invalid, naming the known conditions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace seawall::model {

class Gate {
 public:
  Gate() = default;  // nothing stops
  static Result<Gate> parse(std::string_view conditions);

  bool empty() const noexcept { return alternatives_.empty(); }
  // The alternative that the finding fulfils, as it was written ("high+fixable"); nothing where it passes.
  std::optional<std::string_view> stopped_by(const Finding&, Instant now) const noexcept;

 private:
  enum class Operator : unsigned char { none, at_least, more, at_most, less, equal };
  struct Condition {
    enum class Subject : unsigned char { severity, any, kev, ransomware, exploit, network, fixable, epss, cvss, age };
    Subject subject = Subject::any;
    Severity severity = Severity::unknown;
    Operator op = Operator::none;
    double operand = 0;  // probability, score or seconds
  };
  struct Alternative {
    std::string written;
    std::vector<Condition> all;
  };
  struct Word;
  static const Word words_[];
  static Result<Condition> parse_condition(std::string_view);
  static Result<double> parse_operand(Condition::Subject, std::string_view);
  static bool holds(const Condition&, const Finding&, Instant now) noexcept;
  static bool compares(const Condition&, double value) noexcept;

  std::vector<Alternative> alternatives_;
};

}  // namespace seawall::model
