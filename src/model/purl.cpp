// Package URLs by the purl specification 1.0 and its type definitions.
//
// Names keep their case where the ecosystem tells names apart by it (Go modules, old npm packages), although the
// specification's definitions of those types once asked for lower case: a purl that cannot be looked up helps nobody.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "model/package.h"

namespace seawall::model {
namespace {

constexpr std::size_t max_purl_size = 8192;

bool stays_plain(char c) noexcept { return is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '~' || c == ':'; }

void append_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (char c : text) {
    if (stays_plain(c)) {
      out += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  char l = to_lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

// A '%' that two hexadecimal digits do not follow stands for itself, as in purls written by hand.
std::string decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

struct FullName {
  std::string ns, name;
};

FullName split_last(std::string_view name, std::string_view separator) {
  auto halves = cut_last(name, separator);
  return halves ? FullName{std::string(halves->left), std::string(halves->right)} : FullName{"", std::string(name)};
}

std::string pypi_name(std::string_view name) { return replace_all(lower(name), "_", "-"); }

FullName purl_name(const Package& package, const Distro& distro) {
  switch (package.type) {
    case PackageType::deb:
    case PackageType::apk:
      return {lower(distro.id), lower(package.name)};
    case PackageType::rpm:
      return {lower(distro.id), package.name};
    case PackageType::maven:
      return split_last(package.name, ":");
    case PackageType::composer:
      return split_last(lower(package.name), "/");
    case PackageType::pypi:
      return {"", pypi_name(package.name)};
    case PackageType::npm:
    case PackageType::golang:
    case PackageType::generic:
      return split_last(package.name, "/");
    default:
      return {"", package.name};
  }
}

// "1:2.3-4" -> "1" and "2.3-4": rpm purls carry the epoch as a qualifier. Neither version nor release may hold a
// ':', so what has a second one is no rpm version and stays whole.
struct RpmVersion {
  std::string_view epoch, rest;
};
RpmVersion split_epoch(std::string_view version) noexcept {
  auto halves = cut(version, ":");
  if (!halves || halves->left.empty() || !std::ranges::all_of(halves->left, is_digit) || halves->right.contains(':'))
    return {"", version};
  return {halves->left, halves->right};
}

std::string distro_qualifier(const Distro& distro) {
  if (distro.id.empty()) return {};
  return distro.version.empty() ? distro.id : distro.id + "-" + distro.version;
}

std::string upstream_qualifier(const Package& package) {
  if (package.source_name.empty()) return {};
  bool other_version = !package.source_version.empty() && package.source_version != package.version;
  if (package.source_name == package.name && !other_version) return {};
  return other_version ? package.source_name + "@" + package.source_version : package.source_name;
}

using Qualifiers = std::map<std::string, std::string, std::less<>>;

Qualifiers qualifiers_of(const Package& package, const Distro& distro) {
  Qualifiers all;
  all["arch"] = package.arch;
  if (is_os_package(package.type)) {
    all["distro"] = distro_qualifier(distro);
    all["upstream"] = upstream_qualifier(package);
  }
  if (package.type == PackageType::rpm) {
    // No epoch and epoch 0 are the same version.
    if (auto epoch = split_epoch(package.version).epoch; epoch != "0") all["epoch"] = epoch;
    all["rpmmod"] = package.module;
  }
  std::erase_if(all, [](const auto& entry) { return entry.second.empty(); });
  return all;
}

void append_namespace(std::string& out, std::string_view ns) {
  for (auto segment : split(ns, '/')) {
    if (segment.empty()) continue;
    append_encoded(out, segment);
    out += '/';
  }
}

// The parts of a purl, decoded.
struct Parts {
  std::string type, ns, name, version;
  Qualifiers qualifiers;
};

Qualifiers parse_qualifiers(std::string_view text) {
  Qualifiers all;
  for (auto pair : split(text, '&'))
    if (auto halves = cut(pair, "="); halves && !halves->left.empty() && !halves->right.empty())
      all[lower(halves->left)] = decoded(halves->right);
  return all;
}

std::string join_segments(std::string_view path) {
  std::string out;
  for (auto segment : split(path, '/')) {
    if (segment.empty()) continue;
    if (!out.empty()) out += '/';
    out += decoded(segment);
  }
  return out;
}

bool is_type(std::string_view type) noexcept {
  return !type.empty() && !is_digit(type.front()) &&
         std::ranges::all_of(type, [](char c) { return is_alnum(c) || c == '.' || c == '+' || c == '-'; });
}

// In the order that the specification prescribes: subpath, qualifiers, scheme, type, version, name, namespace.
Result<Parts> parse_parts(std::string_view purl) {
  auto rest = trim(purl);
  if (rest.size() > max_purl_size) return fail(Code::exhausted, "purl: longer than 8192 bytes");
  Parts parts;
  if (auto halves = cut(rest, "#")) rest = halves->left;
  if (auto halves = cut(rest, "?")) {
    parts.qualifiers = parse_qualifiers(halves->right);
    rest = halves->left;
  }
  if (rest.size() < 4 || !equal_ignoring_case(rest.substr(0, 4), "pkg:"))
    return fail(Code::invalid, "purl: does not begin with pkg:");
  rest.remove_prefix(4);
  while (rest.starts_with('/')) rest.remove_prefix(1);
  auto halves = cut(rest, "/");
  if (!halves || !is_type(halves->left)) return fail(Code::invalid, "purl: has no type");
  parts.type = lower(halves->left);
  rest = halves->right;
  // An '@' at the front of the last segment is an unencoded npm scope's, not a version's.
  auto at = rest.rfind('@');
  if (at != std::string_view::npos && at > 0 && rest[at - 1] != '/' && rest.find('/', at) == std::string_view::npos) {
    parts.version = decoded(rest.substr(at + 1));
    rest = rest.substr(0, at);
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);
  auto last = cut_last(rest, "/");
  parts.name = decoded(last ? last->right : rest);
  parts.ns = last ? join_segments(last->left) : "";
  if (parts.name.empty()) return fail(Code::invalid, "purl: has no name");
  return parts;
}

std::string_view find(const Qualifiers& qualifiers, std::string_view key) {
  auto found = qualifiers.find(key);
  return found == qualifiers.end() ? std::string_view{} : std::string_view(found->second);
}

std::string package_name(PackageType type, const Parts& parts) {
  if (parts.ns.empty() || is_os_package(type)) return parts.name;
  return parts.ns + (type == PackageType::maven ? ":" : "/") + parts.name;
}

// "glibc", "glibc@2.36-9" or, from rpm tools, "glibc-2.34-60.el9.src.rpm".
void set_source(Package& package, std::string_view upstream) {
  if (upstream.empty()) return;
  if (upstream.ends_with(".src.rpm")) {
    upstream.remove_suffix(8);
    auto release = cut_last(upstream, "-");
    auto version = release ? cut_last(release->left, "-") : std::nullopt;
    if (!version || version->left.contains('@')) return;
    package.source_name = version->left;
    package.source_version = upstream.substr(version->left.size() + 1);
    return;
  }
  // No name of a source package holds an '@'.
  auto halves = cut(upstream, "@");
  package.source_name = halves ? halves->left : upstream;
  package.source_version = halves ? std::string(halves->right) : package.version;
}

// Ours and syft's "distro=debian-12"; Docker's "os_name=debian&os_version=13"; else the namespace of an OS package.
std::string distro_of(const Parts& parts, PackageType type) {
  if (auto stated = find(parts.qualifiers, "distro"); !stated.empty()) {
    // Some tools leave the name to the namespace: "pkg:deb/debian/curl?distro=12".
    bool bare = stated.find('-') == std::string_view::npos && stated != parts.ns && !parts.ns.empty();
    return bare ? parts.ns + "-" + std::string(stated) : std::string(stated);
  }
  if (auto name = find(parts.qualifiers, "os_name"); !name.empty()) {
    auto version = find(parts.qualifiers, "os_version");
    return version.empty() ? std::string(name) : std::string(name) + "-" + std::string(version);
  }
  return is_os_package(type) ? parts.ns : std::string();
}

}  // namespace

std::string purl_of(const Package& package, const Distro& distro) {
  std::string out = "pkg:";
  out += text(package.type);
  out += '/';
  auto full = purl_name(package, distro);
  append_namespace(out, full.ns);
  append_encoded(out, full.name);
  auto version =
      package.type == PackageType::rpm ? split_epoch(package.version).rest : std::string_view(package.version);
  if (!version.empty()) {
    out += '@';
    append_encoded(out, version);
  }
  char separator = '?';
  for (const auto& [key, value] : qualifiers_of(package, distro)) {
    out += separator;
    out += key;
    out += '=';
    append_encoded(out, value);
    separator = '&';
  }
  return out;
}

Result<Package> package_from_purl(std::string_view purl, std::string* distro) {
  auto parts = SW_TRY(parse_parts(purl));
  Package package;
  if (!package_type_from(parts.type, package.type)) package.type = PackageType::generic;
  package.name = package_name(package.type, parts);
  package.version = parts.version;
  if (auto epoch = find(parts.qualifiers, "epoch");
      package.type == PackageType::rpm && !epoch.empty() && epoch != "0" && split_epoch(package.version).epoch.empty())
    package.version = std::string(epoch) + ":" + package.version;
  package.arch = find(parts.qualifiers, "arch");
  if (package.type == PackageType::rpm) package.module = find(parts.qualifiers, "rpmmod");
  set_source(package, find(parts.qualifiers, "upstream"));
  if (distro) *distro = distro_of(parts, package.type);
  return package;
}

}  // namespace seawall::model
