// One HTML file that works without network and without script: the script only filters and sorts. Everything from the
// image is escaped, and the content security policy lets nothing run or load but the two texts that it names.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/detail/html_assets.h"
#include "report/detail/summary.h"
#include "report/detail/text.h"
#include "report/format.h"

namespace seawall::report {
namespace {

using model::Finding;
using model::Report;
using model::Severity;

std::string escaped(std::string_view raw) { return detail::markup_escaped(detail::printable(raw)); }

std::string code(std::string_view raw) { return raw.empty() ? std::string() : "<code>" + escaped(raw) + "</code>"; }

bool is_web_link(std::string_view link) {
  return (link.starts_with("https://") || link.starts_with("http://")) &&
         std::ranges::all_of(link, [](char c) { return c > ' ' && c < 127; });
}

std::string link(std::string_view target, std::string_view words) {
  if (!is_web_link(target)) return escaped(words);
  return fmt::format("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", escaped(target), escaped(words));
}

std::string head_of(const Reports& reports) {
  auto title = reports.size() == 1 ? reports.front().target.name : detail::counted(reports.size(), "target");
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; "
      "script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>Seawall: "
      "{}</title>\n<style>{}</style>\n</head>\n<body>\n",
      detail::html_style_sha256(), detail::html_script_sha256(), escaped(title), detail::html_style());
}

std::string notices(const Report& report) {
  std::string out;
  for (const auto* notice : detail::notices_by_weight(report))
    out += fmt::format("<p class=\"notice {0}\"><strong>{0}:</strong> {1}</p>\n", detail::text(notice->level),
                       escaped(notice->what));
  return out;
}

std::string tiles(const Report& report) {
  auto totals = detail::totals_of(report.findings);
  std::string out = "<ul class=\"tiles\">\n";
  for (std::size_t i = totals.by_severity.size(); i-- > 0;) {
    if (totals.by_severity[i] == 0) continue;
    out += fmt::format(
        "<li><button type=\"button\" class=\"{0}\" data-severity=\"{0}\" aria-pressed=\"true\" disabled><b>{1}</b>{0}"
        "</button></li>\n",
        model::text(static_cast<Severity>(i)), totals.by_severity[i]);
  }
  auto plain = [&](std::size_t count, std::string_view what) {
    out += fmt::format("<li><span><b>{}</b>{}</span></li>\n", count, what);
  };
  plain(totals.fixable, "fixable");
  plain(totals.known_exploited, "known exploited");
  if (!report.ignored.empty()) plain(report.ignored.size(), "ignored");
  return out + "</ul>\n";
}

std::string exploitation_cell(const model::Exploitability& exploit) {
  std::string out =
      fmt::format("<td data-value=\"{:.5f}\">", exploit.known_exploited ? 1 + exploit.epss : exploit.epss);
  if (exploit.ransomware)
    out += "<span class=\"mark\">ransomware</span> ";
  else if (exploit.known_exploited)
    out += "<span class=\"mark\">known exploited</span> ";
  if (exploit.epss >= 0) out += "EPSS " + detail::percent(exploit.epss);
  return out + "</td>";
}

std::string scores(const std::vector<model::Cvss>& all) {
  std::string out;
  for (const auto& cvss : all)
    out += fmt::format("<p>CVSS {} {} <span class=\"dim\">{}</span></p>", detail::tenths(cvss.score), code(cvss.vector),
                       escaped(cvss.source));
  return out;
}

std::string references(const std::vector<std::string>& all) {
  std::string out;
  for (const auto& reference : all) out += "<p>" + link(reference, reference) + "</p>";
  return out;
}

// What does not fit a cell, folded away.
std::string more_of(const Finding& finding) {
  std::string out =
      "<details><summary>" + (finding.title.empty() ? std::string("more") : escaped(finding.title)) + "</summary>";
  if (!finding.remediation.empty()) out += "<p>" + escaped(finding.remediation) + "</p>";
  if (!finding.command.empty()) out += "<p>" + code(finding.command) + "</p>";
  if (!finding.aliases.empty()) out += "<p>Also " + escaped(join(finding.aliases, ", ")) + "</p>";
  if (!finding.cwe.empty()) out += "<p>" + escaped(join(finding.cwe, ", ")) + "</p>";
  if (finding.exploit.kev_due != 0) out += "<p>KEV: due " + to_date(finding.exploit.kev_due) + "</p>";
  if (finding.published != 0) out += "<p>Published " + to_date(finding.published) + "</p>";
  return out + scores(finding.cvss) + references(finding.references) + "</details>";
}

std::string finding_row(const Finding& finding) {
  auto severity = model::text(finding.severity);
  auto where = detail::where_text(finding.package);
  return fmt::format(
      "<tr data-severity=\"{0}\"><td class=\"severity {0}\" data-value=\"{1}\">{0}</td>{2}<td>{3}{4}</td><td>{5}"
      "<br><span class=\"dim\">{6}</span></td><td>{7}</td><td{8}>{9}</td></tr>\n",
      severity, 5 - static_cast<int>(finding.severity), exploitation_cell(finding.exploit),
      link(detail::help_uri(finding), finding.id), more_of(finding), code(finding.package.name), escaped(where),
      code(finding.package.version), finding.fixable() ? " class=\"good\"" : " class=\"dim\"",
      escaped(detail::fix_text(finding)));
}

std::string findings_table(const Report& report) {
  std::string out =
      "<h2>Findings</h2>\n<input class=\"find\" type=\"search\" placeholder=\"Filter\" aria-label=\"Filter findings\" "
      "hidden>\n<p class=\"shown dim\" aria-live=\"polite\"></p>\n<div class=\"wide\"><table "
      "class=\"findings\">\n<thead><tr>";
  for (auto title : {"Severity", "Exploitation", "Id", "Package", "Installed", "Fixed"})
    out += fmt::format("<th scope=\"col\"><button type=\"button\">{}</button></th>", title);
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& finding : report.findings) out += finding_row(finding);
  return out + "</tbody>\n</table></div>\n";
}

