// HTTP client on libcurl: one request, answered whole or as a stream.
//
// Threads: a Client may be shared; connections are pooled a thread. A streamed response belongs to one thread.
// Limits: connect and stall time-outs, response size for whole answers, redirects (none are followed with
// credentials to another host). Fails: unavailable (network, TLS), timeout, denied (offline), exhausted.
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

struct ClientOptions {
  Network network = Network::allowed;  // offline: every request fails with `denied`, no socket is opened
  std::string user_agent = "seawall";
  std::string ca_file;                     // PEM, beside the system's; empty: the system's alone
  std::string client_certificate, client_key;  // PEM files, for mutual TLS
  TlsVerify verify = TlsVerify::on;
  std::string proxy;  // empty: HTTPS_PROXY, HTTP_PROXY, NO_PROXY of the environment
  std::chrono::seconds connect_timeout{10};
  std::chrono::seconds stall_timeout{30};  // no byte for that long
  int redirects = 5;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::string body;
  Source* upload = nullptr;          // instead of body, with its size
  std::uint64_t upload_size = 0;
  std::chrono::seconds timeout{0};   // whole request; 0: none but the stall time-out
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
  std::string url;  // after redirects
  // First header of that name, case ignored.
  std::optional<std::string> header(std::string_view name) const;
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

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// "https://user@host:5000/a b?c" taken apart enough for our needs.
std::string url_encode(std::string_view);
// Loopback by name or address: plain HTTP is allowed there.
bool is_loopback(std::string_view host_and_port) noexcept;

}  // namespace seawall::net
