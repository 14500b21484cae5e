#include "codec/placed.h"

#include <doctest/doctest.h>

#include "codec/json.h"
#include "codec/yaml.h"

namespace seawall::codec {
namespace {

TextRange whole(std::string_view text) { return {0, static_cast<std::uint32_t>(text.size())}; }

PlacedDocuments read_yaml(std::string_view text, const Limits& limits = {}) {
  return read_yaml_placed(text, whole(text), YamlWords::kubernetes, limits);
}

std::string_view cut(std::string_view text, TextRange range) {
  return text.substr(range.begin, range.end - range.begin);
}

// Every value as "key text|value text", depth first, containers before what is in them.
void list_places(std::string_view text, const PlacedDocument& document, Value value, std::vector<std::string>& out) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto& place = document.place_of(value, i);
    out.push_back(std::string(cut(text, place.key)) + "|" + std::string(cut(text, place.value)));
    auto child = value.is_array() ? value.at(i) : Value();
    if (value.is_object()) {
      auto members = value.members();
      auto at = members.begin();
      for (std::size_t k = 0; k < i; ++k) ++at;
      child = (*at).value;
    }
    list_places(text, document, child, out);
  }
}

std::vector<std::string> places(std::string_view text, const PlacedDocuments& documents) {
  if (!documents) return {"error: " + documents.error().error.what};
  std::vector<std::string> out;
  for (const auto& document : *documents) {
    out.push_back("root|" + std::string(cut(text, document.root_place().value)));
    list_places(text, document, document.root(), out);
  }
  return out;
}

using Places = std::vector<std::string>;

struct PlaceCase {
  std::string_view name, text;
  Places places;
};

