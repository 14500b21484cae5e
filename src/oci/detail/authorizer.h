// Answers a registry's challenges: basic authentication, and bearer tokens from its token service.
//
// Tokens are kept by scope until they expire; a scope that was challenged once is asked for ahead of the next request.
// Threads: safe. Owns: credentials and tokens, in memory only.
// Fails: denied (no or refused credentials, a token service on plain HTTP), and what the token request fails with.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "net/http.h"
#include "oci/credentials.h"
#include "oci/registry.h"

namespace seawall::oci::detail {

class Authorizer {
 public:
  Authorizer(const net::Client& client, std::string origin, Credentials, PlainHttp, const Pacing&);
  // Value of the Authorization header for a request in this scope; nothing while no challenge was seen.
  Result<std::optional<std::string>> header(const std::string& scope);
  // Takes up a 401: after success the request is worth one more attempt.
  Result<> challenged(const net::Response& unauthorized, const std::string& scope);

 private:
  struct Token {
    std::string text;
    Instant expires = 0;
  };
  struct Realm {
    std::string url, service, scope;
  };
  Result<> use_bearer(Realm, const std::string& scope);
  Result<Token> fetch(const std::string& scope) const;
  net::Request token_request(const std::string& scope) const;
  Result<Token> token_from(const net::Response&) const;

  const net::Client& client_;
  std::string origin_;
  Credentials credentials_;
  PlainHttp plain_http_;
  const Pacing& pacing_;
  std::mutex mutex_;  // guards all below; held while a token is fetched, so that many layers ask for one token once
  bool basic_ = false;
  std::optional<Realm> realm_;
  std::map<std::string, Token> tokens_;
};

}  // namespace seawall::oci::detail
