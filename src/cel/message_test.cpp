#include "cel/message.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "codec/binary.h"

namespace seawall::cel {
namespace {

class TestCall : public Call {
 public:
  TestCall() { arena_ = &own_; }
  const Regex* regex(std::string_view, Value&) override { return nullptr; }
  const void* host(std::string_view) const noexcept override { return nullptr; }

 private:
  Arena own_;
};

// A protocol of one message "t.Message" that has a field of each sort, and the well-known ones that it needs.
class Protocol {
 public:
  Protocol() {
    auto& int32 = message("google.protobuf.Int32Value", {plain("value", 1, Wire::int32, Value::integer(0))});
    auto& any = message("google.protobuf.Any", {plain("type_url", 1, Wire::string, Value::string("")),
                                                plain("value", 2, Wire::bytes, Value::bytes(""))});
    auto& timestamp = message("google.protobuf.Timestamp", {plain("seconds", 1, Wire::int64, Value::integer(0)),
                                                            plain("nanos", 2, Wire::int32, Value::integer(0))});
    auto& value = schemas.add("google.protobuf.Value");
    auto& list = message("google.protobuf.ListValue", {many(held("values", 1, value, Value()))});
    value.add(one_of(plain("null_value", 1, Wire::enumeration, Value())));
    value.add(one_of(plain("number_value", 2, Wire::floating64, Value::floating(0))));
    value.add(one_of(plain("string_value", 3, Wire::string, Value::string(""))));
    value.add(one_of(held("list_value", 6, list, Value::list(nullptr, 0))));
    auto& entry = message("t.Message.NamesEntry", {plain("key", 1, Wire::string, Value::string("")),
                                                   plain("value", 2, Wire::int32, Value::integer(0))});
    auto& self = schemas.add("t.Message");
    self.add(plain("number", 1, Wire::int32, Value::integer(0)));
    self.add(tracked(plain("tracked", 2, Wire::sint64, Value::integer(-32))));
    self.add(many(plain("numbers", 3, Wire::uint32, Value())));
    self.add(held("child", 4, self, self.blank()));
    self.add(held("boxed", 5, int32, Value()));
    self.add(held("any", 6, any, Value()));
    self.add(held("at", 7, timestamp, Value::timestamp({})));
    self.add(held("value", 8, value, Value()));
    auto names = many(held("names", 9, entry, Value::map(nullptr, 0)));
    names.type = types.map(TypeKind::string, TypeKind::integer);
    self.add(names);
    self.add(one_of(plain("left", 10, Wire::string, Value::string(""))));
    self.add(one_of(plain("right", 11, Wire::boolean, Value::boolean(false))));
    auto group = held("group", 12, self, self.blank());
    group.wire = Wire::group;
    self.add(group);
    self.add(plain("narrow", 13, Wire::floating32, Value::floating(0)));
    self.add(many(held("times", 14, timestamp, Value())));
    self.add(held("list", 15, list, Value::list(nullptr, 0)));
    self.add(plain("kind", 16, Wire::enumeration, Value::integer(0)));
    schemas.add_extension("t.extra", {"t.Message", tracked(plain("t.extra", 1000, Wire::int32, Value::integer(7)))});
    message_ = &self;
  }

  const Schema& schema() const { return *message_; }
  const Field& field(std::string_view name) const {
    auto* found = find_field(schemas, *message_, name);
    REQUIRE(found);
    return *found;
  }
  Result<Value> decode(std::string_view wire) { return decode_message(call.arena(), schemas, *message_, wire); }
  Value make(std::string_view name, const Value& value) {
    FieldInit init{&field(name), value};
    return make_record(call, schemas, *message_, {&init, 1});
  }
  Value read(const Value& record, std::string_view name) const { return read_field(record, field(name)); }
  bool has(const Value& record, std::string_view name) const { return has_field(record, field(name)); }

  Types types;
  Schemas schemas;
  TestCall call;

