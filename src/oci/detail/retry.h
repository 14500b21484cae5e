// When to try again, and how long to wait before: back-off that doubles, or what the server asked for.
// Threads: one Retry belongs to one request.
#pragma once

#include <optional>
#include <string_view>

#include "net/http.h"
#include "oci/registry.h"

namespace seawall::oci::detail {

class Retry {
 public:
  explicit Retry(const Pacing& pacing) : pacing_(pacing) {}
  // True after the wait, where another attempt may help; false where this answer is final.
  bool after(const Error&);
  bool after(const net::Response& head);
  // Something was achieved: the count begins anew.
  void progress() noexcept { attempt_ = 1; }

 private:
  bool wait(std::optional<std::chrono::milliseconds> asked);
  const Pacing& pacing_;
  int attempt_ = 1;
};

// Seconds or an HTTP date (RFC 9110 section 10.2.3), from now.
std::optional<std::chrono::milliseconds> retry_after(std::string_view header, Instant now);

}  // namespace seawall::oci::detail
