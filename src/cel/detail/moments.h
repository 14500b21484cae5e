// Points in time and stretches of it: arithmetic within the ranges of the language, text as the language has it.
//
// Points lie in the years 1 to 9999. Stretches fit in 64 bits of nanoseconds (about 292 years), as in cel-go.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "cel/value.h"

namespace seawall::cel {

inline constexpr std::int64_t earliest_second = -62135596800;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t latest_second = 253402300799;    // 9999-12-31T23:59:59Z
inline constexpr std::int64_t nanos_per_second = 1'000'000'000;

__extension__ using Nanoseconds = __int128;

// Nothing where the result is out of range.
std::optional<Moment> timestamp_of(Nanoseconds since_epoch) noexcept;
std::optional<Moment> duration_of(Nanoseconds length) noexcept;
constexpr Nanoseconds nanoseconds(Moment moment) noexcept {
  return Nanoseconds{moment.seconds} * nanos_per_second + moment.nanos;
}

enum class MomentError : unsigned char { none, syntax, range };
struct ReadMoment {
  Moment moment;
  MomentError error = MomentError::none;
};
// RFC 3339, strictly: "2009-02-13T23:31:30.5+01:00". More than nine digits of a fraction are cut off.
ReadMoment read_timestamp(std::string_view text) noexcept;
// As Go writes them: "-1h30m", "1.5s", "100ms", "0".
ReadMoment read_duration(std::string_view text) noexcept;

// Text in a buffer of the caller; what is returned points into it.
struct MomentBuffer {
  char bytes[64];
};
// "2009-02-13T23:31:30.5Z".
std::string_view write_timestamp(Moment moment, MomentBuffer& buffer) noexcept;
// Seconds, as "5400s", "-0.5s".
std::string_view write_duration(Moment moment, MomentBuffer& buffer) noexcept;

}  // namespace seawall::cel
