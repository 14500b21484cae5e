// An image wherever it lies: manifest, config and layer streams by one door.
//
// A registry, an OCI layout, an oci-archive and a docker-archive each give an Image; whoever reads layers does not
// know which it was.
// Threads: an Image may be used from several threads; each layer stream belongs to one.
// Fails: not_found, denied, unavailable, timeout, corrupt (digest or size mismatch), unsupported (media type).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/stream.h"
#include "crypto/digest.h"

namespace seawall::oci {

struct Platform {
  std::string os = "linux", architecture = "amd64", variant;
  // "linux/arm64/v8", "linux/amd64"
  static Result<Platform> parse(std::string_view);
  std::string text() const;
  // This machine's.
  static Platform host();
  bool operator==(const Platform&) const = default;
};

struct Descriptor {
  std::string media_type;
  std::string artifact_type;  // of referrers
  crypto::Digest digest;
  std::uint64_t size = 0;
  std::vector<std::string> urls;  // foreign layers
  std::map<std::string, std::string> annotations;
  std::optional<Platform> platform;
};

// One step of the build, oldest first. Steps without a layer (ENV, CMD) have empty_layer.
struct HistoryStep {
  std::string created, created_by, comment;
  bool empty_layer = false;
};

struct Layer {
  Descriptor blob;
  // Digest of the uncompressed tar (diff_id); empty where the config does not say.
  std::string diff_id;
  // Index into history of the step that made it; -1 where unknown.
  int history = -1;
};

struct ImageConfig {
  Platform platform;
  std::string created;
  std::vector<HistoryStep> history;
  std::vector<std::string> diff_ids;
  std::map<std::string, std::string> labels;
};

// Which images of a target: one by platform, or all of them. The selector names one of several in a layout or archive:
// a tag, a full name or a digest; empty where only one is there.
struct Choice {
  std::string selector;
  std::optional<Platform> platform;
  enum class Platforms : bool { one, all } platforms = Platforms::one;
};

class Image {
 public:
  virtual ~Image() = default;
  virtual const std::string& name() const = 0;                // as the user gave it
  virtual const crypto::Digest& manifest_digest() const = 0;  // of the platform's manifest
  virtual const std::string& manifest_text() const = 0;
  virtual const std::map<std::string, std::string>& annotations() const = 0;
  virtual const ImageConfig& config() const = 0;
  virtual const std::string& config_text() const = 0;
  virtual const std::vector<Layer>& layers() const = 0;
  virtual const std::vector<std::string>& repo_tags() const = 0;
  // The layer's blob as stored (compressed). Reading to the end verifies size and digest: the last read fails with
  // `corrupt` where they do not match, so nothing from a layer counts until its end was reached.
  virtual Result<std::unique_ptr<Source>> open_layer(std::size_t index) const = 0;
};

}  // namespace seawall::oci
