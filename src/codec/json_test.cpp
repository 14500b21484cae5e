#include "codec/json.h"

#include <doctest/doctest.h>

#include <cmath>

namespace seawall::codec {
namespace {

std::string rewritten(std::string_view text) {
  auto document = parse_json(text);
  if (!document) return "error: " + document.error().what;
  JsonWriter out;
  out.value(document->root());
  return out.take();
}

TEST_CASE("json is read into values") {
  auto document =
      parse_json(R"({"name": "a\u00e4\n", "list": [1, -2.50, true, null, {}], "n": {"deep": "x"}, "name": "last"})");
  REQUIRE(document);
  auto root = document->root();
  CHECK(root.is_object());
  CHECK(root.size() == 4);
  CHECK(root["name"].text() == "last");
  CHECK((*root.members().begin()).value.text() == "a\xC3\xA4\n");
  CHECK(root.path("n", "deep").text() == "x");
  CHECK_FALSE(root.path("n", "absent", "deeper"));
  auto list = root["list"];
  CHECK(list.size() == 5);
  CHECK(list.at(0).integer() == 1);
  CHECK(list.at(0).number() == 1.0);
  CHECK(list.at(1).number() == -2.5);
  CHECK(list.at(1).scalar() == "-2.50");
  CHECK_FALSE(list.at(1).integer());
  CHECK(list.at(2).boolean() == true);
  CHECK(list.at(2).scalar() == "true");
  CHECK(list.at(3).kind() == Kind::null);
  CHECK(list.at(4).is_object());
  CHECK_FALSE(list.at(5));
  CHECK_FALSE(list["name"]);
  std::size_t seen = 0;
  for (auto item : list.items()) seen += item.kind() == Kind::null ? 0 : 1;
  CHECK(seen == 4);
  CHECK(root.text_of("list").error().code == Code::invalid);
  CHECK(root.text_of("absent").error().code == Code::invalid);
  CHECK(root.text_or("absent", "fallback") == "fallback");
}

TEST_CASE("values live through a move of their document") {
  auto document = parse_json(R"(["text"])");
  REQUIRE(document);
  auto item = document->root().at(0);
  auto moved = std::move(*document);
  CHECK(item.text() == "text");
  CHECK(moved.root().at(0).text() == "text");
  CHECK_FALSE(Document().root());
}

TEST_CASE("whatever is json is taken and comes back") {
  constexpr std::string_view cases[] = {
      "null",
      "true",
      "\"\"",
      "0",
      "-0",
      "1.5e300",
      "[]",
      "{}",
      "[[],{}]",
      R"({"":[{"a":""}]})",
      "12345678901234567890123",
      "1e999",
      "9223372036854775807",
      R"("\u0001\"\\")",
  };
  for (auto text : cases) {
    CAPTURE(text);
    CHECK(rewritten(text) == (text == "-0" ? "0" : text));
  }
  CHECK(rewritten(" \r\n\t[ 1 , 2 ] \n") == "[1,2]");
  CHECK(rewritten("\xEF\xBB\xBF{}") == "{}");
  CHECK(rewritten(R"(["\/\ud83c\udf0a"])") == "[\"/\xF0\x9F\x8C\x8A\"]");
}

TEST_CASE("numbers beyond a double are infinite or zero, and keep their text") {
  CHECK(parse_json("1e999")->root().number() == HUGE_VAL);
  CHECK(parse_json("-1e999")->root().number() == -HUGE_VAL);
  CHECK(parse_json("1e-999")->root().number() == 0.0);
  CHECK(parse_json("1e-999")->root().scalar() == "1e-999");
}

TEST_CASE("what is no json is invalid") {
  constexpr std::string_view cases[] = {
      "",
      " ",
      "[",
      "]",
      "{",
      "}",
      "[1",
      "[1,",
      "[1,]",
      "[,1]",
      "[1 2]",
      "{\"a\"}",
      "{\"a\":}",
      "{\"a\":1,}",
      "{a:1}",
      "{\"a\" 1}",
      "{\"a\":1 \"b\":2}",
      "01",
      "1.",
      ".5",
      "-",
      "+1",
      "1e",
      "nul",
      "nullx",
      "truefalse",
      "\"",
      "\"a",
      "\"\\x\"",
      "\"\\u12\"",
      "'a'",
      "[1]x",
      "[1][2]",
      "1 2",
      "1\f",
      "\"a\" \"b\"",
      "true false",
      "null null",
      "[1}",
      "{\"a\":1]",
      "[[1]",
      "[[1]]]",
      "[\"a\nb\"]",
      "\"\x80\"",
      "[\xFF]",
      "NaN",
      "Infinity",
      "[1]//x",
      "[1,,2]",
      "[1\v]",
      "{\"a\":1}}",
      "[}",
      "{]",
      "[:]",
      "{1:2}",
      "[\"\\ud800\"]",
  };
  for (auto text : cases) {
    CAPTURE(text);
    auto document = parse_json(text);
    REQUIRE_FALSE(document);
    CHECK(document.error().code == Code::invalid);
  }
}

TEST_CASE("errors name the place") {
  CHECK(parse_json("{\n  \"a\": 1,\n  \"b\": x\n}").error().what.starts_with("line 3, column 8"));
  CHECK(parse_json("[\n\"\x80\"]").error().what.starts_with("line 2, column 2"));
  CHECK(parse_json("[1,\n01]").error().what.starts_with("line 2, column 1"));
}

TEST_CASE("budgets are kept") {
  CHECK(parse_json("[1,2,3]", {.bytes = 6}).error().code == Code::exhausted);
  CHECK(parse_json("[1,2,3]", {.nodes = 3}).error().code == Code::exhausted);
  CHECK(parse_json("[1,2,3]", {.nodes = 4}));
  CHECK(parse_json("[[1]]", {.depth = 1}).error().code == Code::exhausted);
  CHECK(parse_json("[[1]]", {.depth = 2}));
  CHECK(parse_json("1", {.depth = 0}));
  std::string deep(5'000'000, '[');
  CHECK(parse_json(deep, {.depth = 1'000'000}).error().code != Code::internal);
  for (std::size_t depth : {1000U, 1001U}) {
    auto text = std::string(depth, '[') + std::string(depth, ']');
    CHECK(parse_json(text, {.depth = 1'000'000}).has_value() == (depth == 1000));
  }
}

TEST_CASE("a big text and then small ones") {
  std::string big = "[";
  for (int i = 0; i < 300000; ++i) big += "\"text\",";
  big += "1]";
  CHECK(parse_json(big)->root().size() == 300001);
  CHECK(parse_json("[1]")->root().size() == 1);
}

TEST_CASE("lenient json takes comments and trailing commas") {
  auto document = parse_json_lenient(R"(// first
{ /* a */ "url": "http://x/*y*/", // b
  "list": [1, 2, ], "quote": "\",]",
  "o": {"a": 1, /* c */ }, // d
})");
  REQUIRE(document);
  auto root = document->root();
  CHECK(root["url"].text() == "http://x/*y*/");
  CHECK(root["list"].size() == 2);
  CHECK(root["quote"].text() == "\",]");
  CHECK(root["o"].size() == 1);
  for (std::string_view bad :
       {"[,]", "{,}", "[1,,]", "[1] /* x", "[1", ",", "[\"a", "[\"a\\", "/", "{\"a\":,}", ",]"}) {
    CAPTURE(bad);
    CHECK(parse_json_lenient(bad).error().code == Code::invalid);
  }
  CHECK(parse_json_lenient("[1,\n/* \n */ x]").error().what.starts_with("line 3, column 5"));
}

TEST_CASE("json is written") {
  JsonWriter out;
  out.begin_object().field("name", "a\"\xFF").field("count", 3).flag("yes", true);
  out.key("list")
      .begin_array()
      .number(1.5)
      .number(1e308 * 10)
      .null()
      .integer(INT64_MIN)
      .text("")
      .end_array()
      .end_object();
  CHECK(out.take() ==
        "{\"name\":\"a\\\"\xEF\xBF\xBD\",\"count\":3,\"yes\":true,\"list\":[1.5,null,null,-9223372036854775808,\"\"]}");
  JsonWriter pretty(JsonWriter::Style::pretty);
  pretty.begin_object().field("a", "b").key("c").begin_array().end_array().end_object();
  CHECK(pretty.take() == "{\n  \"a\": \"b\",\n  \"c\": []\n}");
  pretty.begin_array().end_array();  // and is ready for the next
  CHECK(pretty.take() == "[]");
}

}  // namespace
}  // namespace seawall::codec
