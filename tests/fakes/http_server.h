// A scriptable HTTP/1.1 server on loopback for unit tests: it answers what a function says, and can lie about lengths,
// drip, stall, cut connections, redirect and count.
// Threads: the handler runs on connection threads, one at a time.
// Owns: its sockets and threads, all ended by the destructor, however clients behave.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace seawall::fakes {

struct Request {
  std::string method, target;  // target with its query, as sent
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // First header of that name, case ignored; empty where there is none.
  std::string header(std::string_view name) const;
};

// What happens once the body (or the part that is sent) is out.
enum class After : unsigned char { keep_open, close, stall };

struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::optional<std::uint64_t> claimed_length;  // Content-Length, where it is not the body's
  bool chunked = false;                         // Transfer-Encoding: chunked instead
  std::size_t piece = 0;                        // bytes sent at once; 0: all
  std::chrono::milliseconds between{0};         // wait between pieces
  After after = After::keep_open;
};

class HttpServer {
 public:
  using Handler = std::function<Reply(const Request&)>;
  explicit HttpServer(Handler);
  HttpServer(const HttpServer&) = delete;
  ~HttpServer();
  std::string host() const;  // "127.0.0.1:PORT"
  std::string url(std::string_view path) const;
  // All requests so far, in order of arrival.
  std::vector<Request> requests() const;
  std::size_t connections() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Answers the requests of one path one after the other; the last reply repeats.
class Script {
 public:
  Script& on(std::string path, std::vector<Reply> replies);
  HttpServer::Handler handler() const;

 private:
  std::vector<std::pair<std::string, std::vector<Reply>>> routes_;
};

}  // namespace seawall::fakes
