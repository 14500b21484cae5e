#include "cel/detail/moments.h"

#include <charconv>
#include <chrono>

#include "base/text.h"

namespace seawall::cel {

namespace {

constexpr std::int64_t seconds_per_day = 86400;

// A fixed number of digits with a value in a range.
class DigitReader {
 public:
  explicit DigitReader(std::string_view text) : rest_(text) {}
  std::string_view rest() const noexcept { return rest_; }

  bool number(std::size_t digits, unsigned lowest, unsigned highest, unsigned& value) noexcept {
    if (rest_.size() < digits) return false;
    value = 0;
    for (auto c : rest_.substr(0, digits)) {
      if (!is_digit(c)) return false;
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    rest_.remove_prefix(digits);
    return value >= lowest && value <= highest;
  }
  // Any of the characters; 0 where the next is none of them.
  char take(std::string_view any) noexcept {
    if (rest_.empty() || any.find(rest_.front()) == std::string_view::npos) return 0;
    auto taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }
  // Digits behind a point as nanoseconds.
  bool fraction(std::int32_t& nanos) noexcept {
    std::int32_t unit = 100'000'000;
    std::size_t count = 0;
    for (; count < rest_.size() && is_digit(rest_[count]); ++count, unit /= 10) nanos += (rest_[count] - '0') * unit;
    rest_.remove_prefix(count);
    return count > 0;
  }

 private:
  std::string_view rest_;
};

struct Civil {
  unsigned year, month, day, hour, minute, second;
};

bool read_civil(DigitReader& reader, Civil& civil) noexcept {
  return reader.number(4, 0, 9999, civil.year) && reader.take("-") && reader.number(2, 1, 12, civil.month) &&
         reader.take("-") && reader.number(2, 1, 31, civil.day) && reader.take("Tt") &&
         reader.number(2, 0, 23, civil.hour) && reader.take(":") && reader.number(2, 0, 59, civil.minute) &&
         reader.take(":") && reader.number(2, 0, 59, civil.second);
}

bool read_zone(DigitReader& reader, std::int64_t& seconds_east) noexcept {
  auto sign = reader.take("Zz+-");
  if (sign == 0) return false;
  if (sign != '+' && sign != '-') return true;
  unsigned hours = 0, minutes = 0;
  if (!reader.number(2, 0, 23, hours) || !reader.take(":") || !reader.number(2, 0, 59, minutes)) return false;
  seconds_east = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
  if (sign == '-') seconds_east = -seconds_east;
  return true;
}

char* write_number(char* out, unsigned value, unsigned digits) noexcept {
  for (auto at = digits; at-- > 0; value /= 10) out[at] = static_cast<char>('0' + value % 10);
  return out + digits;
}

// Without zeros at the end, and nothing for 0.
char* write_fraction(char* out, std::uint32_t nanos) noexcept {
  if (nanos == 0) return out;
  *out++ = '.';
  auto* end = write_number(out, nanos, 9);
  while (end[-1] == '0') --end;
  return end;
}

struct Unit {
  std::string_view name;
  std::uint64_t nanos;
};
constexpr Unit units[] = {{"ns", 1},
                          {"us", 1'000},
                          {"\xC2\xB5s", 1'000},  // micro sign
                          {"\xCE\xBCs", 1'000},  // Greek mu
                          {"ms", 1'000'000},
                          {"s", 1'000'000'000},
                          {"m", 60'000'000'000},
                          {"h", 3'600'000'000'000}};

std::optional<std::uint64_t> unit_of(std::string_view name) noexcept {
  for (auto& unit : units)
    if (unit.name == name) return unit.nanos;
  return std::nullopt;
}

// One "1.5h" of a duration, in nanoseconds.
struct Part {
  std::uint64_t nanos = 0;
  MomentError error = MomentError::none;
};

Part read_part(std::string_view& rest) noexcept {
  constexpr std::uint64_t limit = std::uint64_t{1} << 63;
  std::uint64_t whole = 0;
  std::size_t digits = 0;
  std::size_t at = 0;
  bool too_large = false;
  for (; at < rest.size() && is_digit(rest[at]); ++at, ++digits) {
    too_large = too_large || whole > limit / 10;
    whole = too_large ? whole : whole * 10 + static_cast<unsigned>(rest[at] - '0');
  }
  // The fraction as a quotient; digits that 64 bits can't hold any more add less than a nanosecond.
  std::uint64_t numerator = 0;
  double denominator = 1;
  if (at < rest.size() && rest[at] == '.') {
    for (++at; at < rest.size() && is_digit(rest[at]); ++at, ++digits) {
      if (numerator > (limit - 1) / 10) continue;
      numerator = numerator * 10 + static_cast<unsigned>(rest[at] - '0');
      denominator *= 10;
    }
  }
  if (digits == 0) return {.error = MomentError::syntax};
  rest.remove_prefix(at);
  auto name = rest.substr(0, rest.find_first_of(".0123456789"));
  auto unit = unit_of(name);
  if (!unit) return {.error = MomentError::syntax};
  rest.remove_prefix(name.size());
  if (too_large || whole > limit / *unit) return {.error = MomentError::range};
  auto nanos = whole * *unit;
  nanos += static_cast<std::uint64_t>(static_cast<double>(numerator) * (static_cast<double>(*unit) / denominator));
  if (nanos > limit) return {.error = MomentError::range};
  return {.nanos = nanos};
}

}  // namespace

std::optional<Moment> timestamp_of(Nanoseconds since_epoch) noexcept {
  auto seconds = since_epoch / nanos_per_second;
  auto nanos = since_epoch % nanos_per_second;
  if (nanos < 0) {
    nanos += nanos_per_second;
    --seconds;
  }
  if (seconds < earliest_second || seconds > latest_second) return std::nullopt;
  return Moment{static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(nanos)};
}

std::optional<Moment> duration_of(Nanoseconds length) noexcept {
  if (length < INT64_MIN || length > INT64_MAX) return std::nullopt;
  return Moment{static_cast<std::int64_t>(length / nanos_per_second),
                static_cast<std::int32_t>(length % nanos_per_second)};
}

ReadMoment read_timestamp(std::string_view text) noexcept {
  DigitReader reader(text);
  Civil civil{};
  Moment moment;
  std::int64_t seconds_east = 0;
  if (!read_civil(reader, civil)) return {.error = MomentError::syntax};
  if (reader.take(".") && !reader.fraction(moment.nanos)) return {.error = MomentError::syntax};
  if (!read_zone(reader, seconds_east) || !reader.rest().empty()) return {.error = MomentError::syntax};
  std::chrono::year_month_day date{std::chrono::year(static_cast<int>(civil.year)), std::chrono::month(civil.month),
                                   std::chrono::day(civil.day)};
  if (!date.ok()) return {.error = MomentError::syntax};
  auto days = std::chrono::sys_days(date).time_since_epoch().count();
  moment.seconds = days * seconds_per_day + civil.hour * 3600 + civil.minute * 60 + civil.second - seconds_east;
  if (moment.seconds < earliest_second || moment.seconds > latest_second) return {.error = MomentError::range};
  return {.moment = moment};
}

ReadMoment read_duration(std::string_view text) noexcept {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return {};
  if (text.empty()) return {.error = MomentError::syntax};
  Nanoseconds sum = 0;
  while (!text.empty()) {
    auto part = read_part(text);
    if (part.error != MomentError::none) return {.error = part.error};
    sum += part.nanos;
    if (sum > Nanoseconds{INT64_MAX} + 1) return {.error = MomentError::range};
  }
  auto length = duration_of(negative ? -sum : sum);
  if (!length) return {.error = MomentError::range};
  return {.moment = *length};
}

std::string_view write_timestamp(Moment moment, MomentBuffer& buffer) noexcept {
  auto days = std::chrono::floor<std::chrono::days>(std::chrono::seconds(moment.seconds));
  std::chrono::year_month_day date{std::chrono::sys_days(days)};
  auto second_of_day = static_cast<unsigned>(moment.seconds - std::int64_t{days.count()} * seconds_per_day);
  auto* out = write_number(buffer.bytes, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *out++ = '-';
  out = write_number(out, static_cast<unsigned>(date.month()), 2);
  *out++ = '-';
  out = write_number(out, static_cast<unsigned>(date.day()), 2);
  *out++ = 'T';
  out = write_number(out, second_of_day / 3600, 2);
  *out++ = ':';
  out = write_number(out, second_of_day / 60 % 60, 2);
  *out++ = ':';
  out = write_number(out, second_of_day % 60, 2);
  out = write_fraction(out, static_cast<std::uint32_t>(moment.nanos));
  *out++ = 'Z';
  return {buffer.bytes, static_cast<std::size_t>(out - buffer.bytes)};
}

std::string_view write_duration(Moment moment, MomentBuffer& buffer) noexcept {
  auto seconds = static_cast<double>(moment.seconds) + static_cast<double>(moment.nanos) / 1e9;
  auto [end, _] =
      std::to_chars(buffer.bytes, buffer.bytes + sizeof buffer.bytes - 1, seconds, std::chars_format::fixed);
  *end++ = 's';
  return {buffer.bytes, static_cast<std::size_t>(end - buffer.bytes)};
}

}  // namespace seawall::cel
