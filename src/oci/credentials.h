// Who we are to a registry: docker's config.json (auths, credHelpers, credsStore) and containers' auth.json.
//
// Read in this order, the first file that knows the registry wins: REGISTRY_AUTH_FILE, DOCKER_CONFIG/config.json,
// XDG_RUNTIME_DIR/containers/auth.json, ~/.config/containers/auth.json, ~/.docker/config.json.
// Threads: safe once made. Owns: secrets in memory only; none is logged or put into an error.
// Fails: invalid (malformed file), denied (a helper that fails). A registry nobody knows is no error: anonymous.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace seawall::oci {

struct Credentials {
  std::string user, password;
  std::string identity_token;  // for OAuth2: changed for access tokens at the registry's token service
  std::string registry_token;  // a bearer token, used as it is
  bool anonymous() const noexcept { return user.empty() && identity_token.empty() && registry_token.empty(); }
};

// Runs "docker-credential-NAME get" with the server's name on standard input and gives its output.
using CredentialHelper = std::function<Result<std::string>(const std::string& name, const std::string& server)>;

class CredentialStore {
 public:
  // The files that exist among those above.
  static CredentialStore from_environment();
  explicit CredentialStore(std::vector<std::string> files, CredentialHelper = {});
  // For "host[:port]/repository": the longest entry of auths that is a prefix of it by whole path parts wins; docker.io
  // is also found under its historical names.
  Result<Credentials> find(std::string_view registry, std::string_view repository) const;

 private:
  std::vector<std::string> files_;
  CredentialHelper helper_;
};

// One config file's answer, apart from the environment: what is fuzzed. Nothing where it doesn't know the registry.
Result<std::optional<Credentials>> credentials_in(std::string_view config_json, std::string_view registry,
                                                  std::string_view repository, const CredentialHelper&);

}  // namespace seawall::oci
