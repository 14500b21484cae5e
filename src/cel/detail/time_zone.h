// Zones of time: by their IANA names, read from the system's data base (TZif, RFC 9636), or as fixed offsets.
//
// Threads: read-only once made. Owns: its table. Limits: files of 1 MiB, 100,000 transitions.
// Fails: not_found (no such zone, or the system has no zone data), invalid (an offset out of range).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace seawall::cel {

class TimeZone {
 public:
  // "Europe/Berlin", "UTC", "", "+02:00", "02:00", "-9:30".
  static Result<TimeZone> named(std::string_view name);
  // A file of zone data in memory.
  static Result<TimeZone> read(std::string_view file);

  // What to add to UTC for local time at that instant (seconds since 1970).
  std::int64_t seconds_east(std::int64_t instant) const noexcept;

  // One end of daylight saving: when in the year, and at which local second of that day.
  struct YearlyChange {
    enum class Kind : unsigned char { month_week_day, day_without_leap, day } kind = Kind::month_week_day;
    unsigned month = 0, week = 0, day = 0;
    std::int64_t second = 7200;
  };
  // What holds behind the last transition of the table (the POSIX TZ text at the end of the file).
  struct Rule {
    std::int64_t standard = 0, saving = 0;  // seconds east
    bool has_saving = false;
    YearlyChange start, end;
  };

 private:
  struct Transition {
    std::int64_t at, seconds_east;
  };
  std::vector<Transition> transitions_;  // ascending
  std::int64_t before_ = 0;              // in front of the first transition
  Rule rule_;
  bool has_rule_ = false;
};

}  // namespace seawall::cel
