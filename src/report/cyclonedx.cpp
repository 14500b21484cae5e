// CycloneDX JSON 1.4 to 1.7 (ECMA-424). One target is the document's own component; several are components that hold
// their packages. Vulnerabilities are written where findings were wanted.
#include "report/cyclonedx.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "codec/json.h"
#include "report/detail/licences.h"
#include "report/detail/summary.h"
#include "report/detail/text.h"
#include "report/detail/unique_names.h"
#include "report/format.h"

namespace seawall::report {
namespace {

using codec::JsonWriter;
using detail::printable;
using model::Finding;
using model::Package;
using model::Report;

// What the versions differ in for us.
struct Version {
  std::string_view text;
  bool tools_are_components, has_occurrences, has_cvss4;
};
constexpr Version versions[] = {
    {"1.4", false, false, false}, {"1.5", true, true, true}, {"1.6", true, true, true}, {"1.7", true, true, true}};

// The component's name as CycloneDX wants it, apart from its group.
struct Naming {
  std::string_view group, name;
};
Naming naming_of(const Package& package) {
  std::string_view name = package.name;
  bool scoped = package.type == model::PackageType::npm && name.starts_with('@');
  std::optional<Halves> halves;
  if (package.type == model::PackageType::maven) halves = cut(name, ":");
  if (scoped || package.type == model::PackageType::composer) halves = cut(name, "/");
  return halves ? Naming{halves->left, halves->right} : Naming{"", name};
}

std::string_view severity_word(model::Severity severity) {
  return severity == model::Severity::negligible ? "info" : text(severity);
}

std::string_view method_of(std::string_view vector, const Version& version) {
  if (vector.starts_with("CVSS:4.0/")) return version.has_cvss4 ? "CVSSv4" : "other";
  if (vector.starts_with("CVSS:3.1/")) return "CVSSv31";
  if (vector.starts_with("CVSS:3.0/")) return "CVSSv3";
  return model::cvss_major(vector) == 2 ? "CVSSv2" : "other";
}

bool is_link(std::string_view text) {
  return (text.starts_with("https://") || text.starts_with("http://")) && std::ranges::all_of(text, [](char c) {
           return c > ' ' && c < 127 && !std::string_view("\"<>\\^`{|}").contains(c);
         });
}

class Document {
 public:
  Document(const Reports& reports, const Version& version, const Options& options)
      : reports_(reports), version_(version), options_(options), out_(JsonWriter::Style::pretty) {}

  std::string write() {
    out_.begin_object();
    out_.field("$schema", "http://cyclonedx.org/schema/bom-" + std::string(version_.text) + ".schema.json");
    out_.field("bomFormat", "CycloneDX").field("specVersion", version_.text);
    out_.field("serialNumber", "urn:uuid:" + std::string(detail::nil_uuid));
    out_.field("version", std::int64_t{1});
    write_metadata();
    out_.key("components").begin_array();
    if (reports_.size() == 1)
      write_packages(reports_.front());
    else
      write_targets();
    out_.end_array();
    write_dependencies();
    write_vulnerabilities();
    out_.end_object();
    return detail::stamped(out_.take() + "\n", "\"serialNumber\": \"urn:uuid:");
  }

 private:
  static constexpr std::string_view root_ref = "target";

  // The reference, made unique: a document may not hold one twice.
  std::string fresh_ref(const std::string& wanted) { return refs_.fresh(wanted, '#'); }

  void property(std::string_view name, std::string_view value) {
    if (!value.empty()) out_.begin_object().field("name", name).field("value", printable(value)).end_object();
  }

