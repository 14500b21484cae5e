// Instants in whole seconds since 1970 UTC and RFC 3339 text. Impossible dates are no dates.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace seawall {

// Seconds since 1970-01-01T00:00:00Z. 0 is "not known" in our records.
using Instant = std::int64_t;

// RFC 3339 date-time, "2024-01-31", "2024-01-31T00:00Z", "2024-01-31 10:00:00"; years 1980 to 2200 only: feeds
// write year 1 or 0001-01-01 for "not known". Nothing for anything else.
std::optional<Instant> parse_instant(std::string_view) noexcept;
// "2024-01-31T10:00:00Z"
std::string to_rfc3339(Instant);
// "2024-01-31"
std::string to_date(Instant);

// Where the time comes from; passed in so that tests choose it.
using Clock = std::function<Instant()>;
Instant system_now();

}  // namespace seawall