std::string upgrades(const Report& report) {
  if (report.upgrades.empty()) return {};
  std::string out = "<h2>Upgrade first</h2>\n<ol>\n";
  for (const auto& upgrade : report.upgrades) {
    out += fmt::format("<li>{} {} → {} removes {}", code(upgrade.package), code(upgrade.from), code(upgrade.to),
                       detail::counted(upgrade.ids.size(), "finding"));
    if (!upgrade.command.empty()) out += "<br>" + code(upgrade.command);
    out += "</li>\n";
  }
  return out + "</ol>\n";
}

std::string ignored(const Report& report) {
  std::string out = "<h2>Ignored</h2>\n<ul>\n";
  for (const auto& finding : report.ignored)
    out += fmt::format("<li>{} in {}: {}</li>\n", escaped(finding.id), code(finding.package.name),
                       escaped(finding.ignored_by));
  return out + "</ul>\n";
}

std::string packages(const Report& report) {
  std::string out =
      fmt::format("<details{}><summary>{}</summary>\n<div class=\"wide\"><table>\n<thead><tr>",
                  report.findings_wanted ? "" : " open", detail::counted(report.packages.size(), "package"));
  for (auto title : {"Type", "Package", "Version", "Licences", "Where"})
    out += fmt::format("<th scope=\"col\">{}</th>", title);
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& package : report.packages)
    out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"dim\">{}</td></tr>\n",
                       text(package.type), code(package.name), code(package.version),
                       escaped(join(package.licenses, ", ")), escaped(detail::where_text(package)));
  return out + "</tbody>\n</table></div></details>\n";
}

std::string judged(const Report& report, const Options& options) {
  auto out = tiles(report) + upgrades(report);
  if (!report.findings.empty())
    out += findings_table(report);
  else if (detail::is_fully_judged(report))
    out += "<p class=\"good\">No known vulnerabilities.</p>\n";
  else
    out += "<p>Nothing found in what could be judged; see above for what could not.</p>\n";
  if (options.ignored == Ignored::show && !report.ignored.empty()) out += ignored(report);
  return out + "<h2>Packages</h2>\n";
}

std::string section(const Report& report, const Options& options) {
  auto out = fmt::format("<section class=\"target\">\n<h1>{}</h1>\n<p class=\"dim\">{}</p>\n",
                         escaped(report.target.name), escaped(detail::target_sentence(report)));
  out += notices(report);
  if (report.findings_wanted) out += judged(report, options);
  out += packages(report);
  auto when = report.created != 0 ? "Scanned " + to_rfc3339(report.created) + ", " : std::string();
  auto with = report.findings_wanted ? detail::database_sentence(report) + ", " : std::string();
  return out + fmt::format("<p class=\"dim\">{}{}{} {}</p>\n</section>\n", when, with, detail::tool_name,
                           detail::tool_version);
}

}  // namespace

std::string write_html(const Reports& reports, const Options& options) {
  auto out = head_of(reports) + "<main>\n";
  for (const auto& report : reports) out += section(report, options);
  return out + fmt::format("</main>\n<script>{}</script>\n</body>\n</html>\n", detail::html_script());
}

}  // namespace seawall::report
