// Our JSON, described by api/schemas/report-1.json. Keys that the schema requires are always there, others only where
// something is known.
#include "codec/json.h"

#include "report/detail/summary.h"
#include "report/format.h"

namespace seawall::report {
namespace {

using codec::JsonWriter;
using model::Finding;
using model::Package;
using model::Report;

constexpr std::int64_t schema_version = 1;

void optional_text(JsonWriter& out, std::string_view name, std::string_view content) {
  if (!content.empty()) out.field(name, content);
}

void optional_instant(JsonWriter& out, std::string_view name, Instant when) {
  if (when != 0) out.field(name, to_rfc3339(when));
}

void nullable_instant(JsonWriter& out, std::string_view name, Instant when) {
  if (when != 0)
    out.field(name, to_rfc3339(when));
  else
    out.key(name).null();
}

void texts(JsonWriter& out, std::string_view name, const std::vector<std::string>& items) {
  out.key(name).begin_array();
  for (const auto& item : items) out.text(item);
  out.end_array();
}

void write_target(JsonWriter& out, const model::TargetInfo& target) {
  out.key("target").begin_object();
  out.field("name", target.name).field("kind", target.kind);
  optional_text(out, "digest", target.digest);
  optional_text(out, "platform", target.platform);
  if (!target.tags.empty()) texts(out, "tags", target.tags);
  if (!target.base_image.empty()) out.field("base_image", target.base_image).flag("base_guessed", target.base_guessed);
  if (!target.layers.empty()) {
    out.key("layers").begin_array();
    for (const auto& layer : target.layers) {
      out.begin_object().field("digest", layer.digest).field("diff_id", layer.diff_id);
      out.field("created_by", layer.created_by).field("size", static_cast<std::int64_t>(layer.size));
      out.flag("base_image", layer.base_image).end_object();
    }
    out.end_array();
  }
  out.end_object();
}

void write_distro(JsonWriter& out, const model::Distro& distro) {
  out.key("distro");
  if (distro.id.empty()) {
    out.null();
    return;
  }
  out.begin_object().field("id", distro.id).field("version", distro.version);
  optional_text(out, "codename", distro.codename);
  optional_text(out, "pretty", distro.pretty);
  if (!distro.like.empty()) texts(out, "like", distro.like);
  out.end_object();
}

// Where a package lies and what brought it; the same keys in packages and findings.
void write_place(JsonWriter& out, const Package& package) {
  if (!package.locations.empty()) {
    out.field("path", package.locations.front().path);
    if (package.locations.front().layer >= 0) out.field("layer", std::int64_t{package.locations.front().layer});
  }
  if (package.origin != model::Origin::unknown) out.field("origin", text(package.origin));
}

void write_package(JsonWriter& out, const Package& package, const model::Distro& distro) {
  out.begin_object();
  out.field("name", package.name).field("version", package.version);
  out.field("purl", model::purl_of(package, distro)).field("type", text(package.type));
  out.field("arch", package.arch).field("source", package.source_name);
  optional_text(out, "source_version", package.source_version);
  optional_text(out, "module", package.module);
  optional_text(out, "vendor", package.vendor);
  texts(out, "licenses", package.licenses);
  out.key("locations").begin_array();
  for (const auto& location : package.locations) {
    out.begin_object().field("path", location.path);
    if (location.layer >= 0) out.field("layer", std::int64_t{location.layer});
    out.end_object();
  }
  out.end_array();
  write_place(out, package);
  if (package.history >= 0) out.field("history", std::int64_t{package.history});
  optional_text(out, "found_by", package.found_by);
  if (package.development) out.flag("development", true);
  out.end_object();
}

void write_exploit(JsonWriter& out, const model::Exploitability& exploit) {
  out.key("exploit").begin_object();
  out.flag("known_exploited", exploit.known_exploited);
  optional_instant(out, "kev_added", exploit.kev_added);
  optional_instant(out, "kev_due", exploit.kev_due);
  out.flag("ransomware", exploit.ransomware);
  if (exploit.epss >= 0) out.key("epss").number(exploit.epss);
  if (exploit.epss_percentile >= 0) out.key("epss_percentile").number(exploit.epss_percentile);
  optional_text(out, "ssvc_exploitation", exploit.ssvc_exploitation);
  optional_text(out, "ssvc_automatable", exploit.ssvc_automatable);
  optional_text(out, "ssvc_impact", exploit.ssvc_impact);
  out.field("maturity", text(exploit.maturity)).field("public_exploits", std::int64_t{exploit.public_exploits});
  if (!exploit.exploits.empty()) texts(out, "exploits", exploit.exploits);
  out.flag("network_vector", exploit.network_vector).end_object();
}

void write_cvss(JsonWriter& out, const std::vector<model::Cvss>& scores) {
  out.key("cvss").begin_array();
  for (const auto& cvss : scores) {
    out.begin_object().field("vector", cvss.vector).field("source", cvss.source);
    out.key("score").number(cvss.score).end_object();
  }
  out.end_array();
}

void write_finding(JsonWriter& out, const Finding& finding, const model::Distro& distro) {
  out.begin_object().field("id", finding.id);
  texts(out, "aliases", finding.aliases);
  optional_text(out, "advisory", finding.advisory);
  optional_text(out, "feed", finding.source);
  optional_text(out, "title", finding.title);
  out.key("package").begin_object();
  out.field("name", finding.package.name).field("version", finding.package.version);
  out.field("purl", detail::purl_of(finding, distro)).end_object();
  texts(out, "fixed_versions", finding.fixed_versions);
  out.field("status", text(finding.status));
  out.field("severity", text(finding.severity)).field("severity_source", finding.severity_source);
  write_cvss(out, finding.cvss);
  texts(out, "cwe", finding.cwe);
  nullable_instant(out, "published", finding.published);
  nullable_instant(out, "modified", finding.modified);
  write_exploit(out, finding.exploit);
  texts(out, "references", finding.references);
  write_place(out, finding.package);
  out.field("remediation", finding.remediation).field("command", finding.command);
  optional_text(out, "ignored_by", finding.ignored_by);
  out.end_object();
}

void write_findings(JsonWriter& out, std::string_view name, const std::vector<Finding>& findings,
                    const model::Distro& distro) {
  out.key(name).begin_array();
  for (const auto& finding : findings) write_finding(out, finding, distro);
  out.end_array();
}

void write_summary(JsonWriter& out, const Report& report) {
  auto totals = detail::totals_of(report.findings);
  out.key("summary").begin_object();
  out.field("findings", static_cast<std::int64_t>(totals.findings));
  for (std::size_t i = totals.by_severity.size(); i-- > 0;)
    out.field(model::text(static_cast<model::Severity>(i)), static_cast<std::int64_t>(totals.by_severity[i]));
  out.field("fixable", static_cast<std::int64_t>(totals.fixable));
  out.field("known_exploited", static_cast<std::int64_t>(totals.known_exploited));
  out.field("ignored", static_cast<std::int64_t>(report.ignored.size())).end_object();
}

void write_upgrades(JsonWriter& out, const std::vector<model::UpgradeGroup>& upgrades) {
  out.key("upgrades").begin_array();
  for (const auto& upgrade : upgrades) {
    out.begin_object().field("package", upgrade.package).field("from", upgrade.from).field("to", upgrade.to);
    out.field("command", upgrade.command);
    texts(out, "ids", upgrade.ids);
    out.end_object();
  }
  out.end_array();
}

void write_database(JsonWriter& out, const Report& report) {
  out.key("database");
  if (report.database.built == 0) {
    out.null();
    return;
  }
  out.begin_object().field("built", to_rfc3339(report.database.built));
  out.field("age_days", detail::database_age_days(report)).flag("starter", report.database.starter);
  optional_instant(out, "newest", report.database.newest);
  texts(out, "sources", report.database.sources);
  out.end_object();
}

void write_notices(JsonWriter& out, const Report& report) {
  out.key("notices").begin_array();
  for (const auto* notice : detail::notices_by_weight(report))
    out.begin_object().field("level", detail::text(notice->level)).field("what", notice->what).end_object();
  out.end_array();
}

void write_report(JsonWriter& out, const Report& report) {
  out.begin_object().field("schema_version", schema_version);
  out.key("tool").begin_object().field("name", detail::tool_name).field("version", detail::tool_version).end_object();
  nullable_instant(out, "created", report.created);
  write_target(out, report.target);
  write_distro(out, report.distro);
  write_notices(out, report);
  out.flag("partial", report.partial());
  if (report.findings_wanted) {
    write_database(out, report);
    write_summary(out, report);
    write_upgrades(out, report.upgrades);
    write_findings(out, "findings", report.findings, report.distro);
    write_findings(out, "ignored", report.ignored, report.distro);
  }
  out.key("packages").begin_array();
  for (const auto& package : report.packages) write_package(out, package, report.distro);
  out.end_array().end_object();
}

}  // namespace

std::string write_json(const Reports& reports, const Options&) {
  JsonWriter out(JsonWriter::Style::pretty);
  if (reports.size() == 1) {
    write_report(out, reports.front());
  } else {
    out.begin_object().field("schema_version", schema_version).key("reports").begin_array();
    for (const auto& report : reports) write_report(out, report);
    out.end_array().end_object();
  }
  return out.take() + "\n";
}

}  // namespace seawall::report
