// A client of one repository in a registry (OCI distribution 1.1, docker registry v2): images, platforms, referrers,
// tags.
//
// Everything that comes back is held against its digest and size; what was asked by tag, against the registry's own
// word (Docker-Content-Digest). Mirrors are tried in order before the registry itself, for manifests and blobs only.
// Threads: safe. Fails: as oci/image.h, and `invalid` for a malformed mirror or certificate folder.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/http.h"
#include "net/retry.h"
#include "oci/credentials.h"
#include "oci/image.h"
#include "oci/reference.h"

namespace seawall::oci {

namespace detail {
class Session;
}

using net::Pacing;

// "MIRROR" for every registry, "REGISTRY=MIRROR" for one. A mirror is host[:port][/prefix], with http:// in front where
// it has no TLS.
struct Mirror {
  std::string registry;  // empty: of all
  std::string location;
  static Result<Mirror> parse(std::string_view);
};

enum class PlainHttp : bool { loopback_only, allowed };

struct RegistryOptions {
  net::ClientOptions client;
  PlainHttp plain_http = PlainHttp::loopback_only;
  // Used before those of `store`; empty means: ask the store.
  Credentials credentials;
  std::shared_ptr<const CredentialStore> store;  // none: anonymous
  std::vector<Mirror> mirrors;
  // Folders of HOST[:PORT]/{*.crt,NAME.cert,NAME.key}, docker's layout of CAs and client certificates for a host.
  std::vector<std::string> certificate_folders = {"/etc/docker/certs.d", "/etc/containers/certs.d"};
  Pacing pacing;
};

class Registry {
 public:
  // Reads certificates and credentials; the network is first used by the calls below.
  static Result<Registry> connect(Reference, RegistryOptions);
  Registry(Registry&&) noexcept;
  Registry& operator=(Registry&&) noexcept;
  ~Registry();

  const Reference& reference() const noexcept;
  // Of that platform; without one this machine's is chosen, or the only one that there is.
  Result<std::unique_ptr<Image>> image(const std::optional<Platform>& = {}) const;
  // By choice; all platforms come in the order of the index, attestations left out. `name` is how they call themselves.
  Result<std::vector<std::unique_ptr<Image>>> images(const Choice&, std::string name = {}) const;
  // Manifests of the index with their platforms; of a plain image, itself.
  Result<std::vector<Descriptor>> platforms() const;
  // Artifacts (signatures, SBOMs, ...) that name the manifest as their subject, by the referrers API, or where the
  // registry has none, by the fallback tag. An empty type asks for all.
  Result<std::vector<Descriptor>> referrers(const crypto::Digest& subject, std::string_view artifact_type = {}) const;
  Result<std::vector<std::string>> tags() const;
  // Media type and size of a manifest that is known by digest alone.
  Result<Descriptor> described(const crypto::Digest&) const;
  // A manifest's or small blob's text by descriptor, verified.
  Result<std::string> manifest(const Descriptor&) const;
  Result<std::string> blob(const Descriptor&, std::size_t limit) const;

 private:
  friend class Pusher;
  explicit Registry(std::shared_ptr<detail::Session>);
  std::shared_ptr<detail::Session> session_;
};

}  // namespace seawall::oci
