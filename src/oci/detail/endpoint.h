// One host that serves the registry API for one repository: the origin or a mirror of it.
//
// Adds authorization, answers challenges, waits and tries again. Finds out by itself whether a host that may speak
// plain HTTP does; an untrusted certificate never leads there.
// Threads: safe.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "net/http.h"
#include "oci/detail/authorizer.h"

namespace seawall::oci::detail {

struct EndpointOptions {
  std::string host;        // "host:5000"
  std::string scheme;      // "http", "https"; empty: to be found out
  std::string repository;  // with the mirror's prefix
  net::ClientOptions client;
  Credentials credentials;
  PlainHttp plain_http = PlainHttp::loopback_only;
  Pacing pacing;
};

// What may be done with the repository: part of a token's scope.
enum class Access : unsigned char { pull, push };

// One call of the API; the URL is a path below /v2/REPOSITORY/ or absolute (an upload's Location).
struct Call {
  net::Request request;
  Access access = Access::pull;
  std::string more_scope;  // of another repository, for mounting
};

class Endpoint {
 public:
  explicit Endpoint(EndpointOptions);
  Endpoint(const Endpoint&) = delete;
  // Any status but 401, and but those that passed while trying again, is an answer.
  Result<std::unique_ptr<net::Stream>> open(const Call&) const;
  Result<net::Response> send(const Call&, std::size_t body_limit) const;
  // One attempt, with authorization: for uploads, whose repetition is the caller's business.
  Result<net::Response> send_once(const Call&, std::size_t body_limit) const;
  const std::string& host() const noexcept { return options_.host; }
  const std::string& repository() const noexcept { return options_.repository; }
  const Pacing& pacing() const noexcept { return options_.pacing; }
  const net::Client& client() const noexcept { return client_; }
  // Scope of a token for this repository.
  std::string scope(Access) const;

 private:
  struct Connected {
    std::string origin;  // "https://host:port"
    std::unique_ptr<Authorizer> authorizer;
  };
  Result<const Connected*> connected() const;
  Result<std::string> find_scheme() const;
  Result<net::Response> ping(const std::string& scheme) const;
  Result<std::unique_ptr<net::Stream>> authorized(const Call&) const;

  EndpointOptions options_;
  net::Client client_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<Connected> connected_;  // set once, under the mutex
};

// The error that an answer stands for, with the registry's own words where it has some.
Error error_of(const net::Response& head, std::string_view body);
// The same, reading what is left of the stream.
Error error_of(net::Stream&);

}  // namespace seawall::oci::detail
