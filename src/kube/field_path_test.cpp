#include "kube/field_path.h"

#include <doctest/doctest.h>

#include "codec/json.h"

namespace seawall::kube {
namespace {

TEST_CASE("field paths are read and written") {
  struct Case {
    std::string_view name, text, written;
    std::size_t steps;
  };
  constexpr Case cases[] = {
      {"the object itself", "", "", 0},
      {"names and items", "spec.containers[1].securityContext", "spec.containers[1].securityContext", 3 + 1},
      {"a name in quotes", "metadata.annotations['a.b/c']", "metadata.annotations['a.b/c']", 3},
      {"double quotes", R"(metadata.annotations["a.b/c"])", "metadata.annotations['a.b/c']", 3},
      {"quotes around a plain name", "['spec']['replicas']", "spec.replicas", 2},
      {"a quote in a name", R"(data['it\'s \\'])", R"(data['it\'s \\'])", 2},
      {"names with signs need no quotes", "labels.app-name", "labels['app-name']", 2},
      {"an item first", "[0].name", "[0].name", 2},
      {"an empty name", "a['']", "a['']", 2},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto path = FieldPath::parse(c.text);
    REQUIRE(path);
    CHECK(path->steps.size() == c.steps);
    CHECK(path->text() == c.written);
    CHECK(FieldPath::parse(path->text()).value() == *path);
  }
}

TEST_CASE("what is no field path is refused") {
  for (std::string_view bad : {".", ".a", "a.", "a..b", "a[", "a[]", "a[-1]", "a[x]", "a['x]", "a['x'", "a['x'b]", "a]",
                               "a[1]b", "a b", "a[99999999999999999999]", "a['\\"}) {
    CAPTURE(bad);
    auto path = FieldPath::parse(bad);
    REQUIRE_FALSE(path);
    CHECK(path.error().code == Code::invalid);
  }
}

TEST_CASE("fields are found by their path") {
  auto document = codec::parse_json(R"({"a": [{"b": 1}, null], "c.d": {"e": "x"}, "c": null})");
  REQUIRE(document);
  struct Case {
    std::string_view path, scalar;
    codec::Kind kind;
  };
  constexpr Case cases[] = {{"", "", codec::Kind::object},         {"a[0].b", "1", codec::Kind::integer},
                            {"['c.d'].e", "x", codec::Kind::text}, {"a[1]", "", codec::Kind::null},
                            {"a[2]", "", codec::Kind::null},       {"a.b", "", codec::Kind::null},
                            {"c[0]", "", codec::Kind::null},       {"c.d.e", "", codec::Kind::null}};
  for (const auto& c : cases) {
    CAPTURE(c.path);
    auto value = find(document->root(), *FieldPath::parse(c.path));
    CHECK(value.kind() == c.kind);
    CHECK(value.scalar() == c.scalar);
  }
}

}  // namespace
}  // namespace seawall::kube
