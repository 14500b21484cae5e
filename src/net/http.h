// HTTP client on libcurl: one request, answered whole or as a stream.
//
// Threads: a Client may be shared; a stream belongs to one thread. Every request under way has a connection of its
// own; idle connections are kept and reused.
// Owns: its connections; a stream may outlive the Client that opened it.
// Limits: connect, stall and drip time-outs, header bytes, response size for whole answers, redirects (followed for GET
// and HEAD only, never from https to plain http, and without credentials where they lead to another origin).
// Fails: unavailable (network), timeout, denied (offline, untrusted certificate), exhausted, invalid (URL, header).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/stream.h"

namespace seawall::net {

enum class TlsVerify : bool { on, off_for_tests_only };
enum class Network : bool { allowed, offline };

// When to give up whatever is under way; none: never.
using Deadline = std::optional<std::chrono::steady_clock::time_point>;

struct ClientOptions {
  Network network = Network::allowed;  // offline: every request fails with `denied`, no socket is opened
  std::string user_agent = "seawall";
  std::string ca_file;                         // PEM, beside the system's; empty: the system's alone
  std::string ca_pem;                          // the same as text; both may be given
  std::string client_certificate, client_key;  // PEM files, for mutual TLS
  TlsVerify verify = TlsVerify::on;
  std::string proxy;  // empty: HTTPS_PROXY, HTTP_PROXY, NO_PROXY of the environment, never for loopback
  std::chrono::milliseconds connect_timeout{10'000};
  // A transfer fails when we waited this long altogether for less than `drip_bytes` bytes.
  std::chrono::milliseconds stall_timeout{30'000};
  std::uint64_t drip_bytes = 1024;
  int redirects = 5;
  Deadline deadline = {};  // of all requests together: from then on each fails with `timeout`
};

// Whether the Client's certificate may be shown to the server of this request (never after a redirect elsewhere).
enum class Certificate : bool { offered, withheld };

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::string body;
  Source* upload = nullptr;  // instead of body, with its size
  std::uint64_t upload_size = 0;
  std::chrono::seconds timeout{0};  // whole request; 0: none but the stall time-out
  Certificate certificate = Certificate::offered;
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
  std::string url;  // after redirects
  // First header of that name, case ignored.
  std::optional<std::string> header(std::string_view name) const;
  // Every header of that name, in order.
  std::vector<std::string> all(std::string_view name) const;
};

// Headers at once, body as it comes.
class Stream : public Source {
 public:
  virtual const Response& head() const = 0;  // body empty
};

class Client {
 public:
  explicit Client(ClientOptions);
  Client(Client&&) noexcept;
  ~Client();
  // Any status is an answer; only failing to get one is an error.
  Result<Response> send(const Request&, std::size_t body_limit = std::size_t{16} << 20) const;
  Result<std::unique_ptr<Stream>> open(const Request&) const;
  const ClientOptions& options() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Percent-encodes all but RFC 3986's unreserved characters.
std::string url_encode(std::string_view);
// Loopback by name or address ("localhost:5000", "127.0.0.1", "[::1]:80"): plain HTTP is allowed there.
bool is_loopback(std::string_view host_and_port) noexcept;

// What we need to know of an absolute http or https URL.
struct Url {
  std::string scheme, host, port;  // lower case; an IPv6 host in brackets; the port always given
  std::string text;                // the whole, normalised, without user and fragment
  std::string origin() const { return scheme + "://" + host + ":" + port; }
};
Result<Url> parse_url(std::string_view);
// `relative` (or absolute) as found in a Location or Link header of an answer to `base`.
Result<Url> resolve_url(std::string_view base, std::string_view relative);

}  // namespace seawall::net
