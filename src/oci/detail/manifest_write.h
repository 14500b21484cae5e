// Manifests and descriptors as JSON, fields in the order of the specification: same values, same bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codec/json.h"
#include "oci/detail/manifest.h"

namespace seawall::oci::detail {

void write(codec::JsonWriter&, const Descriptor&);
std::string manifest_text(const Manifest&);
std::string index_text(const std::vector<Descriptor>&);
// "{}", which stands for "no config" and "no content" in artifacts.
Descriptor empty_descriptor();

}  // namespace seawall::oci::detail
