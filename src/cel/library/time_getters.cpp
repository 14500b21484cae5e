// Parts of timestamps, in UTC or in a zone, and durations in whole units.
#include <chrono>

#include "cel/detail/moments.h"
#include "cel/detail/time_zone.h"
#include "cel/library/kubernetes.h"
#include "cel/library/standard.h"

namespace seawall::cel::library {

namespace {

struct LocalTime {
  std::int64_t seconds;  // local, since 1970
  std::int32_t nanos;
  std::chrono::sys_days day() const {
    return std::chrono::sys_days(std::chrono::floor<std::chrono::days>(std::chrono::seconds(seconds)));
  }
  std::chrono::year_month_day date() const { return day(); }
  std::int64_t second_of_day() const {
    return seconds - std::chrono::duration_cast<std::chrono::seconds>(day().time_since_epoch()).count();
  }
};

std::int64_t full_year(const LocalTime& time) { return static_cast<int>(time.date().year()); }
std::int64_t month(const LocalTime& time) { return static_cast<unsigned>(time.date().month()) - 1; }
std::int64_t date(const LocalTime& time) { return static_cast<unsigned>(time.date().day()); }
std::int64_t day_of_month(const LocalTime& time) { return date(time) - 1; }
std::int64_t day_of_week(const LocalTime& time) { return std::chrono::weekday(time.day()).c_encoding(); }
std::int64_t day_of_year(const LocalTime& time) {
  auto new_year = std::chrono::sys_days(time.date().year() / std::chrono::January / 1);
  return (time.day() - new_year).count();
}
std::int64_t hours(const LocalTime& time) { return time.second_of_day() / 3600; }
std::int64_t minutes(const LocalTime& time) { return time.second_of_day() / 60 % 60; }
std::int64_t seconds(const LocalTime& time) { return time.second_of_day() % 60; }
std::int64_t milliseconds(const LocalTime& time) { return time.nanos / 1'000'000; }

using Part = std::int64_t (*)(const LocalTime&);

template <Part part>
Value in_utc(Call&, Arguments arguments) {
  auto moment = arguments[0].as_moment();
  return Value::integer(part({moment.seconds, moment.nanos}));
}

Value local_part(const TimeZone& zone, Moment moment, Part part) {
  return Value::integer(part({moment.seconds + zone.seconds_east(moment.seconds), moment.nanos}));
}

template <Part part>
Value in_zone(Call& call, Arguments arguments) {
  auto moment = arguments[0].as_moment();
  if (auto* prepared = call.prepared()) return local_part(*static_cast<const TimeZone*>(prepared), moment, part);
  auto zone = TimeZone::named(arguments[1].as_text());
  if (!zone) return call.fail(ErrorCode::bad_argument, zone.error().what);
  return local_part(*zone, moment, part);
}

// A zone that this system doesn't know is no mistake of the expression: it fails when it runs.
std::shared_ptr<const void> prepare_zone(std::span<const Value* const> constants, std::string&) {
  auto* name = constants[1];
  if (name == nullptr || !name->is(Kind::string)) return nullptr;
  auto zone = TimeZone::named(name->as_text());
  if (!zone) return nullptr;
  return std::make_shared<const TimeZone>(std::move(*zone));
}

template <std::int64_t unit>
Value whole_units(Call&, Arguments arguments) {
  return Value::integer(arguments[0].as_moment().seconds / unit);
}
// Those of the second that isn't full; not the whole duration.
Value duration_milliseconds(Call&, Arguments arguments) {
  return Value::integer(arguments[0].as_moment().nanos / 1'000'000);
}

// cel-go's, and so Kubernetes': the whole duration.
Value all_milliseconds(Call&, Arguments arguments) {
  auto length = arguments[0].as_moment();
  return Value::integer(length.seconds * 1000 + length.nanos / 1'000'000);
}
constexpr Declaration kubernetes_getters[] = {
    {"duration_to_milliseconds", "<duration>.getMilliseconds() -> int", all_milliseconds},
};

constexpr Declaration getters[] = {
    {"timestamp_to_year", "<timestamp>.getFullYear() -> int", in_utc<full_year>},
    {"timestamp_to_month", "<timestamp>.getMonth() -> int", in_utc<month>},
    {"timestamp_to_day_of_year", "<timestamp>.getDayOfYear() -> int", in_utc<day_of_year>},
    {"timestamp_to_day_of_month", "<timestamp>.getDayOfMonth() -> int", in_utc<day_of_month>},
    {"timestamp_to_day_of_month_1_based", "<timestamp>.getDate() -> int", in_utc<date>},
    {"timestamp_to_day_of_week", "<timestamp>.getDayOfWeek() -> int", in_utc<day_of_week>},
    {"timestamp_to_hours", "<timestamp>.getHours() -> int", in_utc<hours>},
    {"timestamp_to_minutes", "<timestamp>.getMinutes() -> int", in_utc<minutes>},
    {"timestamp_to_seconds", "<timestamp>.getSeconds() -> int", in_utc<seconds>},
    {"timestamp_to_milliseconds", "<timestamp>.getMilliseconds() -> int", in_utc<milliseconds>},

    {"timestamp_to_year_with_tz", "<timestamp>.getFullYear(string) -> int", in_zone<full_year>, nullptr, prepare_zone},
    {"timestamp_to_month_with_tz", "<timestamp>.getMonth(string) -> int", in_zone<month>, nullptr, prepare_zone},
    {"timestamp_to_day_of_year_with_tz", "<timestamp>.getDayOfYear(string) -> int", in_zone<day_of_year>, nullptr,
     prepare_zone},
    {"timestamp_to_day_of_month_with_tz", "<timestamp>.getDayOfMonth(string) -> int", in_zone<day_of_month>, nullptr,
     prepare_zone},
    {"timestamp_to_day_of_month_1_based_with_tz", "<timestamp>.getDate(string) -> int", in_zone<date>, nullptr,
     prepare_zone},
    {"timestamp_to_day_of_week_with_tz", "<timestamp>.getDayOfWeek(string) -> int", in_zone<day_of_week>, nullptr,
     prepare_zone},
    {"timestamp_to_hours_with_tz", "<timestamp>.getHours(string) -> int", in_zone<hours>, nullptr, prepare_zone},
    {"timestamp_to_minutes_with_tz", "<timestamp>.getMinutes(string) -> int", in_zone<minutes>, nullptr, prepare_zone},
    {"timestamp_to_seconds_tz", "<timestamp>.getSeconds(string) -> int", in_zone<seconds>, nullptr, prepare_zone},
    {"timestamp_to_milliseconds_with_tz", "<timestamp>.getMilliseconds(string) -> int", in_zone<milliseconds>, nullptr,
     prepare_zone},

    {"duration_to_hours", "<duration>.getHours() -> int", whole_units<3600>},
    {"duration_to_minutes", "<duration>.getMinutes() -> int", whole_units<60>},
    {"duration_to_seconds", "<duration>.getSeconds() -> int", whole_units<1>},
    {"duration_to_milliseconds", "<duration>.getMilliseconds() -> int", duration_milliseconds},
};

}  // namespace

void add_time_getters(Environment& environment) { declare(environment, getters); }
void add_kubernetes_time_getters(Environment& environment) { declare(environment, kubernetes_getters); }

}  // namespace seawall::cel::library