 private:
  Schema& message(std::string name, std::vector<Field> fields) {
    auto& made = schemas.add(std::move(name));
    for (auto& each : fields) made.add(each);
    return made;
  }
  static Field plain(std::string name, std::uint32_t number, Wire wire, Value absent) {
    return {.name = std::move(name), .absent = absent, .number = number, .wire = wire};
  }
  static Field tracked(Field field) {
    field.presence = true;
    return field;
  }
  static Field one_of(Field field) {
    field.oneof = 0;
    return tracked(field);
  }
  static Field held(std::string name, std::uint32_t number, const Schema& schema, Value absent) {
    auto made = tracked(plain(std::move(name), number, Wire::message, absent));
    made.held = &schema;
    return made;
  }
  static Field many(Field field) {
    field.repeated = true;
    field.presence = false;
    field.absent = Value::list(nullptr, 0);
    return field;
  }
  const Schema* message_;
};

// Writes the wire form.
class Wiring {
 public:
  Wiring& varint(unsigned number, std::uint64_t value) {
    out_.u64(number << 3);
    out_.u64(value);
    return *this;
  }
  Wiring& bytes(unsigned number, std::string_view content) {
    out_.u64(number << 3 | 2);
    out_.text(content);
    return *this;
  }
  Wiring& begin(unsigned number) { return tag(number << 3 | 3); }
  Wiring& end(unsigned number) { return tag(number << 3 | 4); }
  Wiring& fixed32(unsigned number, std::uint32_t value) {
    out_.u64(number << 3 | 5);
    out_.fixed32(value);
    return *this;
  }
  std::string text() { return out_.view(); }

