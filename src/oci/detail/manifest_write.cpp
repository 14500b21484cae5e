#include "oci/detail/manifest_write.h"

namespace seawall::oci::detail {
namespace {

using codec::JsonWriter;

void write_texts(JsonWriter& json, std::string_view name, const std::map<std::string, std::string>& texts) {
  if (texts.empty()) return;
  json.key(name).begin_object();
  for (auto& [key, value] : texts) json.field(key, value);
  json.end_object();
}

void write_platform(JsonWriter& json, const Platform& platform) {
  json.key("platform").begin_object().field("architecture", platform.architecture).field("os", platform.os);
  if (!platform.variant.empty()) json.field("variant", platform.variant);
  json.end_object();
}

}  // namespace

void write(JsonWriter& json, const Descriptor& descriptor) {
  json.begin_object()
      .field("mediaType", descriptor.media_type)
      .field("digest", descriptor.digest.text())
      .field("size", static_cast<std::int64_t>(descriptor.size));
  if (!descriptor.urls.empty()) {
    json.key("urls").begin_array();
    for (auto& url : descriptor.urls) json.text(url);
    json.end_array();
  }
  write_texts(json, "annotations", descriptor.annotations);
  if (descriptor.platform) write_platform(json, *descriptor.platform);
  if (!descriptor.artifact_type.empty()) json.field("artifactType", descriptor.artifact_type);
  json.end_object();
}

std::string manifest_text(const Manifest& manifest) {
  JsonWriter json;
  json.begin_object().field("schemaVersion", 2).field("mediaType", manifest.media_type);
  if (!manifest.artifact_type.empty()) json.field("artifactType", manifest.artifact_type);
  json.key("config");
  write(json, manifest.config);
  json.key("layers").begin_array();
  for (auto& layer : manifest.layers) write(json, layer);
  json.end_array();
  if (manifest.subject) {
    json.key("subject");
    write(json, *manifest.subject);
  }
  write_texts(json, "annotations", manifest.annotations);
  json.end_object();
  return json.take();
}

std::string index_text(const std::vector<Descriptor>& manifests) {
  JsonWriter json;
  json.begin_object()
      .field("schemaVersion", 2)
      .field("mediaType", media_type::oci_index)
      .key("manifests")
      .begin_array();
  for (auto& one : manifests) write(json, one);
  json.end_array().end_object();
  return json.take();
}

Descriptor empty_descriptor() {
  return {.media_type = std::string(media_type::oci_empty), .digest = crypto::Digest::of("{}"), .size = 2};
}

}  // namespace seawall::oci::detail
