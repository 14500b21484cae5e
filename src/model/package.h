// A package found somewhere: what it is, where, and what brought it.
// Threads: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace seawall::model {

// One per package system that we read; its purl type is text(PackageType).
enum class PackageType : unsigned char {
  deb,
  rpm,
  apk,
  npm,
  pypi,
  golang,
  maven,
  cargo,
  gem,
  composer,
  nuget,
  generic,
};
std::string_view text(PackageType) noexcept;  // "deb", "rpm", "apk", "npm", "pypi", "golang", ... as in purls
bool package_type_from(std::string_view, PackageType& out) noexcept;
// Brought by the operating system's package manager.
bool is_os_package(PackageType) noexcept;

// The operating system that a root file system holds, of os-release or what stands in for it.
struct Distro {
  std::string id;        // "debian", "alpine", "ubuntu", "azurelinux"; empty: none found
  std::string version;   // "12", "12.5", "3.18.4", "22.04"; empty for rolling ones
  std::string codename;  // "bookworm"
  std::string pretty;    // "Debian GNU/Linux 12 (bookworm)"
  std::vector<std::string> like;
  bool operator==(const Distro&) const = default;
};

struct Location {
  std::string path;  // without leading '/'
  int layer = -1;    // index into the image's layers; -1: no image
  bool operator==(const Location&) const = default;
};

enum class Origin : unsigned char { unknown, base_image, base_image_guessed, own };
std::string_view text(Origin) noexcept;

struct Package {
  PackageType type = PackageType::generic;
  std::string name;     // as the ecosystem writes it: "@babel/core", "org.slf4j:slf4j-api", "github.com/x/y", "libc6"
  std::string version;  // whole: dpkg [epoch:]upstream[-revision], rpm [epoch:]version-release, Go "v1.2.3"
  std::string arch;
  // The source package where the distribution has one: advisories are often about that.
  std::string source_name, source_version;
  std::string module;                 // rpm modularity: "nodejs:18"
  std::string vendor;                 // rpm vendor, maintainer's company where stated
  std::vector<std::string> licenses;  // as stated, SPDX ids or names
  std::vector<Location> locations;
  // Who found it: cataloguer's name ("npm-lock", "dpkg", ...).
  std::string found_by;
  bool development = false;  // stated as a development or test dependency only
  Origin origin = Origin::unknown;
  int history = -1;  // build step that brought it; -1 unknown

  bool operator==(const Package&) const = default;
};

// Package URL (purl specification 1.0): type, namespace, name, version, qualifiers (arch, distro, epoch, upstream).
// The distro matters for OS packages only.
std::string purl_of(const Package&, const Distro& = {});
// What a purl says, back as a Package (for SBOMs); invalid where it is none. `distro` gets "debian-12" where stated.
Result<Package> package_from_purl(std::string_view purl, std::string* distro = nullptr);

}  // namespace seawall::model
