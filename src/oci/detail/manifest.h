// Manifests, indexes and configs as values: OCI image-spec 1.1 and docker schema 2.
// Threads: pure. Limits: 4 MiB of manifest, 16 MiB of config, 4096 entries. Fails: corrupt, unsupported (schema 1).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "codec/value.h"
#include "oci/image.h"

namespace seawall::oci::detail {

constexpr std::size_t max_manifest = std::size_t{4} << 20;
constexpr std::size_t max_config = std::size_t{16} << 20;

namespace media_type {
constexpr std::string_view oci_manifest = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view oci_index = "application/vnd.oci.image.index.v1+json";
constexpr std::string_view oci_config = "application/vnd.oci.image.config.v1+json";
constexpr std::string_view oci_empty = "application/vnd.oci.empty.v1+json";
constexpr std::string_view docker_manifest = "application/vnd.docker.distribution.manifest.v2+json";
constexpr std::string_view docker_list = "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr std::string_view docker_config = "application/vnd.docker.container.image.v1+json";
constexpr std::string_view docker_layer_tar = "application/vnd.docker.image.rootfs.diff.tar";
// What we ask for, best first.
constexpr std::string_view accepted =
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
}  // namespace media_type

// Unsupported where it is one, by its type or its own word. To be asked before digests: that of a signed schema 1
// manifest is not the digest of its bytes.
Result<> refuse_schema_1(std::string_view content_type, std::optional<std::int64_t> schema_version = {});

bool is_index_type(std::string_view) noexcept;
bool is_manifest_type(std::string_view) noexcept;
bool is_config_type(std::string_view) noexcept;
// Tars of the image's file system that we can read: plain, gzip, zstd; OCI's, docker's and foreign ones.
bool is_layer_type(std::string_view) noexcept;

struct Manifest {
  std::string media_type, artifact_type;
  Descriptor config;
  std::vector<Descriptor> layers;
  std::optional<Descriptor> subject;
  std::map<std::string, std::string> annotations;
};

struct Index {
  std::string media_type;
  std::vector<Descriptor> manifests;
  std::map<std::string, std::string> annotations;
};

// `content_type` is what the server or the descriptor called it; the document's own word comes first.
Result<std::variant<Manifest, Index>> parse_manifest(std::string_view text, std::string_view content_type = {});
Result<ImageConfig> parse_config(std::string_view text);
Result<Descriptor> descriptor_of(codec::Value);

}  // namespace seawall::oci::detail
