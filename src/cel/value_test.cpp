#include "cel/value.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cel/schema.h"
#include "codec/json.h"

namespace seawall::cel {
namespace {

Value map_of(Arena& arena, std::vector<MapEntry> entries) {
  MapBuilder builder(arena, entries.size());
  for (auto& [key, value] : entries) REQUIRE(builder.add(key, value) == MapBuilder::Added::yes);
  return *builder.finish();
}

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
constexpr auto largest_unsigned = std::numeric_limits<std::uint64_t>::max();

TEST_CASE("numbers compare by value whatever their types") {
  struct Case {
    std::string_view name;
    Value left, right;
    int sign;
  };
  const Case cases[] = {
      {"int and uint", Value::integer(1), Value::unsigned_integer(1), 0},
      {"a negative int is below every uint", Value::integer(-1), Value::unsigned_integer(0), -1},
      {"the uint beyond all ints is above them", Value::integer(largest), Value::unsigned_integer(1ULL << 63), -1},
      {"a double between two ints", Value::integer(1), Value::floating(1.5), -1},
      {"a negative double between two ints", Value::integer(-1), Value::floating(-1.5), 1},
      {"2^53 + 1 is taken for its nearest double", Value::integer((1LL << 53) + 1), Value::floating(9007199254740992.0),
       0},
      {"the largest int is taken for 2^63", Value::integer(largest), Value::floating(9223372036854775808.0), 0},
      {"the smallest int is -2^63", Value::integer(smallest), Value::floating(-9223372036854775808.0), 0},
      {"the largest uint is taken for 2^64", Value::unsigned_integer(largest_unsigned),
       Value::floating(18446744073709551616.0), 0},
      {"infinity is above all", Value::unsigned_integer(largest_unsigned), Value::floating(HUGE_VAL), -1},
      {"a uint is above a small negative double", Value::unsigned_integer(0), Value::floating(-0.5), 1},
      {"minus zero is zero", Value::floating(-0.0), Value::integer(0), 0},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    auto forward = order(each.left, each.right), backward = order(each.right, each.left);
    REQUIRE(forward);
    REQUIRE(backward);
    CHECK(((*forward > 0) - (*forward < 0)) == each.sign);
    CHECK(((*backward > 0) - (*backward < 0)) == -each.sign);
    CHECK(equal(each.left, each.right) == (each.sign == 0));
    CHECK(equal(each.right, each.left) == (each.sign == 0));
  }
}

TEST_CASE("NaN equals nothing and has no order") {
  auto nan = Value::floating(NAN);
  for (const auto& other : {nan, Value::integer(0), Value::unsigned_integer(0), Value::floating(1)}) {
    CHECK_FALSE(equal(nan, other));
    CHECK_FALSE(equal(other, nan));
    CHECK_FALSE(order(nan, other));
    CHECK(unordered(other, nan));
  }
  CHECK_FALSE(unordered(Value::string("a"), Value::integer(1)));
  CHECK_FALSE(order(Value::string("a"), Value::integer(1)));
}

TEST_CASE("texts, truth values and times are ordered, containers are not") {
  CHECK(*order(Value::string("a"), Value::string("b")) < 0);
  CHECK(*order(Value::string("z"), Value::string("\xC3\xA9")) < 0);
  CHECK(*order(Value::boolean(false), Value::boolean(true)) < 0);
  CHECK(*order(Value::timestamp({1, 5}), Value::timestamp({1, 4})) > 0);
  CHECK(*order(Value::duration({-1, -5}), Value::duration({-1, -4})) < 0);
  CHECK_FALSE(order(Value::list(nullptr, 0), Value::list(nullptr, 0)));
  CHECK_FALSE(order(Value(), Value()));
}

TEST_CASE("lists and maps are equal by content, documents included") {
  Arena arena;
  Value own[] = {Value::unsigned_integer(1), Value::string("x")};
  auto list = codec::parse_json(R"([1, "x"])");
  REQUIRE(list);
  CHECK(equal(Value::list(own, 2), Value::document(list->root())));
  CHECK_FALSE(equal(Value::list(own, 1), Value::document(list->root())));

  auto left = codec::parse_json(R"({"a": 1, "b": {"c": [true, null]}})");
  auto right = codec::parse_json(R"({"b": {"c": [true, null]}, "a": 1.0})");
  REQUIRE((left && right));
  CHECK(equal(Value::document(left->root()), Value::document(right->root())));
  auto made = map_of(
      arena, {{Value::string("b"), Value::document(right->root()["b"])}, {Value::string("a"), Value::integer(1)}});
  CHECK(equal(made, Value::document(left->root())));
  CHECK(equal(Value::document(left->root()), made));
}

TEST_CASE("large documents with their members in another order are compared quickly") {
  std::string forward = "{", backward = "{";
  constexpr int count = 20000;
  for (int i = 0; i < count; ++i) {
    forward += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":" + std::to_string(i);
    auto j = count - 1 - i;
    backward += (i ? ",\"k" : "\"k") + std::to_string(j) + "\":" + std::to_string(j);
  }
  auto left = codec::parse_json(forward + "}"), right = codec::parse_json(backward + "}");
  REQUIRE((left && right));
  CHECK(equal(Value::document(left->root()), Value::document(right->root())));
}

TEST_CASE("values that share their parts are compared within a budget") {
  Arena arena;
  auto grown = [&] {
    Value value = Value::list(nullptr, 0);
    for (int i = 0; i < 60; ++i) {
      auto* both = arena.array<Value>(2);
      both[0] = both[1] = value;
      value = Value::list(both, 2);
    }
    return value;
  };
  std::uint64_t steps = 10000;
  CHECK_FALSE(equal(grown(), grown(), steps));
  CHECK(steps == 0);
  steps = 10;
  CHECK(equal(Value::integer(1), Value::integer(1), steps) == true);
  CHECK(text(grown()).size() < 200000);
}

TEST_CASE("maps find keys of any number type, indexed or not") {
  Arena arena;
  for (int size : {3, 7, 8, 9, 1000}) {
    CAPTURE(size);
    MapBuilder builder(arena, static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i)
      REQUIRE(builder.add(Value::integer(i), Value::integer(i * i)) == MapBuilder::Added::yes);
    auto map = *builder.finish();
    for (int i = 0; i < size; ++i) {
      CHECK(map.find(Value::integer(i))->as_integer() == i * i);
      CHECK(map.find(Value::unsigned_integer(static_cast<unsigned>(i)))->as_integer() == i * i);
      CHECK(map.find(Value::floating(i))->as_integer() == i * i);
    }
    CHECK_FALSE(map.find(Value::floating(0.5)));
    CHECK_FALSE(map.find(Value::integer(-1)));
    CHECK_FALSE(map.find(Value::string("0")));
    CHECK_FALSE(map.find(Value::boolean(true)));
  }
  auto exact =
      map_of(arena, {{Value::integer((1LL << 53) + 1), Value()}, {Value::unsigned_integer(1ULL << 63), Value()}});
  CHECK_FALSE(exact.find(Value::floating(9007199254740992.0)));
  CHECK(exact.find(Value::floating(9223372036854775808.0)));
  CHECK_FALSE(exact.find(Value::integer(smallest)));
}

TEST_CASE("maps find texts by value and by prepared key") {
  Arena arena;
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("a rather long name of a key, number " + std::to_string(i));
  std::vector<MapEntry> entries;
  for (auto& name : names) entries.push_back({Value::string(name), Value::string(name)});
  entries.push_back({Value::boolean(true), Value::integer(1)});
  auto map = map_of(arena, entries);
  for (auto& name : names) {
    Value scratch;
    auto* found = map.find(codec::Key(name), scratch);
    REQUIRE(found);
    CHECK(found->as_text() == name);
    CHECK(map.find(Value::string(name)));
  }
  CHECK(map.find(Value::boolean(true)));
  CHECK_FALSE(map.find(Value::boolean(false)));
  auto document = codec::parse_json(R"({"a": null, "b": 1})");
  auto root = Value::document(document->root());
  Value scratch;
  CHECK(root.find(codec::Key("a"), scratch) != nullptr);
  CHECK(scratch.is(Kind::null));
  CHECK(root.find(codec::Key("c"), scratch) == nullptr);
  CHECK(root.find(Value::string("b"))->as_integer() == 1);
  CHECK_FALSE(root.find(Value::integer(1)));
  CHECK_FALSE(Value::map(nullptr, 0).find(Value::integer(1)));
}

TEST_CASE("a map builder refuses duplicates and stays within its memory") {
  Arena arena;
  for (std::size_t capacity : {2U, 20U}) {
    MapBuilder builder(arena, capacity);
    CHECK(builder.add(Value::integer(1), Value()) == MapBuilder::Added::yes);
    CHECK(builder.add(Value::floating(1.0), Value()) == MapBuilder::Added::duplicate);
    CHECK(builder.finish()->size() == 1);
  }
  Arena tiny(256);
  MapBuilder builder(tiny, 1000);
  CHECK(builder.add(Value::integer(1), Value()) == MapBuilder::Added::out_of_memory);
  CHECK_FALSE(builder.finish());
}

TEST_CASE("records are equal as messages are") {
  Schema schema("a.Message"), other("a.Other");
  schema.add({.name = "plain", .type = TypeKind::integer, .absent = Value::integer(0), .number = 1});
  schema.add(
      {.name = "tracked", .type = TypeKind::integer, .absent = Value::integer(0), .presence = true, .number = 2});
  Value zeros[] = {Value::integer(0), Value::integer(0)}, ones[] = {Value::integer(1), Value::integer(0)};
  std::uint64_t none = 0, first = 1, second = 2;
  RecordNode unset{&schema, zeros, &none}, set{&schema, zeros, &second}, one{&schema, ones, &first},
      foreign{&other, zeros, &none};
  RecordNode zero_written{&schema, zeros, &first};
  auto same = [](RecordNode& a, RecordNode& b) { return equal(Value::record(&a), Value::record(&b)); };
  CHECK(same(unset, unset));
  CHECK(same(unset, zero_written));
  CHECK_FALSE(same(unset, set));
  CHECK_FALSE(same(unset, one));
  CHECK_FALSE(same(unset, foreign));
  CHECK(text(Value::record(&one)) == "a.Message{plain: 1}");
  CHECK(type_of(Value::record(&one)).name() == "a.Message");
}

TEST_CASE("types are equal by kind and name, optionals by what they hold") {
  Types types;
  Schema schema("a.Message");
  CHECK(equal(Value::type(TypeKind::list), Value::type(types.list(TypeKind::integer))));
  CHECK(equal(Value::type(schema.type()), Value::type(types.record("a.Message"))));
  CHECK_FALSE(equal(Value::type(types.record("b.Message")), Value::type(types.record("a.Message"))));
  CHECK_FALSE(equal(Value::type(TypeKind::integer), Value::type(TypeKind::unsigned_integer)));
  auto one = Value::integer(1), same = Value::floating(1);
  CHECK(equal(Value::optional_of(&one), Value::optional_of(&same)));
  CHECK_FALSE(equal(Value::optional_of(&one), Value::optional_none()));
  CHECK(equal(Value::optional_none(), Value::optional_none()));
}

constexpr OpaqueKind colour{.type_name = "colour",
                            .equal = [](const OpaqueNode&, const OpaqueNode&) noexcept { return true; },
                            .print = [](const OpaqueNode&) -> std::string { return "red"; }};
constexpr OpaqueKind taste{.type_name = "taste", .equal = colour.equal, .print = colour.print};

TEST_CASE("opaque values compare by their kind's own rule") {
  OpaqueNode red{&colour}, sweet{&taste};
  CHECK(equal(Value::opaque(&red), Value::opaque(&red)));
  CHECK_FALSE(equal(Value::opaque(&red), Value::opaque(&sweet)));
  CHECK(type_of(Value::opaque(&red)).name() == "colour");
  CHECK(text(Value::opaque(&red)) == "red");
}

TEST_CASE("values are written as the language writes them") {
  Arena arena;
  auto one = Value::integer(1);
  Value both[] = {Value::integer(1), Value::unsigned_integer(2)};
  const std::pair<Value, std::string_view> cases[] = {
      {Value(), "null"},
      {Value::boolean(true), "true"},
      {Value::integer(smallest), "-9223372036854775808"},
      {Value::unsigned_integer(2), "2u"},
      {Value::floating(2), "2.0"},
      {Value::floating(1e300), "1e+300"},
      {Value::floating(NAN), "NaN"},
      {Value::string("a\"\n\x01\xFF"), "\"a\\\"\\n\\x01\xEF\xBF\xBD\""},
      {Value::bytes("a\xFF"), "b\"a\\xff\""},
      {Value::timestamp({0, 250'000'000}), "timestamp(\"1970-01-01T00:00:00.25Z\")"},
      {Value::duration({-3, -5}), "duration(\"-3.000000005s\")"},
      {Value::duration({0, -500'000'000}), "duration(\"-0.5s\")"},
      {map_of(arena, {{Value::string("a"), Value::list(both, 2)}}), "{\"a\": [1, 2u]}"},
      {Value::type(TypeKind::integer), "int"},
      {Value::optional_of(&one), "optional.of(1)"},
      {Value::optional_none(), "optional.none()"},
  };
  for (const auto& [value, expected] : cases) CHECK(text(value) == expected);
}

TEST_CASE("code points are counted, not bytes") {
  CHECK(count_code_points("") == 0);
  CHECK(count_code_points("abc") == 3);
  CHECK(count_code_points("\xC3\xA9") == 1);
  std::string long_text;
  for (int i = 0; i < 100; ++i) long_text += "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
  for (std::size_t cut = 0; cut < 10; ++cut) CHECK(count_code_points(long_text.substr(cut * 10)) == 400 - cut * 4);
}

}  // namespace
}  // namespace seawall::cel
