// For people at a terminal: what could not be judged, then one line a (package, vulnerability) in risk order, then what
// to do about it and the totals. Nothing from the image reaches the terminal unescaped.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "report/detail/grid.h"
#include "report/detail/paint.h"
#include "report/detail/summary.h"
#include "report/format.h"

namespace seawall::report {
namespace {

using detail::alarm;
using detail::bold;
using detail::Column;
using detail::Cut;
using detail::dim;
using detail::Painter;
using detail::printable;
using detail::red;
using detail::Row;
using detail::yellow;
using model::Finding;
using model::Report;
using model::Severity;

constexpr std::size_t least_width = 60;
constexpr std::size_t most_upgrades = 5;

struct SeverityLook {
  std::string_view word, style;
};
SeverityLook look_of(Severity severity) noexcept {
  switch (severity) {
    case Severity::critical:
      return {"CRIT", detail::bright_red};
    case Severity::high:
      return {"HIGH", red};
    case Severity::medium:
      return {"MED", yellow};
    case Severity::low:
      return {"LOW", detail::blue};
    case Severity::negligible:
      return {"NEG", dim};
    case Severity::unknown:
      return {"?", dim};
  }
  return {};
}

// Binary packages of one source that share version, vulnerability and fix are one line: "libc6 +2".
struct Line {
  const Finding* finding;
  std::size_t others = 0;
};

std::string folding_key(const Finding& finding) {
  const auto& package = finding.package;
  const auto& source = package.source_name.empty() ? package.name : package.source_name;
  std::string key;
  for (std::string_view part : {std::string_view(finding.id), text(package.type), std::string_view(source),
                                std::string_view(package.version)}) {
    key += part;
    key += '\0';
  }
  return key + join(finding.fixed_versions, ",");
}

std::vector<Line> folded(const std::vector<Finding>& findings) {
  std::vector<Line> lines;
  std::map<std::string, std::size_t> seen;
  for (const auto& finding : findings) {
    auto [at, fresh] = seen.emplace(folding_key(finding), lines.size());
    if (fresh)
      lines.push_back({&finding});
    else
      ++lines[at->second].others;
  }
  return lines;
}

std::string exploited_mark(const model::Exploitability& exploit) {
  if (exploit.ransomware) return "RANSOM";
  if (exploit.known_exploited) return "KEV";
  return exploit.maturity >= model::ExploitMaturity::functional ? "EXPL" : "";
}

Row finding_row(const Line& line, const Painter& paint) {
  const auto& finding = *line.finding;
  auto look = look_of(finding.severity);
  auto mark = exploited_mark(finding.exploit);
  auto name = printable(finding.package.name);
  if (line.others > 0) name += fmt::format(" +{}", line.others);
  return {
      {std::string(look.word), paint.style(look.style)},
      {mark, paint.style(finding.exploit.known_exploited ? alarm : red)},
      {printable(finding.id)},
      {name},
      {printable(finding.package.version)},
      {printable(detail::fix_text(finding)), paint.style(finding.fixable() ? "\x1b[32m" : dim)},
      {finding.exploit.epss >= 0 ? detail::percent(finding.exploit.epss) : ""},
      {printable(detail::where_text(finding.package)), paint.style(dim)},
  };
}

std::string findings_table(const std::vector<Finding>& findings, std::size_t width, const Painter& paint) {
  static const std::vector<Column> columns = {
      {"SEV", 4},       {"EXPL", 4},  {"ID", 14},  {"PACKAGE", 20, Cut::start},
      {"INSTALLED", 9}, {"FIXED", 9}, {"EPSS", 5}, {"WHERE", 12, Cut::start, Column::WhenNarrow::leaves}};
  std::vector<Row> rows;
  for (const auto& line : folded(findings)) rows.push_back(finding_row(line, paint));
  return detail::laid_out(columns, rows, width);
}

std::string packages_table(const Report& report, std::size_t width) {
  static const std::vector<Column> columns = {
      {"TYPE", 4}, {"PACKAGE", 16}, {"VERSION", 12}, {"LICENCES", 8}, {"WHERE", 6, Cut::start}};
  std::vector<Row> rows;
  rows.reserve(report.packages.size());
  for (const auto& package : report.packages)
    rows.push_back({{std::string(text(package.type))},
                    {printable(package.name)},
                    {printable(package.version)},
                    {printable(join(package.licenses, ", "))},
                    {printable(detail::where_text(package))}});
  return rows.empty() ? "No packages found.\n" : detail::laid_out(columns, rows, width);
}

// Continued lines are set in; a word longer than the line is left whole: commands are there to be copied.
std::string wrapped(std::string_view text, std::size_t width, std::string_view indent) {
  std::string out, line;
  for (auto word : words(text)) {
    if (!line.empty() && detail::display_width(line) + 1 + detail::display_width(word) > width) {
      out += line + "\n";
      line = indent;
      line += word;
      continue;
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  return out + line + "\n";
}

std::string heading(const Report& report, std::size_t width, const Painter& paint) {
  auto out = paint.painted(bold, printable(report.target.name)) + "\n";
  out += wrapped(printable(detail::target_sentence(report)), width, "  ");
  for (const auto* notice : detail::notices_by_weight(report)) {
    auto level = notice->level;
    auto style = level == model::Notice::Level::partial ? red : level == model::Notice::Level::warning ? yellow : dim;
    auto lines = wrapped(fmt::format("{}: {}", detail::text(level), printable(notice->what)), width, "  ");
    lines.pop_back();
    out += paint.painted(style, lines) + "\n";
  }
  return out;
}

// In whole sentences: the reason is what one looks for here.
std::string ignored_lines(const Report& report, std::size_t width) {
  std::string out = "Ignored:\n";
  for (const auto& finding : report.ignored)
    out += wrapped(fmt::format("  {} {}: {}", printable(finding.id), printable(finding.package.name),
                               printable(finding.ignored_by)),
                   width, "    ");
  return out;
}

// The upgrade that removes most comes first and is the last thing that is read.
std::string upgrade_lines(const Report& report, std::size_t width, const Painter& paint) {
  if (report.upgrades.empty()) return {};
  std::string out = "Upgrade first:\n";
  for (const auto& upgrade : std::span(report.upgrades).first(std::min(report.upgrades.size(), most_upgrades))) {
    auto step = fmt::format("{} {} -> {}", upgrade.package, upgrade.from, upgrade.to);
    auto removes = fmt::format("removes {}", upgrade.ids.size());
    out += fmt::format("  {}  {}\n", detail::shortened(printable(step), width - 4 - removes.size()), removes);
    auto style = &upgrade == &report.upgrades.front() ? bold : std::string_view{};
    if (!upgrade.command.empty()) out += "    " + paint.painted(style, printable(upgrade.command)) + "\n";
  }
  if (report.upgrades.size() > most_upgrades)
    out += fmt::format("  and {} more\n", report.upgrades.size() - most_upgrades);
  return out;
}

// Never "clean" where something was not judged.
std::string nothing_found(const Report& report) {
  if (report.packages.empty()) return "No packages found.\n";
  return detail::is_fully_judged(report) ? "No known vulnerabilities.\n"
                                         : "Nothing found in what could be judged; see above for what could not.\n";
}

std::string totals_lines(const Report& report, std::size_t width) {
  auto totals = detail::totals_of(report.findings);
  auto line = detail::counted(totals.findings, "finding");
  if (totals.findings > 0) line += ": " + detail::severity_sentence(totals);
  line += fmt::format(" · {} fixable · {} known exploited", totals.fixable, totals.known_exploited);
  if (!report.ignored.empty()) line += fmt::format(" · {} ignored", report.ignored.size());
  line += " · " + detail::database_sentence(report);
  return wrapped(line, width, "  ");
}

std::string one_report(const Report& report, const Options& options) {
  Painter paint(options.colour);
  auto width = std::max<std::size_t>(options.width, least_width);
  auto out = heading(report, width, paint) + "\n";
  if (!report.findings_wanted) return out + packages_table(report, width);
  out += report.findings.empty() ? nothing_found(report) : findings_table(report.findings, width, paint);
  if (options.ignored == Ignored::show && !report.ignored.empty()) out += "\n" + ignored_lines(report, width);
  return out + "\n" + totals_lines(report, width) + upgrade_lines(report, width, paint);
}

}  // namespace

std::string write_table(const Reports& reports, const Options& options) {
  std::string out;
  for (const auto& report : reports) {
    if (!out.empty()) out += "\n";
    out += one_report(report, options);
  }
  return out;
}

}  // namespace seawall::report