TEST_CASE("every value of YAML has its place") {
  const PlaceCase cases[] = {
      {"members of a block", "a: 1\nb: two\n", {"root|a: 1\nb: two", "a|1", "b|two"}},
      {"a block ends before blanks and comments",
       "a:\n  b: 1\n\n# next\nc: 2",
       {"root|a:\n  b: 1\n\n# next\nc: 2", "a|b: 1", "b|1", "c|2"}},
      {"a sequence that is not indented",
       "a:\n- x\n- y: 1\n  z: 2\nb: 3\n",
       {"root|a:\n- x\n- y: 1\n  z: 2\nb: 3", "a|- x\n- y: 1\n  z: 2", "|x", "|y: 1\n  z: 2", "y|1", "z|2", "b|3"}},
      {"brackets belong to the value",
       "a: [1, {b: 'c'} ] # x\n",
       {"root|a: [1, {b: 'c'} ]", "a|[1, {b: 'c'} ]", "|1", "|{b: 'c'}", "b|'c'"}},
      {"quotes belong to keys and values", "\"a\": \"x\\n\"\n", {"root|\"a\": \"x\\n\"", "\"a\"|\"x\\n\""}},
      {"a value that isn't there stands behind the colon", "a:\nb:\n", {"root|a:\nb:", "a|", "b|"}},
      {"a block of text ends with its last line",
       "a: |\n  x\n  y\n\nb: 1\n",
       {"root|a: |\n  x\n  y\n\nb: 1", "a||\n  x\n  y", "b|1"}},
      {"text beyond ASCII",
       "ä: ö\nb: ['€', 𝄞, x]\n",
       {"root|ä: ö\nb: ['€', 𝄞, x]", "ä|ö", "b|['€', 𝄞, x]", "|'€'", "|𝄞", "|x"}},
      {"lines that end as on Windows",
       "a: ö\r\nb:\r\n  c: 1\r\n",
       {"root|a: ö\r\nb:\r\n  c: 1", "a|ö", "b|c: 1", "c|1"}},
      {"a byte order mark",
       "\xEF\xBB\xBF"
       "a: 1\nb: 2\n",
       {"root|a: 1\nb: 2", "a|1", "b|2"}},
      {"what comes by an alias stands at its anchor",
       "a: &x [1]\nb: *x\n",
       {"root|a: &x [1]\nb: *x", "a|&x [1]", "|1", "b|*x", "|1"}},
      {"merged members stand where they were written",
       "- &x {a: 1, b: 2}\n- {c: 3, <<: *x, b: 4}\n",
       {"root|- &x {a: 1, b: 2}\n- {c: 3, <<: *x, b: 4}", "|&x {a: 1, b: 2}", "a|1", "b|2", "|{c: 3, <<: *x, b: 4}",
        "a|1", "c|3", "b|4"}},
      {"several documents", "a: 1\n...\n---\n- 2\n", {"root|a: 1", "a|1", "root|- 2", "|2"}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(places(c.text, read_yaml(c.text)) == c.places);
  }
}

TEST_CASE("every value of JSON has its place") {
  const PlaceCase cases[] = {
      {"members and items",
       R"( {"a" : [1, "x" ,null ] , "b":{ } } )",
       {R"(root|{"a" : [1, "x" ,null ] , "b":{ } })", R"("a"|[1, "x" ,null ])", "|1", R"(|"x")", "|null",
        R"("b"|{ })"}},
      {"escapes in keys and texts", R"({"a\"\\":"b\"}"})", {R"(root|{"a\"\\":"b\"}"})", R"("a\"\\"|"b\"}")"}},
      {"several values", "{\"a\":1}\n[2]{}", {"root|{\"a\":1}", "\"a\"|1", "root|[2]", "|2", "root|{}"}},
      {"values that are no containers", " 1 \"x\" null", {"root|1", "root|\"x\"", "root|null"}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(places(c.text, read_json_placed(c.text, whole(c.text))) == c.places);
  }
}

TEST_CASE("a part is read with the places of the whole") {
  std::string_view text = "ä: 1\n---\nb: ü\n---\nc: 3\n";
  YamlParts parts(text);
  Places all;
  while (auto part = parts.next())
    for (const auto& place : places(text, read_yaml_placed(text, *part, YamlWords::core))) all.push_back(place);
  CHECK(all == Places{"root|ä: 1", "ä|1", "root|b: ü", "b|ü", "root|c: 3", "c|3"});
}

TEST_CASE("a stream is cut at its markers") {
  struct Case {
    std::string_view name, text;
    Places parts;
  };
  const Case cases[] = {
      {"nothing", "", {}},
      {"one document without marker", "a: 1\n", {"a: 1\n"}},
      {"the first marker is the first document's", "# x\n---\na: 1\n", {"# x\n---\na: 1\n"}},
      {"each document has its marker", "---\na\n---\nb\n", {"---\na\n", "---\nb\n"}},
      {"empty documents are parts", "---\n---\n", {"---\n", "---\n"}},
      {"directives go with their document",
       "a\n...\n# x\n%YAML 1.1\n---\nb\n",
       {"a\n...\n", "# x\n%YAML 1.1\n---\nb\n"}},
      {"a document may end without a marker following", "a\n...\nb\n---\nc", {"a\n...\nb\n", "---\nc"}},
      {"a marker is alone or followed by a blank",
       "a: |\n ---\n---x: 1\n--- b\n",
       {"a: |\n ---\n---x: 1\n", "--- b\n"}},
      {"lines that end as on Windows", "a\r\n---\r\nb", {"a\r\n", "---\r\nb"}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    YamlParts parts(c.text);
    Places found;
    while (auto part = parts.next()) found.emplace_back(cut(c.text, *part));
    CHECK(found == c.parts);
  }
}

TEST_CASE("mistakes have their place") {
  struct Case {
    std::string_view name, text;
    Code code;
    std::size_t offset;
    std::optional<std::size_t> other;
  };
  const Case cases[] = {
      {"a key twice", "ä: 1\nb: 2\nb: 3\n", Code::invalid, 11, 6},
      {"a key twice among many", "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\nj: 1\nk: 1\nl: 1\nm: 1\nb: 2",
       Code::invalid, 65, 5},
      {"a key twice in brackets", "x: {a: 1, 'a': 2}", Code::invalid, 10, 4},
      {"not UTF-8", "a: 1\nb: \xFF\n", Code::invalid, 8, {}},
      {"UTF-16",
       std::string_view("\xFF\xFE"
                        "a\0",
                        4),
       Code::invalid,
       0,
       {}},
      {"a control character", "a: ä\x01", Code::invalid, 5, {}},
      {"a tab as indentation", "a:\n\tb: 1\n", Code::invalid, 3, {}},
      {"an alias of nothing", "ä: 1\nb: *x\n", Code::invalid, 9, {}},
      {"nested too deeply", "a: [[[[1]]]]\n", Code::exhausted, 6, {}},
      {"too many values", "[1, 2, 3, 4, 5, 6, 7, 8, 9]", Code::exhausted, 25, {}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto read = read_yaml(c.text, {.nodes = 15, .depth = 4});
    if (c.name == "too many values") read = read_yaml(c.text, {.nodes = 8});
    REQUIRE_FALSE(read);
    CHECK(read.error().error.code == c.code);
    CHECK(read.error().offset == c.offset);
    CHECK(read.error().other == c.other);
  }
  std::string_view json = R"({"a":1} {"b":1,"c":{},"b":2})";
  auto read = read_json_placed(json, whole(json));
  REQUIRE_FALSE(read);
  CHECK(read.error().offset == 22);
  CHECK(read.error().other == 9);
  std::string_view bad = "{\"a\":1}\n{\"b\":}";
  CHECK(read_json_placed(bad, whole(bad)).error().offset == 13);
}

TEST_CASE("merged members are no second ones") {
  CHECK(read_yaml("- &x {a: 1}\n- &y {a: 2}\n- {<<: *x, a: 3}\n- {<<: [*x, *y]}\n"));
}

TEST_CASE("the budget is that of all documents of a part") {
  CHECK(read_yaml("a\n...\n---\nb\n...\n---\nc\n", {.nodes = 3}));
  CHECK(read_yaml("a\n...\n---\nb\n...\n---\nc\n", {.nodes = 2}).error().error.code == Code::exhausted);
  std::string_view json = "{}{}{}";
  CHECK(read_json_placed(json, whole(json), {.nodes = 3}));
  CHECK(read_json_placed(json, whole(json), {.nodes = 2}).error().error.code == Code::exhausted);
}

TEST_CASE("plain scalars are what they are to Kubernetes") {
  struct Case {
    std::string_view written, json;
  };
  constexpr Case cases[] = {
      {"yes", "true"},
      {"On", "true"},
      {"y", "true"},
      {"no", "false"},
      {"OFF", "false"},
      {"n", "false"},
      {"yEs", "\"yEs\""},
      {"~", "null"},
      {"0644", "420"},
      {"0o17", "15"},
      {"0x1F", "31"},
      {"-0x10", "-16"},
      {"0b101", "5"},
      {"1_000", "1000"},
      {"+7", "7"},
      {"08", "8"},
      {"1.10", "1.10"},
      {"1_0.5", "10.5"},
      {"1.2.3", "\"1.2.3\""},
      {"v1", "\"v1\""},
      {"100m", "\"100m\""},
      {"-x", "\"-x\""},
      {"2024-01-31", "\"2024-01-31\""},
      {".5", "0.5"},
      {"'0644'", "\"0644\""},
      {"-9223372036854775808", "-9223372036854775808"},
      {"0x", "\"0x\""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.written);
    std::string text(c.written);
    auto read = read_yaml(text);
    REQUIRE(read);
    REQUIRE(read->size() == 1);
    JsonWriter out;
    out.value(read->front().root());
    CHECK(out.take() == c.json);
    CHECK(read_yaml_placed(text, whole(text), YamlWords::core));
  }
}

}  // namespace
}  // namespace seawall::codec
