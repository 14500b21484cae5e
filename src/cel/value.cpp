#include "cel/value.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>

#include "cel/schema.h"

namespace seawall::cel {

std::string_view text(ErrorCode code) noexcept {
  static constexpr std::string_view names[] = {
      "no such key",     "no such field", "no such overload", "no such variable", "divide by zero",
      "modulus by zero", "overflow",      "out of range",     "bad argument",     "duplicate key",
      "unsupported key", "cost exceeded", "interrupted",      "out of memory",
  };
  static_assert(std::size(names) == static_cast<std::size_t>(ErrorCode::out_of_memory) + 1);
  return names[static_cast<std::size_t>(code)];
}

Value Value::type(Type type) noexcept { return pointing(Kind::type, type.node(), 0); }

Type Value::as_type() const noexcept { return Type::of_node(static_cast<const detail::TypeNode*>(pointer_)); }

Type type_of(const Value& value) noexcept {
  switch (value.kind()) {
    case Kind::null:
      return TypeKind::null;
    case Kind::boolean:
      return TypeKind::boolean;
    case Kind::integer:
      return TypeKind::integer;
    case Kind::unsigned_integer:
      return TypeKind::unsigned_integer;
    case Kind::floating:
      return TypeKind::floating;
    case Kind::string:
      return TypeKind::string;
    case Kind::bytes:
      return TypeKind::bytes;
    case Kind::timestamp:
      return TypeKind::timestamp;
    case Kind::duration:
      return TypeKind::duration;
    case Kind::list:
      return TypeKind::list;
    case Kind::map:
      return TypeKind::map;
    case Kind::record:
      return value.as_record().schema->type();
    case Kind::type:
      return TypeKind::type;
    case Kind::optional:
      return TypeKind::optional;
    case Kind::opaque:
      return Type::of_node(&value.as_opaque().kind->type);
    case Kind::error:
      break;
  }
  return TypeKind::error;
}

std::size_t count_code_points(std::string_view text) noexcept {
  constexpr std::uint64_t lowest_bits = 0x0101010101010101;
  std::size_t continuations = 0, at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, text.data() + at, 8);
    // A continuation byte is 10xxxxxx: bit 7 set, bit 6 not.
    continuations += static_cast<unsigned>(std::popcount((eight >> 7) & (~eight >> 6) & lowest_bits));
  }
  for (; at < text.size(); ++at) continuations += (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  return text.size() - continuations;
}

// Maps that expressions made.
namespace {

constexpr std::size_t smallest_indexed = 8;

std::uint64_t mix(std::uint64_t state, std::uint64_t content) noexcept {
  state = (state ^ content) * 0x9E3779B97F4A7C15;
  return state ^ (state >> 32);
}

std::uint64_t hash_text(std::uint64_t seed, std::string_view text) noexcept {
  auto state = mix(seed, text.size());
  std::size_t at = 0;
  std::uint64_t eight;
  for (; at + 8 <= text.size(); at += 8) {
    std::memcpy(&eight, text.data() + at, 8);
    state = mix(state, eight);
  }
  eight = 0;
  if (at < text.size()) std::memcpy(&eight, text.data() + at, text.size() - at);
  return mix(mix(state, eight), 1);
}

// A number as a key: integral doubles are integers, integers beyond the signed ones are unsigned.
struct NumberKey {
  enum class Form : unsigned char { integer, large, fractional } form;
  std::uint64_t bits;
  bool operator==(const NumberKey&) const = default;
};

NumberKey number_key(const Value& number) noexcept {
  constexpr double two_to_63 = 9223372036854775808.0;
  if (number.is(Kind::integer)) return {NumberKey::Form::integer, number.as_unsigned()};
  if (number.is(Kind::unsigned_integer))
    return {number.as_integer() < 0 ? NumberKey::Form::large : NumberKey::Form::integer, number.as_unsigned()};
  double value = number.as_floating();
  if (value >= -two_to_63 && value < two_to_63 && value == std::trunc(value))
    return {NumberKey::Form::integer, static_cast<std::uint64_t>(static_cast<std::int64_t>(value))};
  if (value >= two_to_63 && value < 2 * two_to_63) return {NumberKey::Form::large, static_cast<std::uint64_t>(value)};
  return {NumberKey::Form::fractional, std::bit_cast<std::uint64_t>(value)};
}

// Keys that equality takes for one are one, except that no integer is the nearest double of another.
bool same_key(const Value& left, const Value& right) noexcept {
  if (left.is_number() && right.is_number()) return number_key(left) == number_key(right);
  return equal(left, right);
}

// The seed is the address of the index, which whoever chooses the keys cannot know.
std::uint64_t hash_key(const std::uint32_t* index, const Value& key) noexcept {
  auto seed = std::bit_cast<std::uintptr_t>(index);
  if (key.is_number()) return mix(seed, number_key(key).bits);
  if (key.is(Kind::string)) return hash_text(seed, key.as_text());
  return mix(seed, static_cast<std::uint64_t>(key.as_boolean()) + 2);
}

bool same_text(const Value& key, std::string_view text) noexcept {
  return key.is(Kind::string) && key.as_text() == text;
}

// The entry whose key `matches`; null where there is none. `hash` is asked for indexed maps only.
template <class Hash, class Matches>
const MapEntry* find_entry(const MapNode& map, std::size_t size, Hash hash, Matches matches) noexcept {
  if (map.index == nullptr) {
    auto* end = map.entries + size;
    auto* found = std::find_if(map.entries, end, [&](const MapEntry& entry) { return matches(entry.key); });
    return found == end ? nullptr : found;
  }
  const auto mask = map.buckets - 1;
  for (auto at = static_cast<std::uint32_t>(hash(map.index)) & mask; map.index[at] != 0; at = (at + 1) & mask) {
    auto& entry = map.entries[map.index[at] - 1];
    if (matches(entry.key)) return &entry;
  }
  return nullptr;
}

const MapEntry* find_key(const MapNode& map, std::size_t size, const Value& key) noexcept {
  return find_entry(
      map, size, [&](const std::uint32_t* index) { return hash_key(index, key); },
      [&](const Value& own) { return same_key(own, key); });
}

const MapEntry* find_text(const MapNode& map, std::size_t size, std::string_view text) noexcept {
  return find_entry(
      map, size, [&](const std::uint32_t* index) { return hash_text(std::bit_cast<std::uintptr_t>(index), text); },
      [&](const Value& own) { return same_text(own, text); });
}

}  // namespace

