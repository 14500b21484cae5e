// Small images as text and as a script of a server that serves them, and options that never sleep: for tests of oci.
#pragma once

#include <string>
#include <vector>

#include "crypto/digest.h"
#include "fakes/http_server.h"
#include "oci/registry.h"

namespace seawall::fakes {

struct Blob {
  std::string text;
  std::string digest() const { return crypto::Digest::of(text).text(); }
  oci::Descriptor descriptor(std::string media_type) const {
    return {.media_type = std::move(media_type), .digest = crypto::Digest::of(text), .size = text.size()};
  }
};

inline std::string descriptor_json(const Blob& blob, const std::string& media_type, const std::string& more = {}) {
  return R"({"mediaType":")" + media_type + R"(","digest":")" + blob.digest() + R"(","size":)" +
         std::to_string(blob.text.size()) + more + "}";
}

// One layer (any bytes will do), a config and a manifest over them.
struct SmallImage {
  Blob layer, config, manifest;
};

inline SmallImage small_image(std::string layer_bytes, std::string architecture = "amd64", std::string layer_more = {},
                              std::string layer_type = "application/vnd.oci.image.layer.v1.tar") {
  SmallImage image{.layer = {std::move(layer_bytes)}};
  image.config.text = R"({"os":"linux","architecture":")" + architecture +
                      R"(","history":[{"created_by":"ENV","empty_layer":true},{"created_by":"COPY"}],)"
                      R"("rootfs":{"type":"layers","diff_ids":[")" +
                      image.layer.digest() + R"("]}})";
  image.manifest.text = R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
                        descriptor_json(image.config, "application/vnd.oci.image.config.v1+json") + R"(,"layers":[)" +
                        descriptor_json(image.layer, layer_type, layer_more) + "]}";
  return image;
}

constexpr const char* oci_manifest_type = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* oci_index_type = "application/vnd.oci.image.index.v1+json";

inline Reply manifest_reply(const Blob& manifest, std::string type = oci_manifest_type) {
  return {.headers = {{"Content-Type", std::move(type)}, {"Docker-Content-Digest", manifest.digest()}},
          .body = manifest.text};
}

// Serves the image as /v2/app with tag 1; routes given to the script before win.
inline Script& serve(Script& script, const SmallImage& image) {
  const std::string root = "/v2/app/";
  script.on(root + "manifests/1", {manifest_reply(image.manifest)});
  script.on(root + "manifests/" + image.manifest.digest(), {manifest_reply(image.manifest)});
  script.on(root + "blobs/" + image.config.digest(), {{.body = image.config.text}});
  script.on(root + "blobs/" + image.layer.digest(), {{.body = image.layer.text}});
  return script;
}

// A clock that only waits move, and what was waited.
struct Waits {
  Instant now = 1'700'000'000;
  std::vector<std::chrono::milliseconds> slept;

  oci::RegistryOptions options() {
    oci::RegistryOptions options;
    options.client.stall_timeout = std::chrono::milliseconds(100);
    options.certificate_folders = {};
    options.pacing.now = [this] { return now; };
    options.pacing.sleep = [this](std::chrono::milliseconds pause) {
      slept.push_back(pause);
      now += pause.count() / 1000;
    };
    return options;
  }
};

inline Result<oci::Registry> connect(const HttpServer& server, const oci::RegistryOptions& options,
                                     const std::string& rest = "/app:1") {
  return oci::Registry::connect(SW_TRY(oci::Reference::parse(server.host() + rest)), options);
}

// Manifest, config and the one layer, whole.
inline Result<std::string> pull(const HttpServer& server, const oci::RegistryOptions& options,
                                const std::string& rest = "/app:1") {
  auto registry = SW_TRY(connect(server, options, rest));
  auto image = SW_TRY(registry.image());
  auto layer = SW_TRY(image->open_layer(0));
  return read_all(*layer, std::size_t{64} << 20);
}

}  // namespace seawall::fakes
