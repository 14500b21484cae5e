#include "oci/detail/manifest.h"

#include "base/text.h"
#include "codec/json.h"

namespace seawall::oci::detail {
namespace {

constexpr std::size_t max_entries = 4096;
constexpr codec::Limits limits{.bytes = max_config, .nodes = std::size_t{1} << 20, .depth = 64};

template <std::size_t N>
bool one_of(std::string_view text, const std::string_view (&names)[N]) {
  for (auto name : names)
    if (text == name) return true;
  return false;
}

// "application/json; charset=utf-8" without its parameters.
std::string_view bare(std::string_view content_type) { return trim(content_type.substr(0, content_type.find(';'))); }

std::map<std::string, std::string> texts_of(codec::Value object) {
  std::map<std::string, std::string> texts;
  for (auto member : object.members())
    if (member.value.is_text()) texts.emplace(member.key, member.value.text());
  return texts;
}

std::optional<Platform> platform_of(codec::Value value) {
  if (!value.is_object()) return std::nullopt;
  return Platform{.os = std::string(value.text_or("os")),
                  .architecture = std::string(value.text_or("architecture")),
                  .variant = std::string(value.text_or("variant"))};
}

Result<std::vector<Descriptor>> descriptors_of(codec::Value array, std::string_view what) {
  if (!array.is_array()) return fail(Code::corrupt, std::string(what) + " is no array");
  if (array.size() > max_entries)
    return fail(Code::exhausted, std::string(what) + ": more than " + std::to_string(max_entries));
  std::vector<Descriptor> all;
  all.reserve(array.size());
  for (auto item : array.items())
    all.push_back(SW_TRY(in(std::string(what) + "[" + std::to_string(all.size()) + "]", descriptor_of(item))));
  return all;
}

Result<Manifest> manifest_of(codec::Value root, std::string media_type) {
  Manifest manifest{.media_type = std::move(media_type),
                    .artifact_type = std::string(root.text_or("artifactType")),
                    .config = SW_TRY(in("config", descriptor_of(root["config"]))),
                    .annotations = texts_of(root["annotations"])};
  if (root["layers"]) manifest.layers = SW_TRY(descriptors_of(root["layers"], "layers"));
  if (root["subject"]) manifest.subject = SW_TRY(in("subject", descriptor_of(root["subject"])));
  return manifest;
}

HistoryStep step_of(codec::Value value) {
  return {.created = std::string(value.text_or("created")),
          .created_by = std::string(value.text_or("created_by")),
          .comment = std::string(value.text_or("comment")),
          .empty_layer = value["empty_layer"].boolean().value_or(false)};
}

Result<codec::Document> parse_object(std::string_view text, std::size_t limit) {
  if (text.size() > limit) return fail(Code::exhausted, "larger than " + human_size(limit));
  auto document = codec::parse_json(text, limits);
  if (!document) return fail(Code::corrupt, "not JSON: " + document.error().what);
  if (!document->root().is_object()) return fail(Code::corrupt, "not a JSON object");
  return document;
}

}  // namespace

Result<> refuse_schema_1(std::string_view content_type, std::optional<std::int64_t> schema_version) {
  constexpr std::string_view types[] = {"application/vnd.docker.distribution.manifest.v1+json",
                                        "application/vnd.docker.distribution.manifest.v1+prettyjws"};
  if (!one_of(bare(content_type), types) && schema_version != 1) return {};
  return fail(Code::unsupported,
              "docker schema 1 manifest: this format was retired in 2017; push the image again with a current tool");
}

bool is_index_type(std::string_view type) noexcept {
  return type == media_type::oci_index || type == media_type::docker_list;
}

bool is_manifest_type(std::string_view type) noexcept {
  return type == media_type::oci_manifest || type == media_type::docker_manifest;
}

bool is_config_type(std::string_view type) noexcept {
  return type == media_type::oci_config || type == media_type::docker_config;
}

bool is_layer_type(std::string_view type) noexcept {
  constexpr std::string_view tars[] = {
      "application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.nondistributable.v1.tar",
      media_type::docker_layer_tar, "application/vnd.docker.image.rootfs.foreign.diff.tar"};
  for (std::string_view compression : {".gzip", "+gzip", ".zstd", "+zstd"})
    if (type.ends_with(compression)) {
      type.remove_suffix(compression.size());
      break;
    }
  return one_of(type, tars);
}

Result<Descriptor> descriptor_of(codec::Value value) {
  if (!value.is_object()) return fail(Code::corrupt, "descriptor is no object");
  auto digest = crypto::Digest::parse(value.text_or("digest"));
  if (!digest) return std::unexpected(Error{Code::corrupt, std::move(digest.error().what)});
  auto size = value["size"].integer();
  if (!size || *size < 0) return fail(Code::corrupt, "descriptor without a size");
  Descriptor descriptor{.media_type = std::string(value.text_or("mediaType")),
                        .artifact_type = std::string(value.text_or("artifactType")),
                        .digest = std::move(*digest),
                        .size = static_cast<std::uint64_t>(*size),
                        .annotations = texts_of(value["annotations"]),
                        .platform = platform_of(value["platform"])};
  for (auto url : value["urls"].items())
    if (url.is_text()) descriptor.urls.emplace_back(url.text());
  return descriptor;
}

Result<std::variant<Manifest, Index>> parse_manifest(std::string_view text, std::string_view content_type) {
  auto document = SW_TRY(parse_object(text, max_manifest));
  auto root = document.root();
  auto type = std::string(root.text_or("mediaType", bare(content_type)));
  SW_TRY(refuse_schema_1(type, root["schemaVersion"].integer()));
  const bool has_manifests = root["manifests"].is_array();
  const bool has_content = root["config"].is_object() || root["layers"].is_array();
  // A document that could be read as both shows different images to different readers (OCI advisory of 2021-11).
  if (has_manifests && has_content) return fail(Code::corrupt, "it is an index and an image manifest at once");
  if (is_index_type(type) ? !has_manifests : (is_manifest_type(type) && !has_content))
    return fail(Code::corrupt, "it says that it is " + type + ", and has none of its content");
  if (has_manifests) {
    if (type.empty() || !is_index_type(type)) type = media_type::oci_index;
    return Index{.media_type = std::move(type),
                 .manifests = SW_TRY(descriptors_of(root["manifests"], "manifests")),
                 .annotations = texts_of(root["annotations"])};
  }
  if (!has_content)
    return fail(Code::unsupported,
                "neither an image manifest nor an index" + (type.empty() ? "" : ": " + to_utf8(type.substr(0, 200))));
  if (!is_manifest_type(type)) type = media_type::oci_manifest;
  return SW_TRY(manifest_of(root, std::move(type)));
}

Result<ImageConfig> parse_config(std::string_view text) {
  auto document = SW_TRY(parse_object(text, max_config));
  auto root = document.root();
  ImageConfig config{.platform = platform_of(root).value_or(Platform{}),
                     .created = std::string(root.text_or("created")),
                     .labels = texts_of(root.path("config", "Labels"))};
  for (auto step : root["history"].items()) {
    if (config.history.size() == max_entries)
      return fail(Code::exhausted, "history of more than " + std::to_string(max_entries) + " steps");
    config.history.push_back(step_of(step));
  }
  for (auto id : root.path("rootfs", "diff_ids").items()) {
    auto digest = crypto::Digest::parse(id.text());
    if (!digest) return fail(Code::corrupt, "rootfs.diff_ids: " + digest.error().what);
    config.diff_ids.push_back(digest->text());
  }
  return config;
}

}  // namespace seawall::oci::detail
