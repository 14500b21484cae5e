#include "report/format.h"

#include <array>

#include "report/cyclonedx.h"

namespace seawall::report {
namespace {

template <CycloneDxVersion version>
std::string cyclonedx(const Reports& reports, const Options& options) {
  return write_cyclonedx(reports, options, version);
}

constexpr std::array all_formats = {
    Format{"table", ".txt", "for people: fits the terminal, risk order, what to do first", write_table},
    Format{"json", ".json", "everything, by api/schemas/report-1.json", write_json},
    Format{"sarif", ".sarif", "SARIF 2.1.0, for code scanning services", write_sarif},
    // Without a version: the newest that the common readers take.
    Format{"cyclonedx", ".cdx.json", "CycloneDX 1.6 JSON", cyclonedx<CycloneDxVersion::v1_6>},
    Format{"cyclonedx@1.4", ".cdx.json", "CycloneDX 1.4 JSON", cyclonedx<CycloneDxVersion::v1_4>},
    Format{"cyclonedx@1.5", ".cdx.json", "CycloneDX 1.5 JSON", cyclonedx<CycloneDxVersion::v1_5>},
    Format{"cyclonedx@1.6", ".cdx.json", "CycloneDX 1.6 JSON", cyclonedx<CycloneDxVersion::v1_6>},
    Format{"cyclonedx@1.7", ".cdx.json", "CycloneDX 1.7 JSON", cyclonedx<CycloneDxVersion::v1_7>},
    Format{"spdx", ".spdx.json", "SPDX 2.3 JSON", write_spdx},
    Format{"junit", ".xml", "JUnit XML, for build servers", write_junit},
    Format{"markdown", ".md", "Markdown, for comments on merge requests", write_markdown},
    Format{"html", ".html", "one HTML file that needs no network", write_html},
};

}  // namespace

std::span<const Format> formats() noexcept { return all_formats; }

Result<Format> format_named(std::string_view name) {
  std::string known;
  for (const auto& format : all_formats) {
    if (format.name == name) return format;
    if (!known.empty()) known += ", ";
    known += format.name;
  }
  return fail(Code::invalid, "no format '" + std::string(name) + "'; known are " + known);
}

}  // namespace seawall::report
