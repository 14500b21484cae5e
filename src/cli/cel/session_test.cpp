#include "cli/cel/session.h"

#include <doctest/doctest.h>

#include "cli/cel/value_json.h"

using namespace seawall;
using namespace seawall::cli;

namespace {

Data data(std::string_view text) {
  auto parsed = parse_data(text);
  REQUIRE_MESSAGE(parsed, parsed.error().what);
  return std::move(*parsed);
}

std::string value_of(CelSession& session, std::string_view source) {
  auto value = session.evaluate(source);
  return value ? cel::text(*value) : "mistake";
}

}  // namespace

TEST_CASE("data is refused by what is wrong with it") {
  struct Case {
    std::string_view name, text;
    Code code;
  };
  const Case cases[] = {
      {"bytes that are not UTF-8", "a: \xff", Code::invalid},
      {"a key twice", "{\"a\": 1, \"a\": 2}", Code::invalid},
      {"a key twice deep in a list", "- b: [{c: 1, c: 2}]", Code::invalid},
      {"two documents", "a: 1\n---\na: 2", Code::invalid},
      {"neither JSON nor YAML", "{\"a\": [", Code::invalid},
      {"a key that is a list", "? [a]\n: 1", Code::unsupported},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    auto parsed = parse_data(each.text);
    REQUIRE(!parsed);
    CHECK(parsed.error().code == each.code);
  }
}

TEST_CASE("a document is chosen by number, the only one that holds anything without") {
  constexpr std::string_view text = "---\n# nothing\n---\n1\n---\n";
  CHECK(parse_data(text)->root.integer() == 1);
  CHECK(parse_data("1\n---\n2", 2)->root.integer() == 2);
  for (std::int64_t number : {-1, 0, 3, 99}) CHECK(!parse_data("1\n---\n2", number));
  CHECK(parse_data("[1]", 1)->root.size() == 1);
  CHECK(!parse_data("[1]", 2));
}

TEST_CASE("members are variables until another input is loaded, named values stay") {
  CelSession session;
  CHECK(value_of(session, "spec") == "mistake");
  REQUIRE(session.load(data("{spec: {a: 1}, type: x}")));
  CHECK(value_of(session, "spec.a + object.spec.a") == "2");
  CHECK(value_of(session, "type(type) == type(type)") == "true");
  REQUIRE(session.let("kept", "object.spec"));
  REQUIRE(session.load(data("{other: 1, kept: 5}")));
  CHECK(value_of(session, "spec") == "mistake");
  CHECK(value_of(session, "kept.a") == "1");
  REQUIRE(session.let("kept", "kept.a + 1"));
  CHECK(value_of(session, "kept + object.kept") == "7");
}

TEST_CASE("an undecided value gets no name, a mistake is an error") {
  CelSession session;
  auto value = session.let("x", "1 / 0");
  REQUIRE(value);
  CHECK(value->is_error());
  CHECK(!session.variables().contains("x"));
  CHECK(session.let("x", "1 +").error().code == Code::invalid);
  for (auto name : {"int", "in", "a.b", "", "1", ".a", "a b"}) CHECK(!session.let(name, "1"));
}

TEST_CASE("an explanation that is undecided says where") {
  CelSession session;
  REQUIRE(session.load(data("{a: {}}")));
  auto explanation = session.explain("true && a.b == 1");
  REQUIRE(explanation);
  REQUIRE(explanation->value.is_error());
  CHECK(explanation->value.as_error().place != UINT32_MAX);
}

TEST_CASE("what JSON can't hold is refused or written as text") {
  struct Case {
    std::string_view source, json;  // empty: refused
  };
  const Case cases[] = {
      {"18446744073709551615u", "18446744073709551615"},
      {"{1: 'a', '1': 'b'}", ""},
      {"{'1': 'b', 1: 'a'}", ""},
      {"{true: double('-Infinity')}", R"({"true":"-Infinity"})"},
      {"[optional.none(), optional.of(b'ab')]", R"([null,"YWI="])"},
      {"{'q': quantity('1Gi') == quantity('1024Mi')}", R"({"q":true})"},
  };
  CelSession session;
  for (const auto& each : cases) {
    CAPTURE(each.source);
    auto value = session.evaluate("dyn(" + std::string(each.source) + ")");
    REQUIRE_MESSAGE(value, value.error().what);
    codec::JsonWriter json;
    auto written = write_json(json, *value);
    CHECK(written.has_value() == !each.json.empty());
    if (written) CHECK(json.take() == each.json);
  }
}

TEST_CASE("values that share their parts are not written out without end") {
  std::string source = "[1,2,3,4,5,6,7,8,9,10]";
  for (int i = 0; i < 9; ++i) source = "cel.bind(x, " + source + ", [x,x,x,x,x,x,x,x,x,x])";
  CelSession session;
  auto value = session.evaluate(source);
  REQUIRE_MESSAGE(value, value.error().what);
  REQUIRE(!value->is_error());
  codec::JsonWriter json;
  CHECK(write_json(json, *value).error().code == Code::exhausted);
}
