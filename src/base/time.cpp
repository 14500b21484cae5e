#include "base/time.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/text.h"

namespace seawall {
namespace {

// Takes pieces from the front of a text; every take_ answers whether it was there.
class Scanner {
 public:
  explicit Scanner(std::string_view in) : in_(in) {}
  bool at_end() const noexcept { return in_.empty(); }
  bool take_any(std::string_view set) noexcept {
    if (in_.empty() || set.find(in_.front()) == std::string_view::npos) return false;
    in_.remove_prefix(1);
    return true;
  }
  // Exactly `digits` digits, at most `most`.
  bool take_number(std::size_t digits, int most, int& value) noexcept {
    if (in_.size() < digits) return false;
    value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(in_[i])) return false;
      value = value * 10 + (in_[i] - '0');
    }
    in_.remove_prefix(digits);
    return value <= most;
  }
  bool take_fraction() noexcept {
    auto before = in_.size();
    while (!in_.empty() && is_digit(in_.front())) in_.remove_prefix(1);
    return in_.size() < before;
  }

 private:
  std::string_view in_;
};

constexpr Instant seconds_a_day = 86400;

bool take_date(Scanner& in, Instant& midnight) noexcept {
  int year, month, day;
  if (!in.take_number(4, 2200, year) || !in.take_any("-") || !in.take_number(2, 12, month) || !in.take_any("-") ||
      !in.take_number(2, 31, day) || year < 1980)
    return false;
  std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                   std::chrono::day(static_cast<unsigned>(day))};
  midnight = std::chrono::sys_days(date).time_since_epoch().count() * seconds_a_day;
  return date.ok();
}

// 60 is a leap second.
bool take_time_of_day(Scanner& in, Instant& seconds) noexcept {
  int hour, minute, second = 0;
  if (!in.take_number(2, 23, hour) || !in.take_any(":") || !in.take_number(2, 59, minute)) return false;
  if (in.take_any(":")) {
    if (!in.take_number(2, 60, second)) return false;
    if (in.take_any(".,") && !in.take_fraction()) return false;
  }
  seconds = hour * 3600 + minute * 60 + second;
  return true;
}

bool take_offset(Scanner& in, Instant& seconds) noexcept {
  seconds = 0;
  if (in.at_end() || in.take_any("Zz")) return true;
  bool west = in.take_any("-");
  if (!west && !in.take_any("+")) return false;
  int hours, minutes;
  if (!in.take_number(2, 23, hours)) return false;
  in.take_any(":");
  if (!in.take_number(2, 59, minutes)) return false;
  seconds = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
  return true;
}

struct Calendar {
  int year;
  unsigned month, day;
  int second_of_day;
};

Calendar calendar_of(Instant at) noexcept {
  // Years 0 to 9999: RFC 3339 writes four digits.
  at = std::clamp<Instant>(at, -62167219200, 253402300799);
  auto day = (at >= 0 ? at : at - (seconds_a_day - 1)) / seconds_a_day;
  std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
          static_cast<int>(at - day * seconds_a_day)};
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view s) noexcept {
  Scanner in(s);
  Instant midnight = 0, time = 0, offset = 0;
  if (!take_date(in, midnight)) return std::nullopt;
  if (in.at_end()) return midnight;
  if (!in.take_any("Tt ") || !take_time_of_day(in, time) || !take_offset(in, offset) || !in.at_end())
    return std::nullopt;
  return midnight + time - offset;
}

std::string to_rfc3339(Instant at) {
  auto c = calendar_of(at);
  char out[48];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02dZ", c.year, c.month, c.day, c.second_of_day / 3600,
                c.second_of_day / 60 % 60, c.second_of_day % 60);
  return out;
}

std::string to_date(Instant at) { return to_rfc3339(at).substr(0, 10); }

Instant system_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace seawall