  void write_metadata() {
    out_.key("metadata").begin_object();
    if (!reports_.empty() && reports_.front().created != 0)
      out_.field("timestamp", to_rfc3339(reports_.front().created));
    write_tools();
    out_.key("component");
    fresh_ref(std::string(root_ref));
    if (reports_.size() == 1) {
      begin_target(reports_.front().target, root_ref);
    } else {
      out_.begin_object().field("type", "application").field("bom-ref", root_ref);
      out_.field("name", detail::counted(reports_.size(), "target"));
    }
    out_.end_object();
    out_.key("properties").begin_array();
    for (const auto& report : reports_) write_caveats(report);
    out_.end_array().end_object();
  }

  // How far the document can be trusted: the database's age and what could not be read or judged.
  void write_caveats(const Report& report) {
    if (report.findings_wanted) property("seawall:database", detail::database_sentence(report));
    for (const auto* notice : detail::notices_by_weight(report))
      property("seawall:notice:" + std::string(detail::text(notice->level)), notice->what);
  }

  void write_tools() {
    out_.key("tools");
    if (version_.tools_are_components) out_.begin_object().key("components");
    out_.begin_array().begin_object();
    if (version_.tools_are_components) out_.field("type", "application");
    out_.field("name", detail::tool_name).field("version", detail::tool_version).end_object().end_array();
    if (version_.tools_are_components) out_.end_object();
  }

  // The caller ends the object.
  void begin_target(const model::TargetInfo& target, std::string_view ref) {
    out_.begin_object();
    out_.field("type", target.kind == "image"  ? "container"
                       : target.kind == "host" ? "operating-system"
                                               : "application");
    out_.field("bom-ref", ref).field("name", target.name.empty() ? "unnamed" : printable(target.name));
    out_.key("properties").begin_array();
    property("seawall:kind", target.kind);
    property("seawall:digest", target.digest);
    property("seawall:platform", target.platform);
    property("seawall:base_image", target.base_image);
    out_.end_array();
  }

  void write_targets() {
    for (const auto& report : reports_) {
      auto ref = fresh_ref("target:" + printable(report.target.name));
      depends_[std::string(root_ref)].push_back(ref);
      begin_target(report.target, ref);
      parent_ = ref;
      out_.key("components").begin_array();
      write_packages(report);
      out_.end_array().end_object();
    }
  }

  void write_packages(const Report& report) {
    auto& mine = refs_by_purl_.emplace_back();
    if (!report.distro.id.empty()) write_distro(report.distro);
    for (const auto& package : report.packages) {
      auto purl = model::purl_of(package, report.distro);
      auto ref = fresh_ref(purl);
      mine.emplace(purl, ref);
      depends_[parent_].push_back(ref);
      write_package(package, purl, ref);
    }
  }

  void write_distro(const model::Distro& distro) {
    auto ref = fresh_ref("os:" + printable(distro.id) + "@" + printable(distro.version));
    depends_[parent_].push_back(ref);
    out_.begin_object().field("type", "operating-system").field("bom-ref", ref).field("name", printable(distro.id));
    if (!distro.version.empty()) out_.field("version", printable(distro.version));
    if (!distro.pretty.empty()) out_.field("description", printable(distro.pretty));
    out_.end_object();
  }

  void write_package(const Package& package, std::string_view purl, std::string_view ref) {
    auto naming = naming_of(package);
    out_.begin_object().field("type", "library").field("bom-ref", ref);
    if (!naming.group.empty()) out_.field("group", printable(naming.group));
    out_.field("name", printable(naming.name));
    if (!package.version.empty()) out_.field("version", printable(package.version));
    write_licenses(package);
    out_.field("purl", purl);
    write_evidence(package);
    write_properties(package);
    out_.end_object();
  }

  void write_licenses(const Package& package) {
    if (package.licenses.empty()) return;
    out_.key("licenses").begin_array();
    for (const auto& stated : package.licenses) {
      auto licence = detail::licence_from(stated);
      // An expression has to be the only entry; beside others it can only be a name.
      if (licence.form == detail::Licence::Form::expression && package.licenses.size() == 1) {
        out_.begin_object().field("expression", licence.text).end_object();
        continue;
      }
      auto kind = licence.form == detail::Licence::Form::id ? "id" : "name";
      out_.begin_object().key("license").begin_object().field(kind, licence.text).end_object().end_object();
    }
    out_.end_array();
  }

