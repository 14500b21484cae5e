// SPDX 2.3 JSON (ISO/IEC 5962 with its successor's fields): every target is a described package that contains the
// packages found in it.
#include <fmt/format.h>

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
using model::Package;
using model::Report;

constexpr std::string_view unknown = "NOASSERTION";

// Letters, digits, '.' and '-' only, as SPDX ids are.
std::string id_part(std::string_view text) {
  std::string out;
  for (char c : text.substr(0, 64)) out += is_alnum(c) || c == '.' ? c : '-';
  return out;
}

class Document {
 public:
  explicit Document(const Reports& reports) : reports_(reports), out_(JsonWriter::Style::pretty) {}

  std::string write() {
    out_.begin_object().field("spdxVersion", "SPDX-2.3").field("dataLicense", "CC0-1.0");
    out_.field("SPDXID", document_id).field("name", document_name());
    auto spaces = fmt::format("{}/spdx/", detail::tool_uri);
    out_.field("documentNamespace", spaces + std::string(detail::nil_uuid));
    out_.key("creationInfo").begin_object();
    out_.field("created", to_rfc3339(reports_.empty() ? 0 : reports_.front().created));
    out_.key("creators").begin_array();
    out_.text(fmt::format("Tool: {}-{}", detail::tool_name, detail::tool_version)).end_array();
    if (auto caveats = all_caveats(); !caveats.empty()) out_.field("comment", caveats);
    out_.end_object();
    out_.key("packages").begin_array();
    for (const auto& report : reports_) write_report(report);
    out_.end_array();
    write_relationships();
    write_extracted_licences();
    out_.end_object();
    return detail::stamped(out_.take() + "\n", "\"documentNamespace\": \"" + spaces);
  }

 private:
  static constexpr std::string_view document_id = "SPDXRef-DOCUMENT";

  std::string document_name() const {
    if (reports_.size() != 1) return detail::counted(reports_.size(), "target");
    return reports_.front().target.name.empty() ? "unnamed" : printable(reports_.front().target.name);
  }

  // How far the document can be trusted: the database's age and what could not be read or judged.
  std::string all_caveats() const {
    std::string out;
    for (const auto& report : reports_) {
      if (report.findings_wanted) out += detail::database_sentence(report) + "\n";
      for (const auto* notice : detail::notices_by_weight(report))
        out += fmt::format("{}: {}\n", detail::text(notice->level), printable(notice->what));
    }
    return std::string(trim(out));
  }

  std::string fresh_id(const std::string& wanted) { return ids_.fresh(wanted, '-'); }

  void relate(std::string_view from, std::string_view how, std::string_view to) {
    relationships_.push_back({std::string(from), std::string(how), std::string(to)});
  }

  void write_report(const Report& report) {
    auto target = fresh_id("SPDXRef-Target-" + id_part(report.target.name));
    relate(document_id, "DESCRIBES", target);
    begin_package(target, report.target.name.empty() ? "unnamed" : printable(report.target.name));
    if (report.target.kind == "image") out_.field("primaryPackagePurpose", "CONTAINER");
    if (!report.target.digest.empty()) out_.field("comment", "digest " + printable(report.target.digest));
    out_.end_object();
    if (!report.distro.id.empty()) write_distro(report.distro, target);
    advisories_.clear();
    for (const auto& finding : report.findings)
      advisories_[detail::purl_of(finding, report.distro)].insert(detail::help_uri(finding));
    for (const auto& package : report.packages) write_package(package, report.distro, target);
  }

  // What every package has to state; the caller adds the rest and ends the object.
  void begin_package(std::string_view id, std::string_view name) {
    out_.begin_object().field("SPDXID", id).field("name", name);
    out_.field("downloadLocation", unknown).flag("filesAnalyzed", false).field("copyrightText", unknown);
    out_.field("licenseConcluded", unknown);
  }

  void write_distro(const model::Distro& distro, std::string_view target) {
    auto id = fresh_id("SPDXRef-OperatingSystem-" + id_part(distro.id));
    relate(target, "CONTAINS", id);
    begin_package(id, printable(distro.id));
    if (!distro.version.empty()) out_.field("versionInfo", printable(distro.version));
    out_.field("primaryPackagePurpose", "OPERATING-SYSTEM").end_object();
  }

  void write_package(const Package& package, const model::Distro& distro, std::string_view target) {
    auto purl = model::purl_of(package, distro);
    auto id =
        fresh_id(fmt::format("SPDXRef-Package-{}-{}-{:016x}", text(package.type), id_part(package.name), hash64(purl)));
    relate(target, "CONTAINS", id);
    begin_package(id, printable(package.name));
    if (!package.version.empty()) out_.field("versionInfo", printable(package.version));
    out_.field("licenseDeclared", declared_licence(package.licenses));
    if (!package.locations.empty()) out_.field("sourceInfo", "found in " + printable(package.locations.front().path));
    out_.key("externalRefs").begin_array();
    write_reference("PACKAGE-MANAGER", "purl", purl);
    if (auto found = advisories_.find(purl); found != advisories_.end())
      for (const auto& link : found->second)
        if (link.find(' ') == std::string::npos) write_reference("SECURITY", "advisory", printable(link));
    out_.end_array().end_object();
  }

  void write_reference(std::string_view category, std::string_view type, std::string_view locator) {
    out_.begin_object().field("referenceCategory", category).field("referenceType", type);
    out_.field("referenceLocator", locator).end_object();
  }

  // All that is stated holds together; what SPDX does not know becomes a LicenseRef of this document.
  std::string declared_licence(const std::vector<std::string>& stated) {
    std::string all;
    for (const auto& one : stated) {
      auto licence = detail::licence_from(one);
      if (licence.text.empty()) continue;
      if (licence.form == detail::Licence::Form::name)
        licence.text = extracted(licence.text);
      else if (licence.form == detail::Licence::Form::expression && stated.size() > 1)
        licence.text = "(" + licence.text + ")";
      all += (all.empty() ? "" : " AND ") + licence.text;
    }
    return all.empty() ? std::string(unknown) : all;
  }

  std::string extracted(const std::string& name) {
    auto id = fmt::format("LicenseRef-{}-{:08x}", id_part(name), static_cast<std::uint32_t>(hash64(name)));
    extracted_.emplace(id, name);
    return id;
  }

  void write_relationships() {
    out_.key("relationships").begin_array();
    for (const auto& relationship : relationships_) {
      out_.begin_object().field("spdxElementId", relationship.from);
      out_.field("relationshipType", relationship.how).field("relatedSpdxElement", relationship.to).end_object();
    }
    out_.end_array();
  }

  void write_extracted_licences() {
    if (extracted_.empty()) return;
    out_.key("hasExtractedLicensingInfos").begin_array();
    for (const auto& [id, name] : extracted_) {
      out_.begin_object().field("licenseId", id).field("name", name);
      out_.field("extractedText", name).end_object();
    }
    out_.end_array();
  }

  struct Relationship {
    std::string from, how, to;
  };
  const Reports& reports_;
  JsonWriter out_;
  detail::UniqueNames ids_;
  std::vector<Relationship> relationships_;
  std::map<std::string, std::set<std::string>> advisories_;  // of the current report, by purl
  std::map<std::string, std::string> extracted_;
};

}  // namespace

std::string write_spdx(const Reports& reports, const Options&) { return Document(reports).write(); }

}  // namespace seawall::report
