// A reference to an image in a registry, by the grammar of the OCI distribution specification and docker's defaults:
// "alpine" is docker.io/library/alpine:latest, "ghcr.io/o/app:1@sha256:..." is taken as it stands.
// Threads: values. Fails: invalid, and says which part.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/digest.h"

namespace seawall::oci {

struct Reference {
  std::string registry;    // as users know it: "docker.io", "host:5000", "[::1]:5000"
  std::string repository;  // "library/alpine"
  std::string tag;         // empty only where a digest is given
  std::optional<crypto::Digest> digest;

  static Result<Reference> parse(std::string_view);
  // Whole and canonical: registry/repository[:tag][@digest].
  std::string text() const;
  // What a manifest is asked by: the digest, else the tag.
  std::string_view wanted() const noexcept { return digest ? std::string_view(digest->text()) : tag; }
  // The host that serves the registry: registry-1.docker.io for docker.io.
  std::string host() const;
  bool operator==(const Reference&) const = default;
};

// [A-Za-z0-9_][A-Za-z0-9._-]{0,127}
bool is_tag(std::string_view) noexcept;
// Parts of [a-z0-9]+ joined by '.', '_', "__" or '-'s, separated by '/'.
bool is_repository(std::string_view) noexcept;

}  // namespace seawall::oci
