// When to try again, and how long to wait before: back-off that doubles, or what the server asked for.
// Threads: one Retry belongs to one request.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "net/http.h"

namespace seawall::net {

// How often, and how long to wait; tests pass a clock and a sleep that returns at once.
struct Pacing {
  Clock now = system_now;
  std::function<void(std::chrono::milliseconds)> sleep;  // empty: sleeps
  int attempts = 5;                                      // of one request, and of one body without progress
  std::chrono::milliseconds first_wait{250};             // doubles each time
  std::chrono::milliseconds longest_wait{30'000};        // a Retry-After beyond this is an error at once
  Deadline deadline = {};                                // no wait goes beyond
};

class Retry {
 public:
  explicit Retry(const Pacing& pacing) : pacing_(pacing) {}
  // True after the wait, where another attempt may help; false where this answer is final.
  bool after(const Error&);
  bool after(const Response& head);
  // Something was achieved: the count begins anew.
  void progress() noexcept { attempt_ = 1; }

 private:
  bool wait(std::optional<std::chrono::milliseconds> asked);
  const Pacing& pacing_;
  int attempt_ = 1;
};

// Seconds or an HTTP date (RFC 9110 section 10.2.3), from now.
std::optional<std::chrono::milliseconds> retry_after(std::string_view header, Instant now);

}  // namespace seawall::net