std::optional<Value> Value::find(const Value& key) const noexcept {
  if (key.is(Kind::string)) {
    Value scratch;
    auto* found = find(codec::Key(key.as_text()), scratch);
    return found ? std::optional(*found) : std::nullopt;
  }
  // Keys of a document are texts.
  if (in_document_ || size_ == 0) return std::nullopt;
  auto* entry = find_key(map_node(), size_, key);
  return entry ? std::optional(entry->value) : std::nullopt;
}

const Value* Value::find(const codec::Key& key, Value& scratch) const noexcept {
  if (size_ == 0) return nullptr;
  if (in_document_) {
    auto* found = codec::Value(node())[key].node();
    if (found == nullptr) return nullptr;
    scratch = document(found);
    return &scratch;
  }
  auto* entry = find_text(map_node(), size_, key.text);
  return entry ? &entry->value : nullptr;
}

MapBuilder::MapBuilder(Arena& arena, std::size_t capacity) : arena_(arena) {
  // A third of the index stays free, so that a search ends soon.
  if (capacity > (std::uint32_t{1} << 30)) return;
  entries_ = arena.array<MapEntry>(capacity);
  if (entries_ == nullptr) return;
  capacity_ = static_cast<std::uint32_t>(capacity);
  if (capacity < smallest_indexed) return;
  buckets_ = static_cast<std::uint32_t>(std::bit_ceil(capacity + capacity / 2));
  index_ = arena.array<std::uint32_t>(buckets_);
  if (index_ == nullptr)
    entries_ = nullptr;
  else
    std::fill_n(index_, buckets_, 0U);
}

// The entry that has the key of entry `number` already; null where it is new, and known from now on.
MapEntry* MapBuilder::place(std::uint32_t number) {
  const auto& key = entries_[number].key;
  if (index_ == nullptr) {
    auto* end = entries_ + number;
    auto* found = std::find_if(entries_, end, [&](const MapEntry& entry) { return same_key(entry.key, key); });
    return found == end ? nullptr : found;
  }
  const auto mask = buckets_ - 1;
  auto at = static_cast<std::uint32_t>(hash_key(index_, key)) & mask;
  for (; index_[at] != 0; at = (at + 1) & mask)
    if (auto& entry = entries_[index_[at] - 1]; same_key(entry.key, key)) return &entry;
  index_[at] = number + 1;
  return nullptr;
}

MapBuilder::Added MapBuilder::add(const Value& key, const Value& value) {
  if (entries_ == nullptr || size_ == capacity_) return Added::out_of_memory;
  entries_[size_] = {key, value};
  if (place(size_) != nullptr) return Added::duplicate;
  ++size_;
  return Added::yes;
}

MapBuilder::Added MapBuilder::set(const Value& key, const Value& value) {
  if (entries_ == nullptr || size_ == capacity_) return Added::out_of_memory;
  entries_[size_] = {key, value};
  if (auto* known = place(size_))
    known->value = value;
  else
    ++size_;
  return Added::yes;
}

std::optional<Value> MapBuilder::finish() {
  if (entries_ == nullptr) return std::nullopt;
  auto* node = arena_.make(MapNode{entries_, index_, buckets_});
  if (node == nullptr) return std::nullopt;
  return Value::map(node, size_);
}

}  // namespace seawall::cel
