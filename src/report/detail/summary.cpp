#include "report/detail/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/detail/text.h"

namespace seawall::report::detail {

using model::Finding;
using model::Notice;
using model::Report;
using model::Severity;
using model::Status;

Totals totals_of(const std::vector<Finding>& findings) noexcept {
  Totals totals;
  totals.findings = findings.size();
  for (const auto& finding : findings) {
    ++totals.by_severity[static_cast<std::size_t>(finding.severity)];
    totals.fixable += finding.fixable();
    totals.known_exploited += finding.exploit.known_exploited;
  }
  return totals;
}

std::vector<const Notice*> notices_by_weight(const Report& report) {
  std::vector<const Notice*> sorted;
  sorted.reserve(report.notices.size());
  for (const auto& notice : report.notices) sorted.push_back(&notice);
  std::ranges::stable_sort(sorted, std::ranges::greater{}, [](const Notice* n) { return n->level; });
  return sorted;
}

std::string_view text(Notice::Level level) noexcept {
  constexpr std::string_view names[] = {"info", "warning", "partial"};
  return names[static_cast<std::size_t>(level)];
}

bool is_fully_judged(const Report& report) noexcept {
  return std::ranges::all_of(report.notices, [](const Notice& n) { return n.level == Notice::Level::info; });
}

std::int64_t database_age_days(const Report& report) noexcept {
  constexpr Instant day = 24 * 60 * 60;
  if (report.database.built == 0 || report.created < report.database.built) return 0;
  return (report.created - report.database.built) / day;
}

std::string database_sentence(const Report& report) {
  if (report.database.built == 0) return "no database";
  auto age = static_cast<std::size_t>(database_age_days(report));
  return fmt::format("database of {}, {} old{}", to_date(report.database.built), counted(age, "day"),
                     report.database.starter ? " (starter)" : "");
}

std::string target_sentence(const Report& report) {
  std::string out = report.target.kind;
  if (!report.target.platform.empty()) out += " " + report.target.platform;
  std::string system = report.distro.pretty;
  if (system.empty() && !report.distro.id.empty()) system = report.distro.id + " " + report.distro.version;
  if (!system.empty()) out += " · " + std::string(trim(system));
  out += " · " + counted(report.packages.size(), "package");
  if (!report.target.base_image.empty())
    out += " · on " + report.target.base_image + (report.target.base_guessed ? " (guessed)" : "");
  return out;
}

std::string severity_sentence(const Totals& totals) {
  std::string out;
  for (std::size_t i = totals.by_severity.size(); i-- > 0;) {
    if (totals.by_severity[i] == 0) continue;
    if (!out.empty()) out += ", ";
    out += fmt::format("{} {}", totals.by_severity[i], model::text(static_cast<Severity>(i)));
  }
  return out;
}

std::string fix_text(const Finding& finding) {
  if (finding.fixable()) return join(finding.fixed_versions, ", ");
  switch (finding.status) {
    case Status::will_not_fix:
      return "won't fix";
    case Status::under_investigation:
      return "investigated";
    case Status::end_of_life:
      return "end of life";
    case Status::not_affected:
      return "not affected";
    default:
      return "none yet";
  }
}

std::string where_text(const model::Package& package) {
  std::string out;
  if (package.origin == model::Origin::base_image) out = "base";
  if (package.origin == model::Origin::base_image_guessed) out = "base?";
  if (package.locations.empty()) return out;
  const auto& first = package.locations.front();
  if (first.layer >= 0) out += fmt::format("{}layer {}", out.empty() ? "" : " ", first.layer + 1);
  if (is_os_package(package.type)) return out;
  if (!out.empty()) out += ' ';
  out += first.path;
  if (package.locations.size() > 1) out += fmt::format(" +{}", package.locations.size() - 1);
  return out;
}

std::string help_uri(const Finding& finding) {
  if (finding.id.starts_with("CVE-")) return "https://nvd.nist.gov/vuln/detail/" + finding.id;
  if (finding.id.starts_with("GHSA-")) return "https://github.com/advisories/" + finding.id;
  for (const auto& reference : finding.references)
    if (reference.starts_with("https://")) return reference;
  return "https://osv.dev/vulnerability/" + finding.id;
}

std::string purl_of(const Finding& finding, const model::Distro& distro) {
  return finding.purl.empty() ? model::purl_of(finding.package, distro) : finding.purl;
}

static std::string uuid_of(std::string_view content) {
  auto high = (hash64(content, 1) & ~std::uint64_t{0xF000}) | 0x8000;
  auto low = (hash64(content, 2) & ~(std::uint64_t{3} << 62)) | (std::uint64_t{2} << 62);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF, low >> 48,
                     low & 0xFFFF'FFFF'FFFF);
}

std::string stamped(std::string document, std::string_view before) {
  auto at = document.find(std::string(before).append(nil_uuid));
  SW_CHECK(at != std::string::npos);
  auto uuid = uuid_of(document);
  return std::move(document.replace(at + before.size(), uuid.size(), uuid));
}

}  // namespace seawall::report::detail
