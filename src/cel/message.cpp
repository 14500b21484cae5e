// Messages from the wire.
#include "cel/message.h"

#include <bit>
#include <limits>
#include <map>
#include <vector>

#include "cel/detail/record_builder.h"
#include "codec/binary.h"

namespace seawall::cel {
namespace {

using codec::BinaryReader;
using detail::null_enum;
using detail::RecordBuilder;

constexpr unsigned deepest = 100;

enum class WireType : unsigned char { varint, fixed64, delimited, begin_group, end_group, fixed32 };

WireType wire_type(Wire wire) noexcept {
  switch (wire) {
    case Wire::fixed32:
    case Wire::sfixed32:
    case Wire::floating32:
      return WireType::fixed32;
    case Wire::fixed64:
    case Wire::sfixed64:
    case Wire::floating64:
      return WireType::fixed64;
    case Wire::string:
    case Wire::bytes:
    case Wire::message:
      return WireType::delimited;
    case Wire::group:
      return WireType::begin_group;
    default:
      return WireType::varint;
  }
}

std::int64_t signed32(std::uint64_t bits) noexcept { return static_cast<std::int32_t>(bits); }
std::int64_t unzigzag(std::uint64_t bits) noexcept {
  return static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
}

std::unexpected<Error> damaged(std::string_view what) {
  return fail(Code::corrupt, "protocol buffers: " + std::string(what));
}
std::unexpected<Error> too_large() { return fail(Code::exhausted, "protocol buffers: more than the memory allowed"); }

// What follows a tag.
struct Tag {
  std::uint32_t number = 0;
  WireType type = WireType::varint;
};

class Decoder {
 public:
  Decoder(Arena& arena, const Schemas& schemas) : arena_(arena), schemas_(schemas) {}

  // The fields of a message, up to the end of the input or of the group.
  Result<const RecordNode*> fields(BinaryReader& in, const Schema& schema, const RecordNode& from, unsigned depth,
                                   std::uint32_t group = 0);
  Result<Value> message(BinaryReader& in, const Schema& schema, const RecordNode& from, unsigned depth,
                        std::uint32_t group = 0);

 private:
  using Repeated = std::map<const Field*, std::vector<Value>>;
  using Maps = std::map<const Field*, std::vector<MapEntry>>;
  struct Target {
    RecordBuilder& record;
    Repeated repeated;
    Maps maps;
    unsigned depth;
  };

  Result<Tag> tag(BinaryReader& in);
  Result<> skip(BinaryReader& in, Tag tag, unsigned depth);
  const Field* find(const Schema& schema, std::uint32_t number) const noexcept;
  Result<> field(BinaryReader& in, Tag tag, const Field& field, Target& target);
  Result<> packed(std::string_view bytes, const Field& field, std::vector<Value>& into);
  Result<Value> scalar(BinaryReader& in, const Field& field);
  Result<> entry(BinaryReader& in, const Field& field, Target& target);
  Result<Value> any(const RecordNode& record, unsigned depth);
  Result<> finish(Target& target);

