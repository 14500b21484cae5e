// Images in an OCI image layout: a folder, or a tar of one (oci-archive).
// Threads: safe. Limits: index and manifests 4 MiB, config 16 MiB. Fails: as oci/image.h; `invalid` where several
// images are there and none was named.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oci/image.h"

namespace seawall::oci {

// Which of the images a store holds. The selector is a tag (org.opencontainers.image.ref.name), a full name
// (io.containerd.image.name) or a digest; empty where only one is there.
struct Choice {
  std::string selector;
  std::optional<Platform> platform;
  enum class Platforms : bool { one, all } platforms = Platforms::one;
};

// `name` is how the images call themselves.
Result<std::vector<std::unique_ptr<Image>>> open_layout(const std::string& directory, const Choice&, std::string name);
Result<std::vector<std::unique_ptr<Image>>> open_oci_archive(const std::string& file, const Choice&, std::string name);

}  // namespace seawall::oci
