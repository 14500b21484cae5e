// One request and its answer on one connection: the only place that drives libcurl.
// Threads: a Transfer belongs to one thread; the pool is safe.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/http.h"

namespace seawall::net::detail {

// A multi handle with the connections it keeps open, and the easy handle that uses them.
class Connection {
 public:
  Connection();
  Connection(const Connection&) = delete;
  ~Connection();
  CURLM* multi;
  CURL* easy;
  std::string origin;  // of the last request
};

// Idle connections, handed out to the next request for the same origin.
class ConnectionPool {
 public:
  std::unique_ptr<Connection> take(const std::string& origin);
  void give_back(std::unique_ptr<Connection>);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

class Transfer {
 public:
  Transfer(std::shared_ptr<ConnectionPool>, const ClientOptions&, std::string ca_pem);
  Transfer(const Transfer&) = delete;
  ~Transfer();
  // Sends the request and waits for the headers of the final answer (after any 1xx).
  Result<> start(const Request&, const Url&, Certificate);
  Result<std::size_t> read(std::span<char>);
  Response& head() noexcept { return head_; }

 private:
  void configure(const Request&, const Url&);
  void configure_tls(Certificate);
  void configure_proxy(const Url&);
  void configure_body(const Request&);
  Result<> configure_headers(const Request&);
  Result<> step();
  Result<> wait_for_bytes();
  Result<> outcome();
  void collect_result();
  std::size_t take_spilled(std::span<char>);
  std::size_t on_header(std::string_view line);
  std::size_t on_body(std::string_view bytes);
  std::size_t on_upload(std::span<char> buffer);
  static std::size_t header_callback(char*, std::size_t, std::size_t, void*);
  static std::size_t body_callback(char*, std::size_t, std::size_t, void*);
  static std::size_t upload_callback(char*, std::size_t, std::size_t, void*);

  std::shared_ptr<ConnectionPool> pool_;
  ClientOptions options_;
  std::string ca_pem_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  Response head_;
  std::string body_to_send_;
  Source* upload_ = nullptr;
  std::optional<Error> upload_error_;
  std::size_t header_bytes_ = 0;
  bool headers_done_ = false, too_many_headers_ = false, paused_ = false, finished_ = false, attached_ = false;
  CURLcode result_ = CURLE_OK;
  char message_[CURL_ERROR_SIZE] = {};
  // Body bytes go to the reader's buffer; what does not fit there waits in `spill_`.
  std::span<char> target_;
  std::size_t in_target_ = 0;
  std::string spill_;
  std::size_t spill_offset_ = 0;
  // The present stall window: time spent waiting, and bytes that came meanwhile.
  std::chrono::milliseconds waited_{0};
  std::uint64_t bytes_in_window_ = 0;
};

}  // namespace seawall::net::detail