  void write_evidence(const Package& package) {
    if (!version_.has_occurrences || package.locations.empty()) return;
    out_.key("evidence").begin_object().key("occurrences").begin_array();
    for (const auto& location : package.locations)
      out_.begin_object().field("location", printable(location.path)).end_object();
    out_.end_array().end_object();
  }

  void write_properties(const Package& package) {
    out_.key("properties").begin_array();
    property("seawall:found_by", package.found_by);
    property("seawall:source_package", package.source_name);
    property("seawall:source_version", package.source_version);
    if (!version_.has_occurrences)
      for (const auto& location : package.locations) property("seawall:location", location.path);
    if (!package.locations.empty() && package.locations.front().layer >= 0)
      property("seawall:layer", std::to_string(package.locations.front().layer));
    if (package.origin != model::Origin::unknown) property("seawall:origin", text(package.origin));
    if (package.development) property("seawall:development", "true");
    out_.end_array();
  }

  void write_dependencies() {
    out_.key("dependencies").begin_array();
    for (const auto& [ref, children] : depends_) {
      out_.begin_object().field("ref", ref).key("dependsOn").begin_array();
      for (const auto& child : children) out_.text(child);
      out_.end_array().end_object();
    }
    out_.end_array();
  }

  // One vulnerability and all the packages that it affects.
  struct Affected {
    const Finding* finding;
    std::vector<std::pair<std::string, std::string>> refs_and_versions;
  };

  void collect(std::vector<Affected>& all, std::map<std::string, std::size_t>& by_id, std::size_t report_index,
               const std::vector<Finding>& findings) {
    const auto& refs = refs_by_purl_[report_index];
    for (const auto& finding : findings) {
      auto ref = refs.find(detail::purl_of(finding, reports_[report_index].distro));
      auto [at, fresh] = by_id.emplace(finding.id + "\n" + finding.ignored_by, all.size());
      if (fresh) all.push_back({&finding, {}});
      auto target = ref != refs.end() ? ref->second : std::string(root_ref);
      all[at->second].refs_and_versions.emplace_back(target, finding.package.version);
    }
  }

  void write_vulnerabilities() {
    if (std::ranges::none_of(reports_, &Report::findings_wanted)) return;
    std::vector<Affected> all;
    std::map<std::string, std::size_t> by_id;
    for (std::size_t i = 0; i < reports_.size(); ++i) {
      collect(all, by_id, i, reports_[i].findings);
      if (options_.ignored == Ignored::show) collect(all, by_id, i, reports_[i].ignored);
    }
    out_.key("vulnerabilities").begin_array();
    for (const auto& affected : all) write_vulnerability(affected);
    out_.end_array();
  }

  void write_vulnerability(const Affected& affected) {
    const auto& finding = *affected.finding;
    out_.begin_object().field("bom-ref", fresh_ref("vulnerability:" + printable(finding.id)));
    out_.field("id", printable(finding.id));
    out_.key("source").begin_object();
    if (!finding.source.empty()) out_.field("name", printable(finding.source));
    if (auto link = detail::help_uri(finding); is_link(link)) out_.field("url", link);
    out_.end_object();
    write_aliases(finding);
    write_ratings(finding);
    write_cwes(finding);
    if (!finding.title.empty()) out_.field("description", printable(finding.title));
    if (!finding.remediation.empty()) out_.field("recommendation", printable(finding.remediation));
    write_advisories(finding);
    if (finding.published != 0) out_.field("published", to_rfc3339(finding.published));
    if (finding.modified != 0) out_.field("updated", to_rfc3339(finding.modified));
    if (!finding.ignored_by.empty()) {
      out_.key("analysis").begin_object().field("detail", printable(finding.ignored_by));
      out_.key("response").begin_array().text("will_not_fix").end_array().end_object();
    }
    write_affects(affected);
    write_finding_properties(finding);
    out_.end_object();
  }

