#include "report/json_reader.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"

namespace seawall::report {
namespace {

using codec::Value;
using model::Finding;
using model::Package;
using model::Report;

std::string text_at(Value object, std::string_view key) { return std::string(object[key].text()); }

Instant instant_at(Value object, std::string_view key) { return parse_instant(object[key].text()).value_or(0); }

int integer_at(Value object, std::string_view key, int fallback) {
  auto value = object[key].integer();
  return value && *value >= -1 && *value < 1'000'000 ? static_cast<int>(*value) : fallback;
}

std::vector<std::string> texts_at(Value object, std::string_view key) {
  std::vector<std::string> out;
  for (auto item : object[key].items())
    if (item.is_text()) out.emplace_back(item.text());
  return out;
}

// The value whose text() is the given word; the first where none is.
template <class Enum>
Enum enum_from(std::string_view word, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i)
    if (text(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
  return Enum{};
}

model::TargetInfo target_from(Value value) {
  model::TargetInfo target;
  target.name = text_at(value, "name");
  target.kind = text_at(value, "kind");
  target.digest = text_at(value, "digest");
  target.platform = text_at(value, "platform");
  target.tags = texts_at(value, "tags");
  target.base_image = text_at(value, "base_image");
  target.base_guessed = value["base_guessed"].boolean().value_or(false);
  for (auto item : value["layers"].items()) {
    model::LayerSummary layer;
    layer.digest = text_at(item, "digest");
    layer.diff_id = text_at(item, "diff_id");
    layer.created_by = text_at(item, "created_by");
    layer.size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, item["size"].integer().value_or(0)));
    layer.base_image = item["base_image"].boolean().value_or(false);
    target.layers.push_back(std::move(layer));
  }
  return target;
}

model::Distro distro_from(Value value) {
  model::Distro distro;
  distro.id = text_at(value, "id");
  distro.version = text_at(value, "version");
  distro.codename = text_at(value, "codename");
  distro.pretty = text_at(value, "pretty");
  distro.like = texts_at(value, "like");
  return distro;
}

Result<Package> package_from(Value value) {
  Package package;
  package.name = std::string(SW_TRY(value.text_of("name")));
  package.version = text_at(value, "version");
  if (!package_type_from(value["type"].text(), package.type)) package.type = model::PackageType::generic;
  package.arch = text_at(value, "arch");
  package.source_name = text_at(value, "source");
  package.source_version = text_at(value, "source_version");
  package.module = text_at(value, "module");
  package.vendor = text_at(value, "vendor");
  package.licenses = texts_at(value, "licenses");
  for (auto item : value["locations"].items())
    package.locations.push_back({text_at(item, "path"), integer_at(item, "layer", -1)});
  package.origin = enum_from(value["origin"].text(), model::Origin::own);
  package.history = integer_at(value, "history", -1);
  package.found_by = text_at(value, "found_by");
  package.development = value["development"].boolean().value_or(false);
  return package;
}

model::Exploitability exploit_from(Value value) {
  model::Exploitability exploit;
  exploit.known_exploited = value["known_exploited"].boolean().value_or(false);
  exploit.kev_added = instant_at(value, "kev_added");
  exploit.kev_due = instant_at(value, "kev_due");
  exploit.ransomware = value["ransomware"].boolean().value_or(false);
  exploit.epss = value["epss"].number().value_or(-1);
  exploit.epss_percentile = value["epss_percentile"].number().value_or(-1);
  exploit.ssvc_exploitation = text_at(value, "ssvc_exploitation");
  exploit.ssvc_automatable = text_at(value, "ssvc_automatable");
  exploit.ssvc_impact = text_at(value, "ssvc_impact");
  exploit.maturity = enum_from(value["maturity"].text(), model::ExploitMaturity::weaponised);
  exploit.public_exploits = integer_at(value, "public_exploits", 0);
  exploit.exploits = texts_at(value, "exploits");
  exploit.network_vector = value["network_vector"].boolean().value_or(false);
  return exploit;
}

// Packages of the report by purl, so that a finding gets back all that its package has.
using PackagesByPurl = std::unordered_map<std::string, const Package*, TextHash, std::equal_to<>>;

Result<Package> package_of(Value finding, const PackagesByPurl& packages) {
  auto value = finding["package"];
  auto found = packages.find(value["purl"].text());
  Package package;
  if (found != packages.end()) {
    package = *found->second;
  } else if (auto named = model::package_from_purl(value["purl"].text())) {
    package = std::move(*named);
  }
  package.name = std::string(SW_TRY(value.text_of("name")));
  package.version = text_at(value, "version");
  if (package.locations.empty() && finding["path"])
    package.locations.push_back({text_at(finding, "path"), integer_at(finding, "layer", -1)});
  return package;
}

Result<Finding> finding_from(Value value, const PackagesByPurl& packages) {
  Finding finding;
  finding.id = std::string(SW_TRY(value.text_of("id")));
  finding.package = SW_TRY(package_of(value, packages));
  finding.purl = std::string(value.path("package", "purl").text());
  finding.aliases = texts_at(value, "aliases");
  finding.advisory = text_at(value, "advisory");
  finding.source = text_at(value, "feed");
  finding.title = text_at(value, "title");
  finding.fixed_versions = texts_at(value, "fixed_versions");
  finding.status = enum_from(value["status"].text(), model::Status::end_of_life);
  finding.severity = model::severity_from(value["severity"].text()).value_or(model::Severity::unknown);
  finding.severity_source = text_at(value, "severity_source");
  for (auto item : value["cvss"].items())
    finding.cvss.push_back({text_at(item, "vector"), text_at(item, "source"), item["score"].number().value_or(0)});
  finding.cwe = texts_at(value, "cwe");
  finding.published = instant_at(value, "published");
  finding.modified = instant_at(value, "modified");
  finding.exploit = exploit_from(value["exploit"]);
  finding.references = texts_at(value, "references");
  finding.remediation = text_at(value, "remediation");
  finding.command = text_at(value, "command");
  finding.ignored_by = text_at(value, "ignored_by");
  return finding;
}

Result<std::vector<Finding>> findings_from(Value list, const PackagesByPurl& packages) {
  std::vector<Finding> findings;
  for (auto item : list.items()) findings.push_back(SW_TRY(finding_from(item, packages)));
  return findings;
}

void read_database(Report& report, Value value) {
  report.database.built = instant_at(value, "built");
  report.database.newest = instant_at(value, "newest");
  report.database.starter = value["starter"].boolean().value_or(false);
  report.database.sources = texts_at(value, "sources");
}

void read_notices(Report& report, Value list) {
  using Level = model::Notice::Level;
  for (auto item : list.items()) {
    auto word = item["level"].text();
    auto level = word == "partial" ? Level::partial : word == "info" ? Level::info : Level::warning;
    report.notices.push_back({level, text_at(item, "what")});
  }
}

Result<Report> report_from(Value value) {
  if (value["schema_version"].integer() != 1) return fail(Code::unsupported, "report: schema_version is not 1");
  if (!value["packages"].is_array()) return fail(Code::invalid, "report: packages: wants a list");
  Report report;
  report.created = instant_at(value, "created");
  report.target = target_from(value["target"]);
  report.distro = distro_from(value["distro"]);
  read_notices(report, value["notices"]);
  for (auto item : value["packages"].items())
    report.packages.push_back(SW_TRY(in("report: packages", package_from(item))));
  PackagesByPurl packages;
  for (const auto& package : report.packages) packages.emplace(model::purl_of(package, report.distro), &package);
  report.findings_wanted = value["findings"].is_array();
  report.findings = SW_TRY(in("report: findings", findings_from(value["findings"], packages)));
  report.ignored = SW_TRY(in("report: ignored", findings_from(value["ignored"], packages)));
  for (auto item : value["upgrades"].items())
    report.upgrades.push_back({text_at(item, "package"), text_at(item, "from"), text_at(item, "to"),
                               text_at(item, "command"), texts_at(item, "ids")});
  read_database(report, value["database"]);
  return report;
}

}  // namespace

bool is_our_json(Value root) noexcept {
  return root["schema_version"].integer().has_value() && (root["reports"].is_array() || root["packages"].is_array());
}

Result<std::vector<Report>> reports_from(Value root) {
  std::vector<Report> reports;
  if (!root["reports"].is_array()) {
    reports.push_back(SW_TRY(report_from(root)));
    return reports;
  }
  for (auto item : root["reports"].items()) reports.push_back(SW_TRY(report_from(item)));
  return reports;
}

}  // namespace seawall::report
