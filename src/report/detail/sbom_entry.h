// What CycloneDX and SPDX say of one package, and how it becomes ours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codec/value.h"
#include "model/report.h"

namespace seawall::report::detail {

struct SbomEntry {
  std::string name, version, purl, cpe;
  std::string source_name, source_version, module;
  std::vector<std::string> licenses;
  std::vector<model::Location> locations;
};

// Collects entries into a report: the purl decides, name and version (or a CPE) stand in for it.
class SbomCollector {
 public:
  explicit SbomCollector(std::string_view found_by) : found_by_(found_by) {}
  void add(SbomEntry);
  // Stated by the document itself; weighs more than what purls say.
  void set_distro(std::string_view id, std::string_view version);
  model::Report take() &&;

 private:
  std::string found_by_;
  model::Report report_;
  std::string purl_distro_;
  std::size_t left_out_ = 0;
};

// "debian-12.5" -> debian, 12.5; "opensuse-leap-15.5" -> opensuse-leap, 15.5; "debian-sid" -> debian, codename sid.
model::Distro distro_from_qualifier(std::string_view);

model::Report read_cyclonedx(codec::Value root);
model::Report read_spdx(codec::Value root);

}  // namespace seawall::report::detail
