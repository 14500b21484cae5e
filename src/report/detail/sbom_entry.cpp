#include "report/detail/sbom_entry.h"

#include "base/text.h"
#include "report/detail/text.h"

namespace seawall::report::detail {
namespace {

// "cpe:2.3:a:nginx:nginx:1.21.1:*:..." or "cpe:/a:nginx:nginx:1.21.1": the version, empty where it says none.
std::string_view cpe_version(std::string_view cpe) {
  auto parts = split(cpe, ':');
  std::size_t at = cpe.starts_with("cpe:2.3:") ? 5 : 4;
  if (parts.size() <= at || parts[at] == "*" || parts[at] == "-") return {};
  return parts[at];
}

}  // namespace

void SbomCollector::add(SbomEntry entry) {
  std::string distro;
  auto named = model::package_from_purl(entry.purl, &distro);
  model::Package package;
  if (named) {
    package = std::move(*named);
    if (purl_distro_.size() < distro.size() && is_os_package(package.type)) purl_distro_ = distro;
  } else {
    package.name = entry.name;
  }
  if (package.version.empty()) package.version = entry.version;
  if (package.version.empty()) package.version = cpe_version(entry.cpe);
  if (package.name.empty() || (!named && package.version.empty())) {
    ++left_out_;
    return;
  }
  if (package.source_name.empty() && !entry.source_name.empty()) {
    package.source_name = std::move(entry.source_name);
    package.source_version = std::move(entry.source_version);
  }
  if (package.module.empty()) package.module = std::move(entry.module);
  package.licenses = std::move(entry.licenses);
  package.locations = std::move(entry.locations);
  package.found_by = found_by_;
  report_.packages.push_back(std::move(package));
}

void SbomCollector::set_distro(std::string_view id, std::string_view version) {
  report_.distro.id = lower(id);
  report_.distro.version = version;
}

model::Report SbomCollector::take() && {
  if (report_.distro.id.empty()) report_.distro = distro_from_qualifier(purl_distro_);
  report_.target.kind = "sbom";
  if (left_out_ > 0)
    report_.notices.push_back(
        {model::Notice::Level::info, counted(left_out_, "component") + " without purl and version left out"});
  return std::move(report_);
}

model::Distro distro_from_qualifier(std::string_view text) {
  model::Distro distro;
  auto halves = cut_last(text, "-");
  bool numbered = halves && !halves->right.empty() && is_digit(halves->right.front());
  bool named = halves && (halves->left == "debian" || halves->left == "ubuntu");
  distro.id = lower(numbered || named ? halves->left : text);
  if (numbered)
    distro.version = halves->right;
  else if (named)
    distro.codename = halves->right;
  return distro;
}

}  // namespace seawall::report::detail
