// Fills a registry: blobs, manifests, indexes and artifacts with a subject.
//
// What the registry holds already is not sent again; a blob of another repository of the same registry is mounted.
// Threads: safe. Fails: denied, unavailable, timeout; corrupt where the registry answers with another digest.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "oci/registry.h"

namespace seawall::oci {

struct PushOptions {
  // Blobs above this are sent in chunks of this size (each in memory), so that a broken upload does not begin anew.
  std::uint64_t chunk = std::uint64_t{16} << 20;
  std::string mount_from;  // another repository of the same registry, to mount blobs from
};

// An OCI artifact: a manifest that refers to another one.
struct Artifact {
  std::string type;  // artifactType
  Descriptor subject;
  std::vector<std::pair<Descriptor, std::string>> blobs;  // descriptors and content, in order
  std::map<std::string, std::string> annotations;
};

class Pusher {
 public:
  explicit Pusher(const Registry&, PushOptions = {});
  // Sent unless it is there. The content is what the digest says, or nothing is stored.
  Result<> blob(const Descriptor&, std::string_view content) const;
  Result<> blob(const Descriptor&, Source&) const;
  // `size` and digest not known beforehand: sent in chunks, digested on the way.
  Result<Descriptor> stream(Source&, std::string media_type) const;
  // Under the tag, or under its digest where the tag is empty.
  Result<Descriptor> manifest(std::string_view text, std::string_view media_type, std::string_view tag = {}) const;
  // Blobs and manifest of an image, then under `tag`.
  Result<Descriptor> image(const Image&, std::string_view tag) const;
  // An index over manifests that were pushed.
  Result<Descriptor> index(const std::vector<Descriptor>&, std::string_view tag) const;
  // Blobs and manifest; where the registry has no referrers API, the fallback tag is brought up to date too.
  Result<Descriptor> artifact(const Artifact&) const;

 private:
  std::shared_ptr<detail::Session> session_;
  PushOptions options_;
};

}  // namespace seawall::oci
