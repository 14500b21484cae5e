#include "net/retry.h"

#include <array>
#include <thread>

#include "base/text.h"

namespace seawall::net {
namespace {

using std::chrono::milliseconds;

bool may_pass(int status) { return status == 408 || status == 429 || (status >= 500 && status != 501); }

bool may_pass(Code code) { return code == Code::unavailable || code == Code::timeout; }

// "Sun, 06 Nov 1994 08:49:37 GMT", the only form that is still sent.
std::optional<Instant> http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto parts = words(text);
  if (parts.size() != 6 || parts[5] != "GMT") return std::nullopt;
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (parts[2] != months[i]) continue;
    auto month = std::to_string(i + 1);
    return parse_instant(std::string(parts[3]) + "-" + (month.size() < 2 ? "0" + month : month) + "-" +
                         std::string(parts[1]) + "T" + std::string(parts[4]) + "Z");
  }
  return std::nullopt;
}

}  // namespace

std::optional<milliseconds> retry_after(std::string_view header, Instant now) {
  header = trim(header);
  constexpr std::int64_t a_day = 86'400;
  if (auto seconds = to_u64(header)) return std::chrono::seconds(std::min(*seconds, static_cast<std::uint64_t>(a_day)));
  auto date = http_date(header);
  if (!date) return std::nullopt;
  return std::chrono::seconds(std::clamp<std::int64_t>(*date - now, 0, a_day));
}

bool Retry::after(const Error& error) { return may_pass(error.code) && wait(std::nullopt); }

bool Retry::after(const Response& head) {
  if (!may_pass(head.status)) return false;
  auto header = head.header("retry-after");
  return wait(header ? retry_after(*header, pacing_.now()) : std::nullopt);
}

bool Retry::wait(std::optional<milliseconds> asked) {
  if (attempt_ >= pacing_.attempts) return false;
  auto pause = asked.value_or(std::min(pacing_.first_wait * (1 << std::min(attempt_ - 1, 16)), pacing_.longest_wait));
  if (pause > pacing_.longest_wait) return false;
  if (pacing_.deadline && std::chrono::steady_clock::now() + pause >= *pacing_.deadline) return false;
  ++attempt_;
  if (pacing_.sleep)
    pacing_.sleep(pause);
  else
    std::this_thread::sleep_for(pause);
  return true;
}

}  // namespace seawall::net
