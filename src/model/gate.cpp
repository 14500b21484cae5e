#include "model/gate.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace seawall::model {

struct Gate::Word {
  std::string_view name;
  Condition::Subject subject;
  Severity severity = Severity::unknown;
  bool compared = false;
};

const Gate::Word Gate::words_[] = {
    {"critical", Condition::Subject::severity, Severity::critical},
    {"high", Condition::Subject::severity, Severity::high},
    {"medium", Condition::Subject::severity, Severity::medium},
    {"low", Condition::Subject::severity, Severity::low},
    {"negligible", Condition::Subject::severity, Severity::negligible},
    {"any", Condition::Subject::any},
    {"kev", Condition::Subject::kev},
    {"ransomware", Condition::Subject::ransomware},
    {"exploit", Condition::Subject::exploit},
    {"network", Condition::Subject::network},
    {"fixable", Condition::Subject::fixable},
    {"epss", Condition::Subject::epss, Severity::unknown, true},
    {"cvss", Condition::Subject::cvss, Severity::unknown, true},
    {"age", Condition::Subject::age, Severity::unknown, true},
};

namespace {

constexpr std::string_view known_conditions =
    "known are critical, high, medium, low, negligible, any, kev, ransomware, exploit, network, fixable, epss>=0.1, "
    "cvss>=9 and age>30d; join them by ',' (or) and '+' (and)";

constexpr double day = 24 * 60 * 60;

Error unknown_condition(std::string_view word, std::string_view why) {
  return {Code::invalid,
          "condition '" + std::string(word) + "': " + std::string(why) + "; " + std::string(known_conditions)};
}

// Highest score of all vectors; -1 where there is none.
double highest_score(const Finding& finding) noexcept {
  double highest = -1;
  for (const auto& cvss : finding.cvss) highest = std::max(highest, cvss.score);
  return highest;
}

bool has_exploit(const Exploitability& e) noexcept {
  return e.known_exploited || e.public_exploits > 0 || e.maturity != ExploitMaturity::none ||
         e.ssvc_exploitation == "active" || e.ssvc_exploitation == "poc";
}

}  // namespace

Result<Gate> Gate::parse(std::string_view conditions) {
  Gate gate;
  for (auto written : split(conditions, ',')) {
    written = trim(written);
    Alternative alternative{.written = std::string(written), .all = {}};
    for (auto word : split(written, '+')) alternative.all.push_back(SW_TRY(parse_condition(trim(word))));
    gate.alternatives_.push_back(std::move(alternative));
  }
  return gate;
}

Result<Gate::Condition> Gate::parse_condition(std::string_view text) {
  auto name = trim(text.substr(0, text.find_first_of("<>=")));
  auto word = std::ranges::find_if(words_, [&](const Word& w) { return equal_ignoring_case(w.name, name); });
  if (word == std::end(words_)) return std::unexpected(unknown_condition(text, "not known"));
  auto rest = trim(text.substr(std::min(text.find_first_of("<>="), text.size())));
  if (word->compared == rest.empty())
    return std::unexpected(unknown_condition(text, word->compared ? "wants a number" : "is not a number"));
  Condition condition{.subject = word->subject, .severity = word->severity};
  if (!word->compared) return condition;

  constexpr struct {
    std::string_view sign;
    Operator op;
  } operators[] = {{">=", Operator::at_least}, {"<=", Operator::at_most}, {"==", Operator::equal},
                   {">", Operator::more},      {"<", Operator::less},     {"=", Operator::equal}};
  for (const auto& known : operators) {
    if (!rest.starts_with(known.sign)) continue;
    condition.op = known.op;
    rest.remove_prefix(known.sign.size());
    break;
  }
  auto operand = parse_operand(condition.subject, trim(rest));
  if (!operand) return std::unexpected(unknown_condition(text, operand.error().what));
  condition.operand = *operand;
  return condition;
}

Result<double> Gate::parse_operand(Condition::Subject subject, std::string_view text) {
  double unit = 1;
  if (subject == Condition::Subject::age) {
    unit = text.ends_with('w') ? 7 * day : day;
    if (text.ends_with('w') || text.ends_with('d')) text.remove_suffix(1);
  }
  auto number = to_double(text);
  if (!number) return fail(Code::invalid, "wants a number");
  if (subject == Condition::Subject::epss && (*number < 0 || *number > 1))
    return fail(Code::invalid, "is a probability between 0 and 1");
  if (subject == Condition::Subject::cvss && (*number < 0 || *number > 10))
    return fail(Code::invalid, "is a score between 0 and 10");
  if (subject == Condition::Subject::age && !(*number >= 0 && *number < 100'000))
    return fail(Code::invalid, "is a number of days (30d) or weeks (4w)");
  return *number * unit;
}

bool Gate::compares(const Condition& condition, double value) noexcept {
  switch (condition.op) {
    case Operator::at_least:
      return value >= condition.operand;
    case Operator::more:
      return value > condition.operand;
    case Operator::at_most:
      return value <= condition.operand;
    case Operator::less:
      return value < condition.operand;
    case Operator::equal:
      return value == condition.operand;
    case Operator::none:
      return false;
  }
  return false;
}

bool Gate::holds(const Condition& condition, const Finding& finding, Instant now) noexcept {
  using enum Condition::Subject;
  switch (condition.subject) {
    case severity:
      return finding.severity >= condition.severity;
    case any:
      return true;
    case kev:
      return finding.exploit.known_exploited;
    case ransomware:
      return finding.exploit.ransomware;
    case exploit:
      return has_exploit(finding.exploit);
    case network:
      return finding.exploit.network_vector;
    case fixable:
      return finding.fixable();
    case epss:
      return finding.exploit.epss >= 0 && compares(condition, finding.exploit.epss);
    case cvss:
      return highest_score(finding) >= 0 && compares(condition, highest_score(finding));
    case age:
      return finding.published != 0 && compares(condition, static_cast<double>(now - finding.published));
  }
  return false;
}

std::optional<std::string_view> Gate::stopped_by(const Finding& finding, Instant now) const noexcept {
  if (finding.status == Status::not_affected) return std::nullopt;
  for (const auto& alternative : alternatives_)
    if (std::ranges::all_of(alternative.all, [&](const Condition& c) { return holds(c, finding, now); }))
      return alternative.written;
  return std::nullopt;
}

}  // namespace seawall::model
