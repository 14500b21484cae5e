#include "codec/toml.h"

#include <doctest/doctest.h>

#include "codec/json.h"

namespace seawall::codec {
namespace {

std::string as_json(std::string_view text) {
  auto document = parse_toml(text);
  if (!document) return "error: " + document.error().what;
  JsonWriter out;
  out.value(document->root());
  return out.take();
}

TEST_CASE("toml is read into values") {
  struct Case {
    std::string_view name, toml, json;
  };
  constexpr Case cases[] = {
      {"nothing is an empty object", "", "{}"},
      {"members keep the order of the source", "b = 1\na = 2\n", R"({"b":1,"a":2})"},
      {"tables in order too", "[z]\nx = 1\n[a]\ny = 2\n", R"({"z":{"x":1},"a":{"y":2}})"},
      {"arrays of tables", "[[package]]\nname = \"a\"\n[[package]]\nname = 'b'\n",
       R"({"package":[{"name":"a"},{"name":"b"}]})"},
      {"dotted keys and inline tables", "a.b.c = {d = [1, 2.50]}\n", R"({"a":{"b":{"c":{"d":[1,2.50]}}}})"},
      {"quoted keys", "\"a.b\" = true\n", R"({"a.b":true})"},
      {"dates are text as written", "d = [2024-01-31, 10:00:00, 2024-01-31T10:00:00.5+01:00]\n",
       R"({"d":["2024-01-31","10:00:00","2024-01-31T10:00:00.5+01:00"]})"},
      {"strings over several lines", "s = \"\"\"\na\nb\"\"\"\n", R"({"s":"a\nb"})"},
      {"a mark of byte order is skipped",
       "\xEF\xBB\xBF"
       "a = 1",
       R"({"a":1})"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(as_json(c.toml) == c.json);
  }
}

TEST_CASE("scalars keep their text") {
  auto document =
      parse_toml("plain = 1.10\nunder = 1_000 # x\n\"\xC3\xA4\xC3\xB6\" = { hex = 0xFF , f = 3.140 }\r\nb = false");
  REQUIRE(document);
  auto root = document->root();
  CHECK(root["plain"].scalar() == "1.10");
  CHECK(root["plain"].number() == 1.1);
  CHECK(root["under"].scalar() == "1_000");
  CHECK(root["under"].integer() == 1000);
  CHECK(root.path("\xC3\xA4\xC3\xB6", "hex").scalar() == "0xFF");
  CHECK(root.path("\xC3\xA4\xC3\xB6", "f").scalar() == "3.140");
  CHECK(root["b"].scalar() == "false");
}

TEST_CASE("bad toml is refused with its place") {
  for (std::string_view bad : {"a", "a =", "a = 1\na = 2", "[a", "a = [1", "a = {b = 1", "a = 'x", "= 1", "a = 01",
                               "a = \xFF", "[a]\n[a]\n"}) {
    CAPTURE(bad);
    auto document = parse_toml(bad);
    REQUIRE_FALSE(document);
    CHECK(document.error().code == Code::invalid);
  }
  CHECK(parse_toml("a = 1\nb = x\n").error().what.starts_with("line 2, column 5"));
}

TEST_CASE("budgets are kept") {
  CHECK(parse_toml("a = [1]", {.depth = 1}).error().code == Code::exhausted);
  CHECK(parse_toml("a = [1]", {.depth = 2}));
  CHECK(parse_toml("a = [1, 2]", {.nodes = 3}).error().code == Code::exhausted);
  CHECK(parse_toml("a = 1", {.bytes = 4}).error().code == Code::exhausted);
  std::string dots = "a";
  for (int i = 0; i < 500'000; ++i) dots += ".a";
  for (const std::string& deep :
       {"[" + dots + "]", dots + " = 1", "x = {" + dots + " = 1}", "x = {q = \"\"\"x\"\"\"\", " + dots + " = 1}",
        "x = " + std::string(500'000, '['), "x = {a=" + std::string(1000, '{')}) {
    CAPTURE(deep.substr(0, 20));
    CHECK(parse_toml(deep, {.depth = 1'000'000}).error().code == Code::exhausted);
  }
}

}  // namespace
}  // namespace seawall::codec
