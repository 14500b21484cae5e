#include <sys/utsname.h>

#include "base/text.h"
#include "oci/image.h"

namespace seawall::oci {
namespace {

struct Name {
  std::string_view from, architecture, variant;
};

// Names that people and kernels use, as Go and OCI spell them.
constexpr Name architectures[] = {
    {"x86_64", "amd64", ""},  {"x86-64", "amd64", ""},    {"i386", "386", ""},        {"i686", "386", ""},
    {"aarch64", "arm64", ""}, {"arm64v8", "arm64", "v8"}, {"armhf", "arm", "v7"},     {"armv7l", "arm", "v7"},
    {"armv6l", "arm", "v6"},  {"armel", "arm", "v6"},     {"ppc64el", "ppc64le", ""}, {"loong64", "loong64", ""},
};

bool is_part(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  for (char c : text)
    if (!is_alnum(c) && c != '_' && c != '-' && c != '.') return false;
  return true;
}

void spell_as_go_does(Platform& platform) {
  for (auto& name : architectures) {
    if (platform.architecture != name.from) continue;
    platform.architecture = name.architecture;
    if (platform.variant.empty()) platform.variant = name.variant;
    return;
  }
}

}  // namespace

Result<Platform> Platform::parse(std::string_view text) {
  auto folded = lower(text);
  auto parts = split(folded, '/');
  bool good = parts.size() == 2 || parts.size() == 3;
  for (auto part : parts) good = good && is_part(part);
  if (!good)
    return fail(Code::invalid,
                "platform has to be os/architecture[/variant], as in linux/arm64: " + to_utf8(text.substr(0, 100)));
  Platform platform{.os = std::string(parts[0]), .architecture = std::string(parts[1])};
  if (parts.size() == 3) platform.variant = parts[2];
  spell_as_go_does(platform);
  return platform;
}

std::string Platform::text() const {
  auto whole = os + "/" + architecture;
  return variant.empty() ? whole : whole + "/" + variant;
}

Platform Platform::host() {
  utsname names{};
  ::uname(&names);
  Platform platform{.os = lower(names.sysname), .architecture = lower(names.machine)};
  spell_as_go_does(platform);
  return platform;
}

}  // namespace seawall::oci
