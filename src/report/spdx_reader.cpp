// SPDX JSON 2.2 and 2.3: packages with their purl or CPE references.
#include <unordered_map>

#include "base/text.h"
#include "report/detail/sbom_entry.h"

namespace seawall::report::detail {
namespace {

using codec::Value;

using LicenseNames = std::unordered_map<std::string, std::string, TextHash, std::equal_to<>>;

// Names that stand behind LicenseRef- ids.
LicenseNames extracted_names(Value root) {
  LicenseNames names;
  for (auto item : root["hasExtractedLicensingInfos"].items())
    if (auto name = item["name"].text(); !name.empty() && name != "NOASSERTION")
      names.emplace(item["licenseId"].text(), name);
  return names;
}

std::vector<std::string> licenses_of(Value package, const LicenseNames& names) {
  for (auto key : {"licenseDeclared", "licenseConcluded"}) {
    auto stated = package[key].text();
    if (stated.empty() || stated == "NOASSERTION" || stated == "NONE") continue;
    auto named = names.find(stated);
    return {std::string(named == names.end() ? stated : std::string_view(named->second))};
  }
  return {};
}

std::string_view reference(Value package, std::string_view type_start) {
  for (auto item : package["externalRefs"].items())
    if (item["referenceType"].text().starts_with(type_start)) return item["referenceLocator"].text();
  return {};
}

constexpr std::string_view found_in = "found in ";

// trivy: "built package from: glibc 2.36-9"; ours: "found in opt/app/package-lock.json".
void read_source_info(SbomEntry& entry, std::string_view info) {
  if (info.starts_with(found_in)) {
    entry.locations.push_back({.path = std::string(info.substr(found_in.size()))});
    return;
  }
  constexpr std::string_view built_from = "built package from: ";
  if (!info.starts_with(built_from)) return;
  auto parts = words(info.substr(built_from.size()));
  if (parts.size() != 2) return;
  entry.source_name = parts[0];
  entry.source_version = parts[1];
}

SbomEntry entry_from(Value package, const LicenseNames& names) {
  SbomEntry entry{
      .name = std::string(package["name"].text()),
      .version = std::string(package["versionInfo"].text()),
      .purl = std::string(reference(package, "purl")),
      .cpe = std::string(reference(package, "cpe2")),
      .source_name = {},
      .source_version = {},
      .module = {},
      .licenses = licenses_of(package, names),
      .locations = {},
  };
  read_source_info(entry, package["sourceInfo"].text());
  return entry;
}

}  // namespace

model::Report read_spdx(Value root) {
  SbomCollector collector("spdx");
  auto names = extracted_names(root);
  for (auto package : root["packages"].items()) {
    if (package["primaryPackagePurpose"].text() == "OPERATING-SYSTEM") {
      collector.set_distro(package["name"].text(), package["versionInfo"].text());
      continue;
    }
    auto entry = entry_from(package, names);
    // Without any identification it is a container of packages: an image, a lock file.
    if (entry.purl.empty() && entry.version.empty() && entry.cpe.empty()) continue;
    collector.add(std::move(entry));
  }
  auto report = std::move(collector).take();
  report.target.name = root["name"].text();
  report.created = parse_instant(root.path("creationInfo", "created").text()).value_or(0);
  return report;
}

}  // namespace seawall::report::detail
