#include "report/sbom_reader.h"

#include <algorithm>

#include "base/text.h"
#include "codec/json.h"
#include "report/detail/sbom_entry.h"
#include "report/json_reader.h"

namespace seawall::report {
namespace {

using codec::Value;
using model::Report;

Result<std::vector<Report>> only(Report report) {
  std::vector<Report> reports;
  reports.push_back(std::move(report));
  return reports;
}

Result<std::vector<Report>> cyclonedx_from(Value root) {
  constexpr std::string_view versions[] = {"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"};
  auto version = root["specVersion"].scalar();
  if (std::ranges::find(versions, version) == std::end(versions))
    return fail(Code::unsupported, "CycloneDX '" + std::string(version) + "': 1.2 to 1.7 are read");
  return only(detail::read_cyclonedx(root));
}

Result<std::vector<Report>> spdx_from(Value root) {
  auto version = root["spdxVersion"].text();
  if (version != "SPDX-2.2" && version != "SPDX-2.3")
    return fail(Code::unsupported, std::string(version) + ": SPDX-2.2 and SPDX-2.3 are read");
  return only(detail::read_spdx(root));
}

// Findings of our own JSON are those of another day: only the packages count.
Result<std::vector<Report>> ours_from(Value root) {
  auto reports = SW_TRY(reports_from(root));
  for (auto& report : reports) {
    report.findings.clear();
    report.ignored.clear();
    report.upgrades.clear();
    report.database = {};
    report.findings_wanted = true;
    std::erase_if(report.notices, [](const auto& n) { return n.level != model::Notice::Level::partial; });
  }
  return reports;
}

Result<std::vector<Report>> reports_in(Value root) {
  if (root["predicateType"].is_text() && root["predicate"].is_object()) root = root["predicate"];
  if (root["bomFormat"].text() == "CycloneDX") return cyclonedx_from(root);
  if (root["spdxVersion"].is_text()) return spdx_from(root);
  if (is_our_json(root)) return ours_from(root);
  if (root["@graph"].is_array()) return fail(Code::unsupported, "SPDX 3: SPDX-2.2 and SPDX-2.3 are read");
  return fail(Code::invalid, "neither CycloneDX, SPDX nor Seawall JSON");
}

}  // namespace

Result<std::vector<Report>> read_sbom(std::string_view text, const codec::Limits& limits) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  auto start = trim(text.substr(0, 256));
  if (start.starts_with('<'))
    return fail(Code::unsupported, "sbom: XML: the JSON forms of CycloneDX and SPDX are read");
  if (start.starts_with("SPDXVersion:")) return fail(Code::unsupported, "sbom: SPDX tag-value: the JSON form is read");
  auto document = SW_TRY(in("sbom", codec::parse_json(text, limits)));
  return in("sbom", reports_in(document.root()));
}

}  // namespace seawall::report
