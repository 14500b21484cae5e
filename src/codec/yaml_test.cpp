#include "codec/yaml.h"

#include <doctest/doctest.h>

#include <cmath>

#include "codec/json.h"

namespace seawall::codec {
namespace {

std::string as_json(const Result<Document>& document) {
  if (!document) return "error: " + document.error().what;
  JsonWriter out;
  out.value(document->root());
  return out.take();
}

TEST_CASE("plain scalars are resolved by the core schema") {
  struct Case {
    std::string_view name, yaml, json;
  };
  constexpr Case cases[] = {
      {"an empty stream is null", "", "null"},
      {"nulls", "[~, null, Null, NULL, ]", "[null,null,null,null]"},
      {"a member without value", "a:", R"({"a":null})"},
      {"booleans", "[true, False, TRUE]", "[true,false,true]"},
      {"words of YAML 1.1 are text", "[yes, no, on, off, y]", R"(["yes","no","on","off","y"])"},
      {"integers", "[0, -7, +7, 010, 0x1F, 0o17]", "[0,-7,7,10,31,15]"},
      {"fractions", "[1.10, .5, 1e3, -2.E1]", "[1.10,0.5,1e3,-20.0]"},
      {"quoted numbers are text", R"(['1', "1.0"])", R"(["1","1.0"])"},
      {"versions are text", "[1.2.3, 1_000, v1, 0x, 0xZ, ., -, 1e, 0x-1]",
       R"(["1.2.3","1_000","v1","0x","0xZ",".","-","1e","0x-1"])"},
      {"dates are text", "[2024-01-31, 2024-01-31T10:00:00Z]", R"(["2024-01-31","2024-01-31T10:00:00Z"])"},
      {"a string tag makes text", "!!str 1", R"("1")"},
      {"an integer tag makes a number", "!!int '1'", "1"},
      {"other tags make text", "!mine 1", R"("1")"},
      {"block scalars", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", R"({"a":"x\ny\n","b":"x y"})"},
      {"keys stay as written", "1.0: a\ntrue: b\n~: c\n", R"({"1.0":"a","true":"b","~":"c"})"},
      {"the first document only", "a: 1\n---\nb: 2\n", R"({"a":1})"},
      {"JSON is YAML", R"({"a": [1, "b"]})", R"({"a":[1,"b"]})"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(as_json(parse_yaml(c.yaml)) == c.json);
  }
}

TEST_CASE("scalars keep their text") {
  auto document = parse_yaml("version: 1.10\nbig: 123456789012345678901234567890\nyes: True\nhex: 0x1F\ninf: -.inf\n");
  REQUIRE(document);
  auto root = document->root();
  CHECK(root["version"].scalar() == "1.10");
  CHECK(root["version"].number() == 1.1);
  CHECK(root["version"].text().empty());
  CHECK(root["big"].scalar() == "123456789012345678901234567890");
  CHECK_FALSE(root["big"].integer());
  CHECK(root["yes"].scalar() == "True");
  CHECK(root["hex"].scalar() == "0x1F");
  CHECK(root["hex"].integer() == 31);
  CHECK(std::isinf(*root["inf"].number()));
}

TEST_CASE("aliases and merge keys") {
  struct Case {
    std::string_view name, yaml, json;
  };
  constexpr Case cases[] = {
      {"an alias repeats its anchor", "a: &x [1]\nb: *x\n", R"({"a":[1],"b":[1]})"},
      {"an anchor may be set again", "[&x 1, *x, &x 2, *x]", "[1,1,2,2]"},
      {"a key may be an anchor and an alias", "&k a: 1\nb: *k\n", R"({"a":1,"b":"a"})"},
      {"an alias as key", "- &k a\n- *k : 1\n", R"(["a",{"a":1}])"},
      {"merged members come first", "- &x {a: 1, b: 2}\n- {c: 3, <<: *x}\n", R"([{"a":1,"b":2},{"a":1,"b":2,"c":3}])"},
      {"own members win wherever they stand", "- &x {a: 1, b: 2}\n- {a: 9, <<: *x, b: 8}\n",
       R"([{"a":1,"b":2},{"a":9,"b":8}])"},
      {"the first of several wins", "- &x {a: 1}\n- &y {a: 2, b: 3}\n- <<: [*x, *y]\n",
       R"([{"a":1},{"a":2,"b":3},{"b":3,"a":1}])"},
      {"a quoted key is no merge", R"({"<<": {a: 1}})", R"({"<<":{"a":1}})"},
      {"a mapping merged in place", "<<: {a: 1}\nb: 2\n", R"({"a":1,"b":2})"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(as_json(parse_yaml(c.yaml)) == c.json);
  }
}

TEST_CASE("all documents of a stream") {
  CHECK(as_json(parse_yaml_all("a: 1\n---\n- b\n---\n")) == R"([{"a":1},["b"],null])");
  CHECK(as_json(parse_yaml_all("")) == "[]");
  CHECK(parse_yaml_all("a: &x 1\n---\nb: *x\n").error().code == Code::invalid);
}

TEST_CASE("bad yaml is refused with its place") {
  for (std::string_view bad :
       {"a: [", "a: b: c", "\tx: 1", "*none", "&a [*a]", "{<<: 1}", "{<<: [1]}", "a: \"x", "- a\nb: c",
        "%YAML 9.9\n---\n", "\xFF x", "a: \x01", "? [a]\n: b\n", "? {a: b}\n: c\n", "- &x [a]\n- *x : 1\n"}) {
    CAPTURE(bad);
    auto document = parse_yaml(bad);
    REQUIRE_FALSE(document);
    CHECK((document.error().code == Code::invalid || document.error().code == Code::unsupported));
  }
  CHECK(parse_yaml("a: 1\nb: *c\n").error().what.starts_with("line 2, column 4"));
}

TEST_CASE("bombs run out of budget") {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i) {
    auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k == 0 ? "" : ",") + before;
    bomb += "]\n";
  }
  CHECK(parse_yaml(bomb).error().code == Code::exhausted);

  std::string tower = "a0: &a0 [x]\n";  // each alias is shallow, together they are deep
  for (int i = 1; i < 200; ++i)
    tower += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  CHECK(parse_yaml(tower).error().code == Code::exhausted);

  std::string merges = "a: &a {";
  for (int i = 0; i < 1000; ++i) merges += "k" + std::to_string(i) + ": x, ";
  merges += "}\nb: [";
  for (int i = 0; i < 1000; ++i) merges += "{<<: *a}, ";
  CHECK(parse_yaml(merges + "]\n", {.nodes = 100'000}).error().code == Code::exhausted);

  CHECK(parse_yaml(std::string(500, '['), {.depth = 400}).error().code == Code::exhausted);
  CHECK_FALSE(parse_yaml(std::string(100'000, '[')));
  CHECK_FALSE(parse_yaml(std::string(100'000, '{')));
  CHECK(parse_yaml("[a, b]", {.bytes = 5}).error().code == Code::exhausted);
  CHECK(parse_yaml("[a, b]", {.nodes = 2}).error().code == Code::exhausted);
  CHECK(parse_yaml("[a, b]", {.nodes = 3}));
}

}  // namespace
}  // namespace seawall::codec
