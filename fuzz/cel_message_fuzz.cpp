// Messages of protocol buffers: any bytes give a record or an error, and a record can be compared and written.
#include "cel/message.h"
#include "fuzz.h"

namespace seawall::cel {
namespace {

Field field(std::string name, std::uint32_t number, Wire wire, Value absent) {
  return {.name = std::move(name), .absent = absent, .number = number, .wire = wire};
}

Field holding(std::string name, std::uint32_t number, const Schema& schema, Value absent) {
  auto made = field(std::move(name), number, Wire::message, absent);
  made.presence = true;
  made.held = &schema;
  return made;
}

Field many(Field one) {
  one.repeated = true;
  one.presence = false;
  one.absent = Value::list(nullptr, 0);
  return one;
}

// Numbers below 16, so that one byte is a tag.
class Protocol {
 public:
  Protocol() {
    auto& any = schemas.add("google.protobuf.Any");
    any.add(field("type_url", 1, Wire::string, Value::string("")));
    any.add(field("value", 2, Wire::bytes, Value::bytes("")));
    auto& duration = schemas.add("google.protobuf.Duration");
    duration.add(field("seconds", 1, Wire::int64, Value::integer(0)));
    duration.add(field("nanos", 2, Wire::int32, Value::integer(0)));
    auto& entry = schemas.add("E");
    entry.add(field("key", 1, Wire::sint64, Value::integer(0)));
    entry.add(field("value", 2, Wire::floating64, Value::floating(0)));
    auto& self = schemas.add("M");
    self.add(field("number", 1, Wire::int32, Value::integer(0)));
    self.add(many(field("numbers", 2, Wire::sint32, Value())));
    self.add(holding("child", 3, self, self.blank()));
    self.add(many(holding("children", 4, self, Value())));
    self.add(holding("any", 5, any, Value()));
    self.add(holding("length", 6, duration, Value::duration({})));
    auto map = many(holding("map", 7, entry, Value()));
    map.type = types.map(TypeKind::integer, TypeKind::floating);
    map.absent = Value::map(nullptr, 0);
    self.add(map);
    auto group = holding("group", 8, self, self.blank());
    group.wire = Wire::group;
    self.add(group);
    for (std::uint32_t number : {9U, 10U}) {
      auto choice = field("choice" + std::to_string(number), number, Wire::fixed32, Value::unsigned_integer(0));
      choice.presence = true;
      choice.oneof = 0;
      self.add(choice);
    }
    schemas.add_extension("ext", {"M", many(field("ext", 15, Wire::string, Value()))});
    message = &self;
  }
  Types types;
  Schemas schemas;
  const Schema* message;
};

}  // namespace
}  // namespace seawall::cel

SW_FUZZ(cel_message, "= =\x08\x01 =\x1A\x02\x08\x01 =\x3A\x02\x08\x01 =\x43\x08\x01\x44") {
  using namespace seawall::cel;
  static const Protocol protocol;
  Arena arena(std::size_t{4} << 20);
  auto record = decode_message(arena, protocol.schemas, *protocol.message, data);
  if (!record) return;
  for (const auto& field : protocol.message->fields()) read_field(*record, field);
  std::uint64_t steps = 1 << 20;
  if (text(*record).find("NaN") == std::string::npos && equal(*record, *record, steps) == false) __builtin_trap();
}
