// Markdown for comments on merge requests: totals, what to upgrade, the worst findings, the rest folded away.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/detail/markdown.h"
#include "report/detail/summary.h"
#include "report/detail/text.h"
#include "report/format.h"

namespace seawall::report {
namespace {

using detail::code;
using detail::plain;
using model::Finding;
using model::Report;

constexpr std::size_t rows_at_once = 20;
constexpr std::size_t most_rows = 200;  // comments are limited to 64 KiB
constexpr std::size_t most_upgrades = 5;

std::string linked_id(const Finding& finding) {
  auto link = detail::help_uri(finding);
  return detail::is_safe_link(link) ? fmt::format("[{}]({})", plain(finding.id), link) : plain(finding.id);
}

std::string exploited_text(const model::Exploitability& exploit) {
  std::string out = exploit.ransomware ? "**ransomware**" : exploit.known_exploited ? "**known exploited**" : "";
  if (exploit.epss >= 0) out += (out.empty() ? "" : ", ") + detail::percent(exploit.epss);
  return out;
}

std::string findings_table(std::span<const Finding> findings) {
  std::string out = "| Severity | Id | Package | Installed | Fixed | Exploited, EPSS |\n|---|---|---|---|---|---|\n";
  for (const auto& finding : findings)
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", model::text(finding.severity), linked_id(finding),
                       code(finding.package.name), code(finding.package.version),
                       finding.fixable() ? code(join(finding.fixed_versions, ", ")) : plain(detail::fix_text(finding)),
                       exploited_text(finding.exploit));
  return out;
}

std::string findings_section(const std::vector<Finding>& findings) {
  std::span<const Finding> all = findings;
  auto first = std::min(all.size(), rows_at_once);
  auto out = findings_table(all.first(first));
  if (all.size() == first) return out;
  auto rest = all.subspan(first, std::min(all.size(), most_rows) - first);
  out += fmt::format("\n<details><summary>{} more</summary>\n\n{}", all.size() - first, findings_table(rest));
  if (all.size() > most_rows) out += fmt::format("\n{} more are in the other formats.\n", all.size() - most_rows);
  return out + "\n</details>\n";
}

std::string upgrades_section(const Report& report) {
  if (report.upgrades.empty()) return {};
  std::string out = "\n**Upgrade first**\n\n";
  for (const auto& upgrade : std::span(report.upgrades).first(std::min(report.upgrades.size(), most_upgrades))) {
    out += fmt::format("- {} {} → {} removes {}", code(upgrade.package), code(upgrade.from), code(upgrade.to),
                       detail::counted(upgrade.ids.size(), "finding"));
    if (!upgrade.command.empty()) out += ": " + code(upgrade.command);
    out += "\n";
  }
  return out;
}

std::string notices_section(const Report& report) {
  std::string out;
  for (const auto* notice : detail::notices_by_weight(report))
    out += fmt::format("> **{}**: {}\n", detail::text(notice->level), plain(notice->what));
  return out.empty() ? out : out + "\n";
}

std::string ignored_section(const Report& report) {
  if (report.ignored.empty()) return {};
  std::string out = "\n**Ignored**\n\n";
  for (const auto& finding : report.ignored)
    out += fmt::format("- {} in {}: {}\n", plain(finding.id), code(finding.package.name), plain(finding.ignored_by));
  return out;
}

std::string packages_table(const Report& report) {
  std::string out = "| Type | Package | Version | Licences |\n|---|---|---|---|\n";
  for (const auto& package : report.packages)
    out += fmt::format("| {} | {} | {} | {} |\n", text(package.type), code(package.name), code(package.version),
                       plain(join(package.licenses, ", ")));
  return out;
}

std::string verdict(const Report& report) {
  auto totals = detail::totals_of(report.findings);
  if (totals.findings == 0)
    return detail::is_fully_judged(report) ? "No known vulnerabilities.\n"
                                           : "Nothing found in what could be judged; see above for what could not.\n";
  return fmt::format("**{}**: {}. {} fixable, {} known exploited.\n", detail::counted(totals.findings, "finding"),
                     detail::severity_sentence(totals), totals.fixable, totals.known_exploited);
}

std::string one_report(const Report& report, const Options& options) {
  auto out = fmt::format("### {}\n\n{}\n\n", code(report.target.name), plain(detail::target_sentence(report)));
  out += notices_section(report);
  if (!report.findings_wanted) return out + packages_table(report);
  out += verdict(report);
  if (!report.findings.empty()) out += "\n" + findings_section(report.findings);
  out += upgrades_section(report);
  if (options.ignored == Ignored::show) out += ignored_section(report);
  return out + "\n<sub>" + detail::markup_escaped(detail::database_sentence(report)) + "</sub>\n";
}

}  // namespace

std::string write_markdown(const Reports& reports, const Options& options) {
  std::string out;
  for (const auto& report : reports) out += (out.empty() ? "" : "\n") + one_report(report, options);
  return out;
}

}  // namespace seawall::report
