// A repository as a content store: mirrors in order, then the origin; broken blobs are taken up where they broke.
// Threads: safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "oci/detail/assemble.h"
#include "oci/detail/endpoint.h"

namespace seawall::oci::detail {

class Session final : public ContentStore, public std::enable_shared_from_this<Session> {
 public:
  // The origin is the last endpoint.
  Session(Reference, std::vector<std::unique_ptr<Endpoint>>);
  const Reference& reference() const noexcept { return reference_; }
  const Endpoint& origin() const noexcept { return *endpoints_.back(); }
  // A manifest or index by tag or digest, verified as far as can be.
  Result<Found> resolve(std::string_view tag_or_digest) const;
  Result<std::string> manifest(const Descriptor&) const override;
  Result<std::unique_ptr<Source>> open_blob(const Descriptor&) const override;

  // Referrers as the registry lists them (filtered or not), by its API or the fallback tag.
  Result<std::vector<Descriptor>> referrers(const crypto::Digest& subject, std::string_view artifact_type) const;
  // Nothing where the registry has no referrers API.
  Result<std::optional<std::vector<Descriptor>>> listed_referrers(const crypto::Digest&, std::string_view type) const;

  // Those in the index of the fallback tag; none where there is no such tag.
  Result<std::vector<Descriptor>> tagged_referrers(const crypto::Digest& subject) const;

  // The blob from `offset` on, from the endpoint of that number; foreign URLs follow after the last endpoint.
  Result<std::unique_ptr<net::Stream>> blob_from(const Descriptor&, std::size_t place, std::uint64_t offset) const;
  std::size_t places(const Descriptor&) const;
  bool is_origin(std::size_t place) const noexcept { return place + 1 == endpoints_.size(); }

 private:
  Result<Found> resolve_at(const Endpoint&, std::string_view tag_or_digest) const;
  Result<std::unique_ptr<net::Stream>> foreign_blob(const std::string& url, net::Request) const;

  Reference reference_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
};

// "sha256-<hex>": where clients keep a list of referrers on registries that don't.
std::string fallback_tag(const crypto::Digest& subject);
// The URL of the next page, from a Link header with rel="next".
std::optional<std::string> next_page(const net::Response&);

}  // namespace seawall::oci::detail