 private:
  Wiring& tag(std::uint64_t value) {
    out_.u64(value);
    return *this;
  }
  codec::BinaryWriter out_;
};

TEST_CASE("an empty message has defaults and no fields set") {
  Protocol protocol;
  auto record = protocol.decode("");
  REQUIRE(record);
  for (const auto& field : protocol.schema().fields()) {
    CAPTURE(field.name);
    CHECK_FALSE(has_field(*record, field));
  }
  CHECK(protocol.read(*record, "tracked").as_integer() == -32);
  CHECK(protocol.read(*record, "boxed").is(Kind::null));
  CHECK(protocol.read(protocol.read(*record, "child"), "number").as_integer() == 0);
  CHECK(protocol.read(*record, "t.extra").as_integer() == 7);
  CHECK(equal(*record, protocol.schema().blank()));
}

TEST_CASE("messages are read from the wire") {
  struct Case {
    std::string_view name;
    std::string wire;
    std::string expected;
  };
  auto minus_one = std::numeric_limits<std::uint64_t>::max();
  const Case cases[] = {
      {"a negative int32 takes ten bytes", Wiring().varint(1, minus_one).text(), "number: -1"},
      {"a scalar written as its default is not set", Wiring().varint(1, 0).text(), ""},
      {"unless the field tracks that", Wiring().varint(2, 63).text(), "tracked: -32"},
      {"the last of a scalar wins", Wiring().varint(1, 1).varint(1, 2).text(), "number: 2"},
      {"repeated numbers one by one and packed", Wiring().varint(3, 1).bytes(3, "\2\3").varint(3, 4).text(),
       "numbers: [1u, 2u, 3u, 4u]"},
      {"a message given twice is merged",
       Wiring()
           .bytes(4, Wiring().varint(1, 1).varint(3, 1).text())
           .bytes(4, Wiring().varint(3, 2).varint(2, 2).text())
           .text(),
       "child: t.Message{number: 1, tracked: 1, numbers: [1u, 2u]}"},
      {"a wrapper is its value", Wiring().bytes(5, Wiring().varint(1, 9).text()).text(), "boxed: 9"},
      {"an empty wrapper is the default", Wiring().bytes(5, "").text(), "boxed: 0"},
      {"an Any is its content",
       Wiring().bytes(6, Wiring().bytes(1, "x.y/t.Message").bytes(2, Wiring().varint(1, 5).text()).text()).text(),
       "any: t.Message{number: 5}"},
      {"an Any of an unknown type stays one",
       Wiring().bytes(6, Wiring().bytes(1, "x.y/t.Other").bytes(2, "\xFF").text()).text(),
       "any: google.protobuf.Any{type_url: \"x.y/t.Other\", value: b\"\\xff\"}"},
      {"an Any with damaged content stays one",
       Wiring().bytes(6, Wiring().bytes(1, "x.y/t.Message").bytes(2, "\xFF").text()).text(),
       "any: google.protobuf.Any{type_url: \"x.y/t.Message\", value: b\"\\xff\"}"},
      {"a time", Wiring().bytes(7, Wiring().varint(1, 1).varint(2, 500000000).text()).text(),
       "at: timestamp(\"1970-01-01T00:00:01.5Z\")"},
      {"a Value is what it holds",
       Wiring()
           .bytes(8, Wiring().bytes(6, Wiring().bytes(1, Wiring().bytes(3, "a").text()).bytes(1, "").text()).text())
           .text(),
       "value: [\"a\", null]"},
      {"of a map's key the last value counts",
       Wiring()
           .bytes(9, Wiring().bytes(1, "a").varint(2, 1).text())
           .bytes(9, Wiring().bytes(1, "b").text())
           .bytes(9, Wiring().bytes(1, "a").varint(2, 3).text())
           .text(),
       "names: {\"a\": 3, \"b\": 0}"},
      {"of a oneof the last field counts", Wiring().bytes(10, "x").varint(11, 0).text(), "right: false"},
      {"a group", Wiring().begin(12).varint(1, 3).end(12).text(), "group: t.Message{number: 3}"},
      {"an extension", Wiring().varint(1000, 42).text(), "`t.extra`: 42"},
      {"unknown fields and groups are left out",
       Wiring().varint(500, 1).begin(501).bytes(7, "x").begin(2).end(2).end(501).fixed32(502, 1).varint(1, 1).text(),
       "number: 1"},
      {"a known number in another form is unknown", Wiring().fixed32(1, 1).text(), ""},
  };
  Protocol protocol;
  for (const auto& each : cases) {
    CAPTURE(each.name);
    auto record = protocol.decode(each.wire);
    REQUIRE(record);
    CHECK(text(*record) == "t.Message{" + each.expected + "}");
  }
}

TEST_CASE("damaged messages are refused") {
  const std::pair<std::string_view, std::string> cases[] = {
      {"a number cut off", "\x08\xFF"},
      {"a length beyond the end", "\x52\x7F"},
      {"no field has number 0", std::string("\0\1", 2)},
      {"no such wire type", "\x0F"},
      {"a group that does not end", Wiring().begin(12).varint(1, 1).text()},
      {"the end of another group", Wiring().begin(12).end(13).text()},
      {"an end without a group", Wiring().end(500).text()},
      {"a time out of range", Wiring().bytes(7, Wiring().varint(2, 2000000000).text()).text()},
      {"a packed field cut off", Wiring().bytes(3, "\xFF").text()},
      {"unknown groups without end", std::string(100000, '\x0B' + 0x70)},
  };
  Protocol protocol;
  for (const auto& [name, wire] : cases) {
    CAPTURE(name);
    auto record = protocol.decode(wire);
    REQUIRE_FALSE(record);
    CHECK(record.error().code == Code::corrupt);
  }
}

TEST_CASE("nesting and memory are limited") {
  Protocol protocol;
  std::string wire;
  for (int i = 0; i < 300; ++i) wire = Wiring().bytes(4, wire).text();
  auto deep = protocol.decode(wire);
  REQUIRE_FALSE(deep);
  CHECK(deep.error().code == Code::corrupt);

  std::string many;
  for (int i = 0; i < 100000; ++i) many += Wiring().bytes(8, Wiring().bytes(6, "").text()).text();
  Arena tiny(100000);
  auto large = decode_message(tiny, protocol.schemas, protocol.schema(), many);
  REQUIRE_FALSE(large);
  CHECK(large.error().code == Code::exhausted);
}

TEST_CASE("literals fit values to their fields") {
  Protocol protocol;
  auto& arena = protocol.call.arena();
  Value pair[] = {Value::timestamp({1, 0}), Value()};
  Value mixed[] = {Value::integer(1), Value::integer(1LL << 60), Value::bytes("a")};
  struct Case {
    std::string_view field;
    Value value;
    std::string expected;
  };
  const Case cases[] = {
      {"number", Value::integer(5), "number: 5"},
      {"number", Value::integer(0), ""},
      {"tracked", Value::integer(-32), "tracked: -32"},
      {"boxed", Value::integer(0), "boxed: 0"},
      {"boxed", Value(), ""},
      {"child", Value(), ""},
      {"child", protocol.schema().blank(), "child: t.Message{}"},
      {"any", Value(), "any: null"},
      {"any", Value::unsigned_integer(1), "any: 1u"},
      {"value", Value(), "value: null"},
      {"value", Value::integer(1), "value: 1.0"},
      {"value", Value::integer(-(1LL << 53)), "value: \"-9007199254740992\""},
      {"value", Value::list(mixed, 3), "value: [1.0, \"1152921504606846976\", \"YQ==\"]"},
      {"narrow", Value::floating(1.1), "narrow: 1.100000023841858"},
      {"narrow", Value::floating(-1e300), "narrow: -Infinity"},
      {"narrow", Value::floating(1e-60), ""},
      {"times", Value::list(pair, 2), "times: [timestamp(\"1970-01-01T00:00:01Z\")]"},
      {"kind", Value::integer(99), "kind: 99"},
      {"t.extra", Value::integer(1), "`t.extra`: 1"},
      {"names", Value::map(nullptr, 0), ""},
  };
  for (const auto& each : cases) {
    CAPTURE(each.expected);
    CHECK(text(protocol.make(each.field, each.value)) == "t.Message{" + each.expected + "}");
  }
  CHECK(arena.budget() > 0);
}

TEST_CASE("values that do not fit are errors") {
  Protocol protocol;
  Value texts[] = {Value::string("x")};
  struct Case {
    std::string_view field;
    Value value;
    ErrorCode code;
  };
  const Case cases[] = {
      {"number", Value::integer(12345678900), ErrorCode::out_of_range},
      {"boxed", Value::integer(12345678900), ErrorCode::out_of_range},
      {"kind", Value::integer(-7000000000), ErrorCode::out_of_range},
      {"number", Value::unsigned_integer(1), ErrorCode::no_such_overload},
      {"number", Value(), ErrorCode::no_such_overload},
      {"numbers", Value(), ErrorCode::no_such_overload},
      {"numbers", Value::list(texts, 1), ErrorCode::no_such_overload},
      {"names", Value(), ErrorCode::no_such_overload},
      {"list", Value(), ErrorCode::no_such_overload},
      {"at", Value::integer(1), ErrorCode::no_such_overload},
      {"value", Value::optional_none(), ErrorCode::bad_argument},
  };
  for (const auto& each : cases) {
    CAPTURE(each.field);
    auto made = protocol.make(each.field, each.value);
    REQUIRE(made.is_error());
    CHECK(made.as_error().code == each.code);
  }
}

TEST_CASE("literals of well-known messages are what they mean") {
  Protocol protocol;
  auto make = [&](std::string_view name, std::vector<std::pair<std::string_view, Value>> fields) {
    auto* schema = protocol.schemas.find(name);
    std::vector<FieldInit> inits;
    for (auto& [field, value] : fields) inits.push_back({schema->find(field), value});
    return text(make_record(protocol.call, protocol.schemas, *schema, inits));
  };
  CHECK(make("google.protobuf.Int32Value", {{"value", Value::integer(4)}}) == "4");
  CHECK(make("google.protobuf.Int32Value", {}) == "0");
  CHECK(make("google.protobuf.Value", {}) == "null");
  CHECK(make("google.protobuf.Value", {{"string_value", Value::string("")}}) == "\"\"");
  CHECK(make("google.protobuf.Timestamp", {{"seconds", Value::integer(1)}}) == "timestamp(\"1970-01-01T00:00:01Z\")");
  CHECK(make("google.protobuf.Any", {}).starts_with("error"));
  CHECK(make("google.protobuf.Any", {{"type_url", Value::string("a/t.Message")}, {"value", Value::bytes("\x08\5")}}) ==
        "t.Message{number: 5}");
}

TEST_CASE("records become JSON as protocol buffers write it") {
  Protocol protocol;
  auto record = protocol.make("tracked", Value::integer(5));
  CHECK(text(json_value(protocol.call, record)) == "{\"tracked\": \"5\"}");
  CHECK(text(json_value(protocol.call, protocol.schema().blank())) == "{}");
  CHECK(text(json_value(protocol.call, Value::duration({1, 500000000}))) == "\"1.5s\"");
}

}  // namespace
}  // namespace seawall::cel
