// From what a user writes to the images it means.
//
//   docker-archive:FILE[:TAG]   oci-archive:FILE[:TAG]   oci:DIR[:TAG]   registry:REF or just REF
//
// Threads: safe. Fails: as oci/image.h, oci/reference.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oci/layout.h"
#include "oci/registry.h"

namespace seawall::oci {

struct OpenOptions {
  std::optional<Platform> platform;  // none: this machine's, or the only one
  Choice::Platforms platforms = Choice::Platforms::one;
  RegistryOptions registry;
};

Result<std::vector<std::unique_ptr<Image>>> open_image(std::string_view target, const OpenOptions&);

// Whether the target begins with one of the prefixes above.
bool has_image_prefix(std::string_view target) noexcept;

}  // namespace seawall::oci
