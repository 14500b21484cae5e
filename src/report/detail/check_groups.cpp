#include "report/detail/check_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "report/detail/text.h"

namespace seawall::report::detail {

using model::PolicyResult;
using model::Severity;
using model::Verdict;

std::vector<RuleGroup> groups_of(const std::vector<model::ObjectResults>& objects) {
  std::vector<RuleGroup> groups;
  std::map<std::pair<std::string_view, Verdict>, std::size_t> numbers;
  for (const auto& object : objects)
    for (const auto& result : object.results) {
      if (!result.counts()) continue;
      auto [at, fresh] = numbers.try_emplace({result.rule->id, result.verdict}, groups.size());
      if (fresh) groups.push_back({result.rule, result.verdict, {}});
      groups[at->second].failed.push_back({&object, &result});
    }
  auto weight = [](const RuleGroup& group) {
    return std::tuple(-static_cast<int>(group.rule->severity), group.verdict != Verdict::fail,
                      -static_cast<std::ptrdiff_t>(group.failed.size()), std::string_view(group.rule->id));
  };
  std::ranges::sort(groups, [&](const auto& a, const auto& b) { return weight(a) < weight(b); });
  return groups;
}

CheckTotals totals_of(const std::vector<model::ObjectResults>& objects) noexcept {
  CheckTotals totals{.objects = objects.size()};
  for (const auto& object : objects)
    for (const auto& result : object.results) {
      if (!result.exempted.empty()) {
        ++totals.exempted;
        continue;
      }
      totals.passed += result.verdict == Verdict::pass;
      totals.undetermined += result.verdict == Verdict::undetermined;
      if (result.verdict != Verdict::fail) continue;
      ++totals.failed;
      ++totals.failed_by_severity[static_cast<std::size_t>(result.rule->severity)];
      totals.fixable += !result.patch.empty();
    }
  return totals;
}

std::string totals_sentence(const CheckTotals& totals) {
  std::string severities;
  for (std::size_t i = totals.failed_by_severity.size(); i-- > 0;) {
    if (totals.failed_by_severity[i] == 0) continue;
    severities += fmt::format("{}{} {}", severities.empty() ? " (" : ", ", totals.failed_by_severity[i],
                              model::text(static_cast<Severity>(i)));
  }
  auto out = fmt::format("{} failed{}, {} undecided, {} passed", totals.failed,
                         severities.empty() ? severities : severities + ")", totals.undetermined, totals.passed);
  if (totals.exempted > 0) out += fmt::format(", {} ignored", totals.exempted);
  return out + " in " + counted(totals.objects, "object");
}

std::string_view word_of(const PolicyResult& result) noexcept {
  return result.verdict == Verdict::undetermined ? "undecided" : model::text(result.verdict);
}

const model::FilePlace& place_of(const FailedObject& failed) noexcept {
  return failed.result->findings.empty() ? failed.object->where : failed.result->findings.front().where;
}

std::string message_of(const PolicyResult& result) {
  std::string out;
  for (const auto& finding : result.findings) {
    if (out.contains(finding.message)) continue;  // of several containers
    out += (out.empty() ? "" : " ") + finding.message;
  }
  return out.empty() ? result.rule->title : out;
}

}  // namespace seawall::report::detail
