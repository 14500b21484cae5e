#include "model/package.h"

#include "base/text.h"

namespace seawall::model {
namespace {

constexpr std::string_view type_names[] = {"deb",   "rpm",   "apk", "npm",      "pypi",  "golang",
                                           "maven", "cargo", "gem", "composer", "nuget", "generic"};

}  // namespace

std::string_view text(PackageType type) noexcept { return type_names[static_cast<std::size_t>(type)]; }

bool package_type_from(std::string_view name, PackageType& out) noexcept {
  for (std::size_t i = 0; i < std::size(type_names); ++i) {
    if (!equal_ignoring_case(type_names[i], name)) continue;
    out = static_cast<PackageType>(i);
    return true;
  }
  return false;
}

bool is_os_package(PackageType type) noexcept {
  return type == PackageType::deb || type == PackageType::rpm || type == PackageType::apk;
}

std::string_view text(Origin origin) noexcept {
  constexpr std::string_view names[] = {"unknown", "base-image", "base-image-guessed", "own"};
  return names[static_cast<std::size_t>(origin)];
}

}  // namespace seawall::model