  void write_aliases(const Finding& finding) {
    if (finding.aliases.empty()) return;
    out_.key("references").begin_array();
    for (const auto& alias : finding.aliases) {
      out_.begin_object().field("id", printable(alias)).key("source").begin_object();
      out_.field("name", printable(alias.substr(0, alias.find('-')))).end_object().end_object();
    }
    out_.end_array();
  }

  void write_ratings(const Finding& finding) {
    out_.key("ratings").begin_array();
    out_.begin_object();
    if (!finding.severity_source.empty())
      out_.key("source").begin_object().field("name", printable(finding.severity_source)).end_object();
    out_.field("severity", severity_word(finding.severity)).field("method", "other").end_object();
    for (const auto& cvss : finding.cvss) {
      out_.begin_object();
      if (!cvss.source.empty()) out_.key("source").begin_object().field("name", printable(cvss.source)).end_object();
      out_.key("score").number(cvss.score);
      out_.field("severity", severity_word(model::severity_of_score(cvss.score, model::cvss_major(cvss.vector))));
      out_.field("method", method_of(cvss.vector, version_)).field("vector", printable(cvss.vector)).end_object();
    }
    out_.end_array();
  }

  void write_cwes(const Finding& finding) {
    std::set<std::int64_t> numbers;
    for (const auto& cwe : finding.cwe)
      if (auto number = cwe.starts_with("CWE-") ? to_u64(cwe.substr(4)) : std::nullopt;
          number && *number > 0 && *number < 100'000)
        numbers.insert(static_cast<std::int64_t>(*number));
    if (numbers.empty()) return;
    out_.key("cwes").begin_array();
    for (auto number : numbers) out_.integer(number);
    out_.end_array();
  }

  void write_advisories(const Finding& finding) {
    out_.key("advisories").begin_array();
    for (const auto& reference : finding.references)
      if (is_link(reference)) out_.begin_object().field("url", reference).end_object();
    out_.end_array();
  }

  void write_affects(const Affected& affected) {
    out_.key("affects").begin_array();
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& [ref, version] : affected.refs_and_versions) {
      if (!seen.emplace(ref, version).second) continue;
      out_.begin_object().field("ref", ref);
      if (!version.empty()) {
        out_.key("versions").begin_array().begin_object().field("version", printable(version));
        out_.field("status", "affected").end_object().end_array();
      }
      out_.end_object();
    }
    out_.end_array();
  }

  void write_finding_properties(const Finding& finding) {
    const auto& exploit = finding.exploit;
    out_.key("properties").begin_array();
    property("seawall:status", text(finding.status));
    property("seawall:fixed_versions", join(finding.fixed_versions, ", "));
    property("seawall:advisory", finding.advisory);
    if (exploit.known_exploited) property("seawall:known_exploited", exploit.ransomware ? "ransomware" : "true");
    if (exploit.epss >= 0) property("seawall:epss", std::to_string(exploit.epss));
    if (exploit.maturity != model::ExploitMaturity::none) property("seawall:exploit_maturity", text(exploit.maturity));
    out_.end_array();
  }

  const Reports& reports_;
  const Version& version_;
  const Options& options_;
  JsonWriter out_;
  detail::UniqueNames refs_;
  std::string parent_ = std::string(root_ref);
  std::map<std::string, std::vector<std::string>> depends_;
  std::vector<std::map<std::string, std::string>> refs_by_purl_;  // by report
};

}  // namespace

std::string write_cyclonedx(const Reports& reports, const Options& options, CycloneDxVersion version) {
  return Document(reports, versions[static_cast<std::size_t>(version)], options).write();
}

}  // namespace seawall::report
