// Images in an OCI image layout: a folder, or a tar of one (oci-archive).
// Threads: safe. Limits: index and manifests 4 MiB, config 16 MiB. Fails: as oci/image.h; `invalid` where several
// images are there and none was named.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "oci/image.h"

namespace seawall::oci {

// `name` is how the images call themselves.
Result<std::vector<std::unique_ptr<Image>>> open_layout(const std::string& directory, const Choice&, std::string name);
Result<std::vector<std::unique_ptr<Image>>> open_oci_archive(const std::string& file, const Choice&, std::string name);

}  // namespace seawall::oci
