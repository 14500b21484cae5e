#include "cel/detail/record_builder.h"

#include <algorithm>
#include <bit>

namespace seawall::cel::detail {
namespace {

// What a field without presence of its own reads as when it isn't set.
bool is_default(const Value& value) noexcept {
  switch (value.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return !value.as_boolean();
    case Kind::integer:
    case Kind::unsigned_integer:
      return value.as_integer() == 0;
    case Kind::floating:
      return std::bit_cast<std::uint64_t>(value.as_floating()) == 0;  // minus zero is written
    case Kind::string:
    case Kind::bytes:
      return value.as_text().empty();
    case Kind::list:
    case Kind::map:
      return value.size() == 0;
    case Kind::opaque:
      return static_cast<const EnumNode&>(value.as_opaque()).number == 0;
    default:
      return false;
  }
}

std::size_t words_of(const Schema& schema) noexcept { return schema.fields().size() / 64 + 1; }

constexpr std::int64_t earliest_second = -62135596800, latest_second = 253402300799;  // years 1 to 9999
constexpr std::int64_t longest_duration = 315576000000;                               // 10,000 years
constexpr std::int64_t nanos_a_second = 1'000'000'000;

Unboxed timestamp_of(Moment at) noexcept {
  bool valid =
      at.seconds >= earliest_second && at.seconds <= latest_second && at.nanos >= 0 && at.nanos < nanos_a_second;
  return {Value::timestamp(at), valid};
}

Unboxed duration_of(Moment length) noexcept {
  bool one_sign = length.seconds == 0 || length.nanos == 0 || (length.seconds < 0) == (length.nanos < 0);
  bool valid = one_sign && length.seconds >= -longest_duration && length.seconds <= longest_duration &&
               length.nanos > -nanos_a_second && length.nanos < nanos_a_second;
  return {Value::duration(length), valid};
}

// The field that is set of a google.protobuf.Value; null where none is.
Value held_by_value(const RecordNode& record) noexcept {
  for (std::size_t i = 0; i < record.schema->fields().size(); ++i)
    if (is_present(record, i)) return record.schema->fields()[i].wire == Wire::enumeration ? Value() : record.fields[i];
  return {};
}

}  // namespace

bool is_present(const RecordNode& record, std::size_t index) noexcept {
  return (record.present[index / 64] >> (index % 64) & 1) != 0;
}

const Value* find_extension(const RecordNode& record, std::string_view name) noexcept {
  if (record.extension_count == 0) return nullptr;
  Value scratch;
  return Value::map(record.extensions, record.extension_count).find(codec::Key(name), scratch);
}

RecordBuilder::RecordBuilder(Arena& arena, const Schema& schema, const RecordNode& from)
    : arena_(arena), schema_(schema) {
  auto count = schema.fields().size();
  fields_ = arena.array<Value>(count);
  present_ = arena.array<std::uint64_t>(words_of(schema));
  if (fields_ == nullptr || present_ == nullptr) return;
  node_ = arena.make(RecordNode{&schema, fields_, present_});
  std::copy_n(from.fields, count, fields_);
  std::fill_n(present_, words_of(schema), 0U);
  for (std::size_t i = 0; i < count; ++i)
    if (is_present(from, i)) mark(i, true);
  for (std::uint32_t i = 0; i < from.extension_count; ++i) extensions_.push_back(from.extensions->entries[i]);
}

void RecordBuilder::mark(std::size_t index, bool present) noexcept {
  auto bit = std::uint64_t{1} << (index % 64);
  present_[index / 64] = present ? present_[index / 64] | bit : present_[index / 64] & ~bit;
}

Value RecordBuilder::get(const Field& field) const noexcept {
  if (schema_.owns(field)) return fields_[schema_.index_of(field)];
  auto found =
      std::ranges::find_if(extensions_, [&](const MapEntry& entry) { return entry.key.as_text() == field.name; });
  return found == extensions_.end() ? field.absent : found->value;
}

bool RecordBuilder::has(const Field& field) const noexcept {
  if (schema_.owns(field)) return is_present(*node_, schema_.index_of(field));
  return std::ranges::any_of(extensions_, [&](const MapEntry& entry) { return entry.key.as_text() == field.name; });
}

void RecordBuilder::clear_others(const Field& field) noexcept {
  if (field.oneof < 0) return;
  for (const auto& other : schema_.fields()) {
    if (other.oneof != field.oneof || &other == &field) continue;
    auto index = schema_.index_of(other);
    mark(index, false);
    fields_[index] = other.absent;
  }
}

void RecordBuilder::set(const Field& field, const Value& value) {
  if (schema_.owns(field)) {
    clear_others(field);
    auto index = schema_.index_of(field);
    fields_[index] = value;
    mark(index, field.presence || !is_default(value));
    return;
  }
  auto named = [&](const MapEntry& entry) { return entry.key.as_text() == field.name; };
  std::erase_if(extensions_, named);
  if (!field.repeated || value.size() > 0) extensions_.push_back({Value::string(field.name), value});
}

bool RecordBuilder::finish_extensions() {
  if (extensions_.empty()) return true;
  MapBuilder map(arena_, extensions_.size());
  for (const auto& [name, value] : extensions_)
    if (map.add(name, value) == MapBuilder::Added::out_of_memory) return false;
  auto made = map.finish();
  if (!made) return false;
  node_->extensions = &made->map_node();
  node_->extension_count = static_cast<std::uint32_t>(made->size());
  return true;
}

const RecordNode* RecordBuilder::finish() { return finish_extensions() ? node_ : nullptr; }

Unboxed unboxed(const RecordNode& record) noexcept {
  auto kind = record.schema->well_known();
  // A schema of that name with other fields is none of ours.
  auto expected = kind == WellKnown::none                                                                 ? 0U
                  : kind == WellKnown::any || kind == WellKnown::timestamp || kind == WellKnown::duration ? 2U
                                                                                                          : 1U;
  if (record.schema->fields().size() < expected) kind = WellKnown::none;
  switch (kind) {
    case WellKnown::none:
    case WellKnown::any:
      break;
    case WellKnown::wrapper:
    case WellKnown::structure:
    case WellKnown::list:
      return {record.fields[0]};
    case WellKnown::value:
      return {held_by_value(record)};
    case WellKnown::timestamp:
      return timestamp_of({record.fields[0].as_integer(), static_cast<std::int32_t>(record.fields[1].as_integer())});
    case WellKnown::duration:
      return duration_of({record.fields[0].as_integer(), static_cast<std::int32_t>(record.fields[1].as_integer())});
  }
  return {Value::record(&record)};
}

}  // namespace seawall::cel::detail
