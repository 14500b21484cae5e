// Records of the caller's: fields are read where their layout says.
#include <cstring>

#include "cel/message.h"
#include "cel/schema.h"

namespace seawall::cel {

Value read_flat_field(const Value& record, const Field& field) noexcept {
  const auto* at = static_cast<const char*>(record.as_record().data) + field.offset;
  auto read = [&]<class T>(T sample) {
    std::memcpy(&sample, at, sizeof sample);
    return sample;
  };
  constexpr std::int64_t second = 1'000'000'000;
  switch (field.layout) {
    case Layout::boolean:
      return Value::boolean(*at != 0);
    case Layout::integer8:
      return Value::integer(read(std::int8_t{}));
    case Layout::integer16:
      return Value::integer(read(std::int16_t{}));
    case Layout::integer32:
      return Value::integer(read(std::int32_t{}));
    case Layout::integer64:
      return Value::integer(read(std::int64_t{}));
    case Layout::unsigned8:
      return Value::unsigned_integer(read(std::uint8_t{}));
    case Layout::unsigned16:
      return Value::unsigned_integer(read(std::uint16_t{}));
    case Layout::unsigned32:
      return Value::unsigned_integer(read(std::uint32_t{}));
    case Layout::unsigned64:
      return Value::unsigned_integer(read(std::uint64_t{}));
    case Layout::floating64:
      return Value::floating(read(double{}));
    case Layout::text:
      return Value::string(read(std::string_view{}));
    case Layout::timestamp: {
      auto nanos = read(std::int64_t{});
      auto seconds = nanos / second - (nanos % second < 0 ? 1 : 0);
      return Value::timestamp({seconds, static_cast<std::int32_t>(nanos - seconds * second)});
    }
    case Layout::duration: {
      auto nanos = read(std::int64_t{});
      return Value::duration({nanos / second, static_cast<std::int32_t>(nanos % second)});
    }
    case Layout::value:
      return read(Value{});
    case Layout::none:
      break;
  }
  return {};
}

// A cell of a row may be empty; other fields always hold something.
bool has_flat_field(const Value& record, const Field& field) noexcept {
  return field.layout != Layout::value || !read_flat_field(record, field).is(Kind::null);
}

}  // namespace seawall::cel
