#include "cel/detail/time_zone.h"

#include <algorithm>
#include <chrono>

#include "base/files.h"
#include "base/text.h"

namespace seawall::cel {

namespace {

constexpr std::uint64_t file_limit = std::uint64_t{1} << 20;
constexpr std::uint32_t transition_limit = 100'000;
constexpr std::size_t name_limit = 128;
constexpr std::int64_t seconds_per_day = 86400;

std::unexpected<Error> malformed() { return fail(Code::corrupt, "time zone data: malformed"); }

// --- Fixed offsets ---

Result<std::int64_t> read_offset(std::string_view text) {
  bool negative = text.starts_with('-');
  auto halves = *cut(text.substr(negative || text.starts_with('+') ? 1 : 0), ":");
  auto hours = to_u64(halves.left), minutes = to_u64(halves.right);
  if (!hours || !minutes || *hours > 23 || *minutes > 59)
    return fail(Code::invalid, "time zone offset out of range: " + to_utf8(text.substr(0, name_limit)));
  auto seconds = static_cast<std::int64_t>(*hours * 3600 + *minutes * 60);
  return negative ? -seconds : seconds;
}

// --- Names ---

// A relative path without tricks; what is behind it decides whether it exists.
bool is_zone_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > name_limit || name.front() == '/' || name.find("..") != std::string_view::npos)
    return false;
  return std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '/' || c == '_' || c == '-' || c == '+'; });
}

Result<std::string> zone_file(std::string_view name) {
  for (auto* directory : {"/usr/share/zoneinfo/", "/usr/lib/zoneinfo/", "/usr/share/lib/zoneinfo/", "/etc/zoneinfo/"})
    if (auto file = read_file(directory + std::string(name), file_limit)) return file;
  return fail(Code::not_found, "unknown time zone " + std::string(name) +
                                   (status_of("/usr/share/zoneinfo") ? "" : " (this system has no time zone data)"));
}

// --- POSIX TZ text: "CET-1CEST,M3.5.0,M10.5.0/3" ---

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  bool read(TimeZone::Rule& rule) {
    if (!name() || !offset(rule.standard)) return false;
    rule.standard = -rule.standard;  // POSIX counts westwards
    if (rest_.empty()) return true;
    if (!name()) return false;
    rule.saving = rule.standard + 3600;
    if (!rest_.starts_with(',')) {
      if (!offset(rule.saving)) return false;
      rule.saving = -rule.saving;
    }
    rule.has_saving = true;
    return change(rule.start) && change(rule.end) && rest_.empty();
  }

 private:
  bool take(char expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool name() {
    std::size_t size = 0;
    if (rest_.starts_with('<')) {
      size = rest_.find('>');
      if (size == std::string_view::npos) return false;
      ++size;
    } else {
      while (size < rest_.size() && is_alpha(rest_[size])) ++size;
    }
    if (size == 0) return false;
    rest_.remove_prefix(size);
    return true;
  }
  bool number(std::int64_t highest, std::int64_t& value) {
    std::size_t digits = 0;
    value = 0;
    for (; digits < rest_.size() && digits < 4 && is_digit(rest_[digits]); ++digits)
      value = value * 10 + (rest_[digits] - '0');
    rest_.remove_prefix(digits);
    return digits > 0 && value <= highest;
  }
  // [+-]hours[:minutes[:seconds]]; hours up to a week, as RFC 9636 extends it.
  bool offset(std::int64_t& seconds) {
    bool negative = take('-');
    if (!negative) take('+');
    std::int64_t hours = 0, minutes = 0, rest = 0;
    if (!number(167, hours)) return false;
    if (take(':') && !number(59, minutes)) return false;
    if (take(':') && !number(59, rest)) return false;
    seconds = hours * 3600 + minutes * 60 + rest;
    if (negative) seconds = -seconds;
    return true;
  }
  bool change(TimeZone::YearlyChange& made) {
    using Kind = TimeZone::YearlyChange::Kind;
    if (!take(',')) return false;
    std::int64_t month = 0, week = 0, day = 0;
    if (take('M')) {
      if (!number(12, month) || !take('.') || !number(5, week) || !take('.') || !number(6, day)) return false;
      if (month == 0 || week == 0) return false;
      made.kind = Kind::month_week_day;
    } else {
      made.kind = take('J') ? Kind::day_without_leap : Kind::day;
      if (!number(365, day) || (made.kind == Kind::day_without_leap && day == 0)) return false;
    }
    made.month = static_cast<unsigned>(month);
    made.week = static_cast<unsigned>(week);
    made.day = static_cast<unsigned>(day);
    return !take('/') || offset(made.second);
  }

  std::string_view rest_;
};

std::chrono::sys_days day_of(const TimeZone::YearlyChange& change, std::chrono::year year) {
  using namespace std::chrono;
  using Kind = TimeZone::YearlyChange::Kind;
  sys_days new_year = year / January / 1;
  switch (change.kind) {
    case Kind::day:
      return new_year + days(change.day);
    case Kind::day_without_leap:  // 1 to 365; 29 February is never counted
      return new_year + days(change.day - 1 + (year.is_leap() && change.day > 59 ? 1 : 0));
    case Kind::month_week_day:
      break;
  }
  if (change.week == 5) return sys_days(year / month(change.month) / weekday(change.day)[last]);
  return sys_days(year / month(change.month) / weekday(change.day)[change.week]);
}