  Arena& arena_;
  const Schemas& schemas_;
};

Result<Tag> Decoder::tag(BinaryReader& in) {
  auto key = in.u64();
  auto number = key >> 3;
  if (!in.ok() || number == 0 || number > (1U << 29) - 1 || (key & 7) > 5) return damaged("no such tag");
  return Tag{static_cast<std::uint32_t>(number), static_cast<WireType>(key & 7)};
}

Result<> Decoder::skip(BinaryReader& in, Tag unknown, unsigned depth) {
  if (depth > deepest) return damaged("nested too deep");
  switch (unknown.type) {
    case WireType::varint:
      in.u64();
      break;
    case WireType::fixed64:
      in.fixed64();
      break;
    case WireType::delimited:
      in.text();
      break;
    case WireType::fixed32:
      in.fixed32();
      break;
    case WireType::end_group:
      return damaged("the end of a group that has not begun");
    case WireType::begin_group:
      while (true) {
        auto inner = SW_TRY(tag(in));
        if (inner.type == WireType::end_group && inner.number == unknown.number) break;
        SW_TRY(skip(in, inner, depth + 1));
      }
  }
  if (!in.ok()) return damaged("cut off");
  return {};
}

const Field* Decoder::find(const Schema& schema, std::uint32_t number) const noexcept {
  if (auto* own = schema.find(number)) return own;
  auto* extension = schemas_.extension(schema.name(), number);
  return extension ? &extension->field : nullptr;
}

Result<Value> Decoder::scalar(BinaryReader& in, const Field& field) {
  switch (field.wire) {
    case Wire::boolean:
      return Value::boolean(in.u64() != 0);
    case Wire::int32:
      return Value::integer(signed32(in.u64()));
    case Wire::enumeration: {
      auto number = static_cast<std::int32_t>(in.u64());
      if (field.message == null_enum) return Value();
      if (field.enumeration == nullptr) return Value::integer(number);
      auto* node = arena_.make(EnumNode{{field.enumeration}, number});
      if (node == nullptr) return too_large();
      return Value::opaque(node);
    }
    case Wire::int64:
      return Value::integer(static_cast<std::int64_t>(in.u64()));
    case Wire::uint32:
      return Value::unsigned_integer(static_cast<std::uint32_t>(in.u64()));
    case Wire::uint64:
      return Value::unsigned_integer(in.u64());
    case Wire::sint32:
      return Value::integer(unzigzag(static_cast<std::uint32_t>(in.u64())));
    case Wire::sint64:
      return Value::integer(unzigzag(in.u64()));
    case Wire::fixed32:
      return Value::unsigned_integer(in.fixed32());
    case Wire::sfixed32:
      return Value::integer(signed32(in.fixed32()));
    case Wire::fixed64:
      return Value::unsigned_integer(in.fixed64());
    case Wire::sfixed64:
      return Value::integer(static_cast<std::int64_t>(in.fixed64()));
    case Wire::floating32:
      return Value::floating(static_cast<double>(std::bit_cast<float>(in.fixed32())));
    case Wire::floating64:
      return Value::floating(std::bit_cast<double>(in.fixed64()));
    case Wire::string:
      return Value::string(in.text());
    case Wire::bytes:
      return Value::bytes(in.text());
    default:
      return damaged("a message where none is expected");
  }
}

Result<> Decoder::packed(std::string_view bytes, const Field& field, std::vector<Value>& into) {
  BinaryReader in(bytes);
  while (!in.at_end()) into.push_back(SW_TRY(scalar(in, field)));
  if (!in.ok()) return damaged("a packed field is cut off");
  return {};
}

// One entry of a map: a message of key and value; what is missing of the two is the default.
Result<> Decoder::entry(BinaryReader& in, const Field& field, Target& target) {
  BinaryReader bytes(in.text());
  if (!in.ok()) return damaged("cut off");
  const auto& schema = *field.held;
  auto* record = SW_TRY(fields(bytes, schema, schema.blank().as_record(), target.depth + 1));
  target.maps[&field].push_back({record->fields[0], record->fields[1]});
  return {};
}

Result<> Decoder::field(BinaryReader& in, Tag read, const Field& field, Target& target) {
  if (field.type.is(TypeKind::map) && field.repeated) return entry(in, field, target);
  if (field.held != nullptr) {
    bool again = !field.repeated && target.record.has(field) && field.held->well_known() == WellKnown::none;
    auto before = again ? target.record.get(field) : field.held->blank();
    bool group = read.type == WireType::begin_group;
    BinaryReader bytes(group ? std::string_view() : in.text());
    if (!in.ok()) return damaged("cut off");
    auto made =
        SW_TRY(message(group ? in : bytes, *field.held, before.as_record(), target.depth + 1, group ? read.number : 0));
    if (field.repeated)
      target.repeated[&field].push_back(made);
    else
      target.record.set(field, made);
    return {};
  }
  if (field.repeated && read.type == WireType::delimited && wire_type(field.wire) != WireType::delimited)
    return packed(in.text(), field, target.repeated[&field]);
  auto value = SW_TRY(scalar(in, field));
  if (!in.ok()) return damaged("cut off");
  if (field.repeated)
    target.repeated[&field].push_back(value);
  else
    target.record.set(field, value);
  return {};
}

// Whether the field may be written so; what is written otherwise is as unknown as an unknown number.
bool fits(const Field& field, WireType written) noexcept {
  auto type = wire_type(field.wire);
  return written == type || (field.repeated && written == WireType::delimited && type != WireType::begin_group);
}

Result<const RecordNode*> Decoder::fields(BinaryReader& in, const Schema& schema, const RecordNode& from,
                                          unsigned depth, std::uint32_t group) {
  if (depth > deepest) return damaged("nested too deep");
  RecordBuilder record(arena_, schema, from);
  if (!record.ok()) return too_large();
  Target target{record, {}, {}, depth};
  bool ended = false;
  while (!ended && !in.at_end()) {
    auto read = SW_TRY(tag(in));
    auto* known = find(schema, read.number);
    ended = group != 0 && read.type == WireType::end_group && read.number == group;
    if (ended) break;
    if (known != nullptr && fits(*known, read.type))
      SW_TRY(field(in, read, *known, target));
    else
      SW_TRY(skip(in, read, depth));
  }
  if (!in.ok() || (group != 0 && !ended)) return damaged("cut off");
  SW_TRY(finish(target));
  auto* made = record.finish();
  if (made == nullptr) return too_large();
  return made;
}

// Lists and maps, whose sizes are known now. What the record had of them before comes first.
Result<> Decoder::finish(Target& target) {
  for (const auto& [field, added] : target.repeated) {
    auto before = target.record.get(*field);
    auto* items = arena_.array<Value>(before.size() + added.size());
    if (items == nullptr) return too_large();
    for (std::size_t i = 0; i < before.size(); ++i) items[i] = before.item(i);
    std::copy(added.begin(), added.end(), items + before.size());
    target.record.set(*field, Value::list(items, before.size() + added.size()));
  }
  for (const auto& [field, added] : target.maps) {
    auto before = target.record.get(*field);
    MapBuilder map(arena_, before.size() + added.size());
    auto set = [&](const MapEntry& entry) { return map.set(entry.key, entry.value) == MapBuilder::Added::yes; };
    for (std::size_t i = 0; i < before.size(); ++i)
      if (!set(before.entry(i))) return too_large();
    for (const auto& entry : added)
      if (!set(entry)) return too_large();
    auto made = map.finish();
    if (!made) return too_large();
    target.record.set(*field, *made);
  }
  return {};
}

// The content of an Any, or the Any itself where that cannot be told.
Result<Value> Decoder::any(const RecordNode& record, unsigned depth) {
  auto url = record.fields[0].as_text();
  auto slash = url.rfind('/');
  auto* schema = slash == std::string_view::npos ? nullptr : schemas_.find(url.substr(slash + 1));
  if (schema == nullptr) return Value::record(&record);
  BinaryReader content(record.fields[1].as_text());
  auto value = message(content, *schema, schema->blank().as_record(), depth + 1);
  if (!value && value.error().code == Code::corrupt) return Value::record(&record);
  return value;
}

Result<Value> Decoder::message(BinaryReader& in, const Schema& schema, const RecordNode& from, unsigned depth,
                               std::uint32_t group) {
  auto* record = SW_TRY(fields(in, schema, from, depth, group));
  if (schema.well_known() == WellKnown::any && schema.fields().size() >= 2) return any(*record, depth);
  auto made = detail::unboxed(*record);
  if (!made.possible) return damaged("a time out of range");
  return made.value;
}

}  // namespace

Result<Value> decode_message(Arena& arena, const Schemas& schemas, const Schema& schema, std::string_view wire) {
  BinaryReader in(wire);
  return Decoder(arena, schemas).message(in, schema, schema.blank().as_record(), 0);
}

const Field* find_field(const Schemas& schemas, const Schema& schema, std::string_view name) noexcept {
  if (auto* own = schema.find(name)) return own;
  auto* extension = schemas.extension(name);
  return extension != nullptr && extension->extended == schema.name() ? &extension->field : nullptr;
}

Value read_field(const Value& record, const Field& field) noexcept {
  const auto& node = record.as_record();
  if (node.data != nullptr && field.layout != Layout::none) return read_flat_field(record, field);
  if (node.schema->owns(field)) return node.fields[node.schema->index_of(field)];
  auto* extension = detail::find_extension(node, field.name);
  return extension ? *extension : field.absent;
}

bool has_field(const Value& record, const Field& field) noexcept {
  const auto& node = record.as_record();
  if (node.data != nullptr && field.layout != Layout::none) return has_flat_field(record, field);
  if (node.schema->owns(field)) return detail::is_present(node, node.schema->index_of(field));
  return detail::find_extension(node, field.name) != nullptr;
}

}  // namespace seawall::cel
