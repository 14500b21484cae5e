// One blob on its way into a registry: an upload session of the distribution API.
// Threads: one upload, one thread. A chunk that broke off goes on where the registry says it stopped.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "oci/detail/endpoint.h"

namespace seawall::oci::detail {

class Upload {
 public:
  // Nothing where the blob was mounted from the other repository instead.
  static Result<std::optional<Upload>> begin(const Endpoint&, const crypto::Digest* wanted,
                                             const std::string& mount_from);
  // The next bytes, by PATCH.
  Result<> chunk(std::string_view);
  // The last bytes (or all) and the digest, by PUT.
  Result<> finish(std::string_view, const crypto::Digest&);
  // Chunks other than the last have to be that large, where the registry says so.
  std::uint64_t least_chunk() const noexcept { return least_chunk_; }

 private:
  explicit Upload(const Endpoint& endpoint) : endpoint_(&endpoint) {}
  Result<> take_location(const net::Response&);
  Result<net::Response> patch(std::string_view);
  Result<std::uint64_t> offset_at_registry();

  const Endpoint* endpoint_;
  std::string location_;
  std::uint64_t offset_ = 0, least_chunk_ = 0;
};

}  // namespace seawall::oci::detail