// The instant of a change; `seconds_east` holds in front of it.
std::int64_t instant_of(const TimeZone::YearlyChange& change, std::chrono::year year, std::int64_t seconds_east) {
  return std::int64_t{day_of(change, year).time_since_epoch().count()} * seconds_per_day + change.second - seconds_east;
}

std::int64_t seconds_east_by(const TimeZone::Rule& rule, std::int64_t instant) {
  if (!rule.has_saving) return rule.standard;
  auto day = std::chrono::floor<std::chrono::days>(std::chrono::seconds(instant + rule.standard));
  auto year = std::chrono::year_month_day(std::chrono::sys_days(day)).year();
  auto start = instant_of(rule.start, year, rule.standard);
  auto end = instant_of(rule.end, year, rule.saving);
  // South of the equator the saving goes over the end of the year.
  bool saving = start < end ? instant >= start && instant < end : instant >= start || instant < end;
  return saving ? rule.saving : rule.standard;
}

// --- TZif ---

// Numbers from the front of the file, big end first; never beyond it.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  std::string_view rest() const noexcept { return rest_; }
  bool skip(std::uint64_t count) noexcept {
    if (count > rest_.size()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(count));
    return true;
  }
  std::string_view bytes(std::size_t count) noexcept {
    auto taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view rest_;
};

template <class Number>
Number big_endian(std::string_view bytes) noexcept {
  std::make_unsigned_t<Number> value = 0;
  for (auto c : bytes.substr(0, sizeof(Number)))
    value = static_cast<decltype(value)>(value << 8 | static_cast<unsigned char>(c));
  return static_cast<Number>(value);
}

struct Header {
  char version = 0;
  std::uint32_t utc_flags = 0, standard_flags = 0, leaps = 0, transitions = 0, types = 0, characters = 0;
  std::uint64_t body_size(std::uint64_t time_size) const noexcept {
    return transitions * (time_size + 1) + std::uint64_t{types} * 6 + characters + leaps * (time_size + 4) +
           standard_flags + utc_flags;
  }
};

bool read_header(ByteReader& reader, Header& header) noexcept {
  constexpr std::size_t header_size = 44;
  auto bytes = reader.bytes(header_size);
  if (bytes.size() != header_size || !bytes.starts_with("TZif")) return false;
  header.version = bytes[4];
  std::uint32_t* counts[] = {&header.utc_flags,   &header.standard_flags, &header.leaps,
                             &header.transitions, &header.types,          &header.characters};
  for (std::size_t i = 0; i < std::size(counts); ++i) *counts[i] = big_endian<std::uint32_t>(bytes.substr(20 + i * 4));
  return header.transitions <= transition_limit && header.types >= 1 && header.types <= 256;
}

}  // namespace

Result<TimeZone> TimeZone::read(std::string_view file) {
  ByteReader reader(file);
  Header header;
  if (!read_header(reader, header)) return malformed();
  std::size_t time_size = 4;
  if (header.version >= '2') {  // the first part is for readers of 32 bits
    if (!reader.skip(header.body_size(4)) || !read_header(reader, header)) return malformed();
    time_size = 8;
  }
  if (header.body_size(time_size) > reader.rest().size()) return malformed();
  auto times = reader.bytes(header.transitions * time_size);
  auto kinds = reader.bytes(header.transitions);
  auto types = reader.bytes(std::size_t{header.types} * 6);
  reader.skip(header.body_size(time_size) - times.size() - kinds.size() - types.size());

  TimeZone zone;
  zone.before_ = big_endian<std::int32_t>(types);
  zone.transitions_.reserve(header.transitions);
  for (std::size_t i = 0; i < header.transitions; ++i) {
    auto time = times.substr(i * time_size);
    auto at = time_size == 8 ? big_endian<std::int64_t>(time) : big_endian<std::int32_t>(time);
    auto kind = static_cast<unsigned char>(kinds[i]);
    if (kind >= header.types || (i > 0 && at <= zone.transitions_.back().at)) return malformed();
    zone.transitions_.push_back({at, big_endian<std::int32_t>(types.substr(kind * std::size_t{6}))});
  }
  auto footer = reader.rest();
  if (time_size == 8 && footer.starts_with('\n')) {
    footer.remove_prefix(1);
    footer = footer.substr(0, footer.find('\n'));
    zone.has_rule_ = !footer.empty() && RuleReader(footer).read(zone.rule_);
  }
  return zone;
}

Result<TimeZone> TimeZone::named(std::string_view name) {
  TimeZone zone;
  if (name.empty() || name == "UTC") return zone;
  if (name.find(':') != std::string_view::npos) {
    zone.before_ = SW_TRY(read_offset(name));
    return zone;
  }
  if (!is_zone_name(name)) return fail(Code::not_found, "unknown time zone " + to_utf8(name.substr(0, name_limit)));
  return read(SW_TRY(zone_file(name)));
}

std::int64_t TimeZone::seconds_east(std::int64_t instant) const noexcept {
  auto next = std::ranges::upper_bound(transitions_, instant, {}, &Transition::at);
  if (has_rule_ && next == transitions_.end()) return seconds_east_by(rule_, instant);
  return next == transitions_.begin() ? before_ : next[-1].seconds_east;
}

}  // namespace seawall::cel
