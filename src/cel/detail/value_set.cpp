#include "cel/detail/value_set.h"

#include <bit>
#include <cmath>
#include <functional>

namespace seawall::cel {

namespace {

constexpr std::uint64_t mix(std::uint64_t value) noexcept {
  value = (value ^ (value >> 32)) * 0x9E3779B97F4A7C15;
  return value ^ (value >> 29);
}

// Whole numbers by their 64 bits, signed or not: -1 and 2^64-1 may share theirs.
std::uint64_t hash_number(const Value& value) noexcept {
  if (!value.is(Kind::floating)) return mix(value.as_unsigned());
  auto number = value.as_floating();
  if (number == std::trunc(number)) {
    if (number >= -0x1p63 && number < 0x1p63) return mix(static_cast<std::uint64_t>(static_cast<std::int64_t>(number)));
    if (number > 0 && number < 0x1p64) return mix(static_cast<std::uint64_t>(number));
  }
  return mix(std::bit_cast<std::uint64_t>(number));
}

std::uint64_t hash_text(std::string_view text) noexcept { return mix(std::hash<std::string_view>{}(text)); }

constexpr std::size_t hashed_items = 4;
constexpr unsigned hashed_depth = 3;

std::uint64_t hash_value(const Value& value, unsigned depth) noexcept;

std::uint64_t hash_list(const Value& value, unsigned depth) noexcept {
  auto sum = mix(value.size());
  for (std::size_t i = 0; i < value.size() && i < hashed_items; ++i)
    sum = mix(sum + hash_value(value.item(i), depth - 1));
  return sum;
}

// Entries in any order; values that hold others count by their kind alone.
std::uint64_t hash_map(const Value& value) noexcept {
  std::uint64_t sum = value.size();
  for (std::size_t i = 0; i < value.size(); ++i) {
    auto entry = value.entry(i);
    sum += mix(hash_value(entry.key, 0) * 3 + hash_value(entry.value, 0));
  }
  return sum;
}

std::uint64_t hash_value(const Value& value, unsigned depth) noexcept {
  auto seed = static_cast<std::uint64_t>(value.kind()) << 56;
  switch (value.kind()) {
    case Kind::boolean:
      return mix(seed + value.as_boolean());
    case Kind::integer:
    case Kind::unsigned_integer:
    case Kind::floating:
      return hash_number(value);
    case Kind::string:
    case Kind::bytes:
      return mix(seed ^ hash_text(value.as_text()));
    case Kind::timestamp:
    case Kind::duration: {
      auto moment = value.as_moment();
      return mix(seed ^ mix(static_cast<std::uint64_t>(moment.seconds)) ^ static_cast<std::uint32_t>(moment.nanos));
    }
    case Kind::list:
      return depth == 0 ? mix(seed + value.size()) : seed ^ hash_list(value, depth);
    case Kind::map:
      return depth == 0 ? mix(seed + value.size()) : seed ^ hash_map(value);
    default:
      return mix(seed);
  }
}

}  // namespace

std::uint64_t hash(const Value& value) noexcept { return hash_value(value, hashed_depth); }

ValueSet::ValueSet(Arena& arena, std::size_t capacity) noexcept {
  auto count = std::bit_ceil(capacity * 2 + 1);
  buckets_ = arena.array<Bucket>(count);
  mask_ = count - 1;
  for (std::size_t i = 0; buckets_ != nullptr && i < count; ++i) buckets_[i].hash = 0;
}

ValueSet::Bucket& ValueSet::bucket_of(const Value& value, std::uint64_t hash) const noexcept {
  auto at = hash & mask_;
  while (buckets_[at].hash != 0 && (buckets_[at].hash != hash || !equal(buckets_[at].value, value)))
    at = (at + 1) & mask_;
  return buckets_[at];
}

bool ValueSet::insert(const Value& value) noexcept {
  auto code = hash(value) | 1;
  auto& bucket = bucket_of(value, code);
  if (bucket.hash != 0) return false;
  bucket = {code, value};
  return true;
}

bool ValueSet::contains(const Value& value) const noexcept { return bucket_of(value, hash(value) | 1).hash != 0; }

}  // namespace seawall::cel
