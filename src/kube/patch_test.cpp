#include "kube/patch.h"

#include <doctest/doctest.h>

namespace seawall::kube {
namespace {

FieldPath path(std::string_view text) { return FieldPath::parse(text).value(); }

enum class Wish : unsigned char { set, append, remove };

struct Wanted {
  Wish wish;
  std::string_view path, json = {};
};

Result<> tell(ObjectPatch& patch, const Wanted& wanted) {
  switch (wanted.wish) {
    case Wish::set:
      return patch.set(path(wanted.path), wanted.json);
    case Wish::append:
      return patch.append(path(wanted.path), wanted.json);
    case Wish::remove:
      return patch.remove(path(wanted.path));
  }
  return {};
}

TEST_CASE("wishes become the fewest operations of RFC 6902") {
  struct Case {
    std::string_view name, object;
    std::vector<Wanted> wishes;
    std::string_view patch, patched;
  };
  const Case cases[] = {
      {"a member is added",
       R"({"a":1})",
       {{Wish::set, "b", "2"}},
       R"([{"op":"add","path":"/b","value":2}])",
       R"({"a":1,"b":2})"},
      {"a member is replaced",
       R"({"a":1})",
       {{Wish::set, "a", " [ 2 ] "}},
       R"([{"op":"replace","path":"/a","value":[2]}])",
       R"({"a":[2]})"},
      {"nothing where it is so already",
       R"({"a":{"b":[1]},"n":null})",
       {{Wish::set, "a", R"({"b":[1.0]})"},
        {Wish::append, "a.b", "1"},
        {Wish::remove, "a.c"},
        {Wish::set, "n", "null"}},
       "[]",
       R"({"a":{"b":[1]},"n":null})"},
      {"missing parents are made one by one",
       R"({})",
       {{Wish::set, "a.b.c", "true"}},
       R"([{"op":"add","path":"/a","value":{}},{"op":"add","path":"/a/b","value":{}},)"
       R"({"op":"add","path":"/a/b/c","value":true}])",
       R"({"a":{"b":{"c":true}}})"},
      {"null is no parent",
       R"({"a":null})",
       {{Wish::set, "a.b", "1"}},
       R"([{"op":"replace","path":"/a","value":{}},{"op":"add","path":"/a/b","value":1}])",
       R"({"a":{"b":1}})"},
      {"an item is appended",
       R"({"a":[1]})",
       {{Wish::append, "a", "2"}},
       R"([{"op":"add","path":"/a/-","value":2}])",
       R"({"a":[1,2]})"},
      {"a list that is missing is made",
       R"({"l":null})",
       {{Wish::append, "a.b", "\"ALL\""}, {Wish::append, "l", "1"}},
       R"([{"op":"add","path":"/a","value":{}},{"op":"add","path":"/a/b","value":["ALL"]},)"
       R"({"op":"replace","path":"/l","value":[1]}])",
       R"({"l":[1],"a":{"b":["ALL"]}})"},
      {"later wishes see what earlier ones did",
       R"({"a":[]})",
       {{Wish::append, "a", "{}"},
        {Wish::set, "a[0].b", "1"},
        {Wish::set, "a[0].b", "1"},
        {Wish::append, "a", R"({"b":1})"}},
       R"([{"op":"add","path":"/a/-","value":{}},{"op":"add","path":"/a/0/b","value":1}])",
       R"({"a":[{"b":1}]})"},
      {"what is removed may come again",
       R"({"a":1,"b":2})",
       {{Wish::remove, "a"}, {Wish::set, "a", "3"}},
       R"([{"op":"remove","path":"/a"},{"op":"add","path":"/a","value":3}])",
       R"({"b":2,"a":3})"},
      {"items are replaced and removed",
       R"({"a":[1,2,3]})",
       {{Wish::remove, "a[0]"}, {Wish::set, "a[1]", "4"}},
       R"([{"op":"remove","path":"/a/0"},{"op":"replace","path":"/a/1","value":4}])",
       R"({"a":[2,4]})"},
      {"an index behind the last one adds an item",
       R"({"a":[1]})",
       {{Wish::set, "a[1]", "2"}},
       R"([{"op":"add","path":"/a/1","value":2}])",
       R"({"a":[1,2]})"},
      {"names with slashes and tildes",
       R"({"m":{}})",
       {{Wish::set, "m['a.b/c~d']", "\"x\""}},
       R"([{"op":"add","path":"/m/a.b~1c~0d","value":"x"}])",
       R"({"m":{"a.b/c~d":"x"}})"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto object = codec::parse_json(c.object);
    REQUIRE(object);
    ObjectPatch patch(object->root());
    for (const auto& wish : c.wishes) CHECK(tell(patch, wish));
    CHECK(json_patch(patch.operations()) == c.patch);
    CHECK(patch.object() == c.patched);
    CHECK(patched(object->root(), patch.operations()).value() == c.patched);
  }
}

TEST_CASE("a wish that can't be fulfilled changes nothing") {
  struct Case {
    std::string_view name;
    Wanted wish;
    Code code;
  };
  const Case cases[] = {
      {"an item that isn't there", {Wish::set, "list[5].x", "1"}, Code::not_found},
      {"an item far behind the last", {Wish::set, "list[5]", "1"}, Code::not_found},
      {"a list on the way that isn't there", {Wish::set, "new.list[0].x", "1"}, Code::not_found},
      {"a member of a list", {Wish::set, "list.x", "1"}, Code::invalid},
      {"an item of an object", {Wish::set, "object[0]", "1"}, Code::invalid},
      {"a member of a text", {Wish::set, "text.x", "1"}, Code::invalid},
      {"appending to an object", {Wish::append, "object", "1"}, Code::invalid},
      {"appending to a text", {Wish::append, "text", "1"}, Code::invalid},
      {"a value that is no JSON", {Wish::set, "x", "{"}, Code::invalid},
      {"the object itself", {Wish::set, "", "1"}, Code::invalid},
      {"removing the object itself", {Wish::remove, ""}, Code::invalid},
  };
  auto object = codec::parse_json(R"({"list":[1],"object":{},"text":"t"})");
  for (const auto& c : cases) {
    CAPTURE(c.name);
    ObjectPatch patch(object->root());
    auto done = tell(patch, c.wish);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == c.code);
    CHECK(patch.operations().empty());
    CHECK(patch.object() == R"({"list":[1],"object":{},"text":"t"})");
  }
}

TEST_CASE("operations that don't fit fail") {
  struct Case {
    std::string_view name;
    PatchOperation operation;
    Code code;
  };
  const Case cases[] = {
      {"replacing what isn't there", {PatchAction::replace, path("b"), "1"}, Code::not_found},
      {"removing what isn't there", {PatchAction::remove, path("a[1]")}, Code::not_found},
      {"adding below what isn't there", {PatchAction::add, path("b.c"), "1"}, Code::not_found},
      {"a value that is no JSON", {PatchAction::add, path("b"), "x"}, Code::invalid},
      {"adding a member to a list", {PatchAction::add, path("a.b"), "1"}, Code::invalid},
  };
  auto object = codec::parse_json(R"({"a":[1]})");
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(patched(object->root(), {c.operation}).error().code == c.code);
  }
  CHECK(patched(object->root(), {{PatchAction::add, path("a[0]"), "0"}}).value() == R"({"a":[0,1]})");
}

TEST_CASE("patches are told in sentences") {
  auto object = codec::parse_json(R"({"spec":{"containers":[{"privileged":true,"args":["a"]}]}})");
  ObjectPatch patch(object->root());
  CHECK(patch.set(path("spec.containers[0].securityContext.privileged"), "false"));
  CHECK(patch.append(path("spec.containers[0].securityContext.capabilities.drop"), "\"ALL\""));
  CHECK(patch.append(path("spec.containers[0].args"), "\"b c\""));
  CHECK(patch.remove(path("spec.containers[0].privileged")));
  CHECK(patch.set(path("metadata.labels"), "{}"));
  CHECK(sentences(patch.operations()) ==
        std::vector<std::string>{"set spec.containers[0].securityContext.privileged to false",
                                 "add ALL to spec.containers[0].securityContext.capabilities.drop",
                                 "add \"b c\" to spec.containers[0].args", "remove spec.containers[0].privileged",
                                 "set metadata.labels to {}"});
}

}  // namespace
}  // namespace seawall::kube
