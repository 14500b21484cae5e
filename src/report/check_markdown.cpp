// Markdown of a check, for comments on merge requests: totals, a row for each rule that fails, the objects folded away.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/check_report.h"
#include "report/detail/check_groups.h"
#include "report/detail/markdown.h"
#include "report/detail/summary.h"
#include "report/detail/text.h"

namespace seawall::report {
namespace {

using detail::code;
using detail::FailedObject;
using detail::plain;
using detail::RuleGroup;

// Comments are limited to 64 KiB by the services that show them.
constexpr std::size_t most_bytes = 60'000;
constexpr std::size_t most_rows = 50;
constexpr std::size_t longest_text = 300;

std::string short_plain(std::string_view text) { return plain(detail::shortened(printable(text), longest_text)); }
std::string short_code(std::string_view text) { return code(detail::shortened(printable(text), longest_text)); }

std::string rule_link(const model::RuleInfo& rule) {
  for (const auto& link : rule.references)
    if (link.starts_with("https://") && detail::is_safe_link(link))
      return fmt::format("[{}]({})", plain(rule.id), link);
  return plain(rule.id);
}

std::string severity_of(const RuleGroup& group) {
  auto word = std::string(model::text(group.rule->severity));
  return group.verdict == model::Verdict::fail ? word : word + ", undecided";
}

std::string row(const RuleGroup& group) {
  return fmt::format("| {} | {} | {} | {} | {} |\n", severity_of(group), rule_link(*group.rule),
                     short_plain(group.rule->title), group.failed.size(),
                     short_code(detail::place_of(group.failed.front()).text()));
}

std::string table(std::span<const RuleGroup> groups) {
  std::string out = "| Severity | Rule | What holds where it passes | Objects | First at |\n|---|---|---|---:|---|\n";
  for (const auto& group : groups) out += row(group);
  return out;
}

std::string object_lines(const FailedObject& failed) {
  auto out = fmt::format("- {} {}: {}", short_code(failed.object->object.text()),
                         short_code(detail::place_of(failed).text()), short_plain(detail::message_of(*failed.result)));
  if (!failed.result->fix.empty()) out += " Fix: " + short_plain(failed.result->fix) + ".";
  return out + "\n";
}

// As many whole lines as there is room for.
std::string details(const std::vector<RuleGroup>& groups, std::size_t room) {
  std::string out;
  std::size_t left_out = 0;
  for (const auto& group : groups) {
    auto block =
        fmt::format("\n**{}** ({}) {}\n\n", plain(group.rule->id), severity_of(group), short_plain(group.rule->remedy));
    std::size_t told = 0;
    for (const auto& failed : group.failed) {
      auto line = object_lines(failed);
      if (out.size() + block.size() + line.size() > room) break;
      block += line;
      ++told;
    }
    if (told > 0) out += block;
    left_out += group.failed.size() - told;
  }
  if (left_out > 0) out += fmt::format("\n{} more are in the other formats.\n", left_out);
  return "\n<details><summary>Objects and fixes</summary>\n" + out + "\n</details>\n";
}

std::string mistakes(const model::CheckReport& report) {
  constexpr std::size_t most = 10;
  std::string out;
  for (std::size_t i = 0; i < std::min(report.mistakes.size(), most); ++i)
    out += "> **not read**: " + short_plain(report.mistakes[i]) + "\n";
  if (report.mistakes.size() > most) out += fmt::format("> and {} more\n", report.mistakes.size() - most);
  return out.empty() ? out : out + "\n";
}

std::string ignored(const model::CheckReport& report, std::size_t room) {
  std::string out;
  for (const auto& object : report.objects)
    for (const auto& result : object.results) {
      if (result.exempted.empty()) continue;
      auto line = fmt::format("- {} {}: {}\n", plain(result.rule->id), short_code(object.object.text()),
                              short_plain(result.exempted));
      if (out.size() + line.size() > room) return out + "- and more\n";
      out += line;
    }
  return out.empty() ? out : "\n**Ignored**\n\n" + out;
}

std::string verdict(const model::CheckReport& report, const detail::CheckTotals& totals) {
  if (totals.failed + totals.undetermined == 0 && !report.mistakes.empty())
    return "Nothing fails in what could be read; see above for what could not.\n";
  return "**" + detail::totals_sentence(totals) + ".**" +
         (totals.fixable > 0 ? fmt::format(" `seawall check --fix` can mend {}.", totals.fixable) : "") + "\n";
}

}  // namespace

std::string check_markdown(const model::CheckReport& report, const CheckOptions&) {
  auto groups = detail::groups_of(report.objects);
  std::string out = "### Kubernetes manifests\n\n" + mistakes(report);
  out += verdict(report, detail::totals_of(report.objects));
  if (!groups.empty()) {
    auto rows = std::min(groups.size(), most_rows);
    out += "\n" + table(std::span(groups).first(rows));
    if (groups.size() > rows) out += fmt::format("\n{} more rules are in the other formats.\n", groups.size() - rows);
  }
  constexpr std::size_t room_for_ignored = 8000;
  auto tail = ignored(report, room_for_ignored);
  auto taken = out.size() + tail.size() + 200;
  if (!groups.empty()) out += details(groups, taken < most_bytes ? most_bytes - taken : 0);
  return out + tail;
}

}  // namespace seawall::report
