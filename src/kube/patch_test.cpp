#include "kube/patch.h"

#include <doctest/doctest.h>

namespace seawall::kube {
namespace {

FieldPath path(std::string_view text) { return FieldPath::parse(text).value(); }

struct Wanted {
  WishAction action;
  std::string_view path, json = {};
};

Result<> tell(ObjectPatch& patch, const Wanted& wanted) {
  switch (wanted.action) {
    case WishAction::set:
      return patch.set(path(wanted.path), wanted.json);
    case WishAction::append:
      return patch.append(path(wanted.path), wanted.json);
    case WishAction::remove:
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
       {{WishAction::set, "b", "2"}},
       R"([{"op":"add","path":"/b","value":2}])",
       R"({"a":1,"b":2})"},
      {"a member is replaced",
       R"({"a":1})",
       {{WishAction::set, "a", " [ 2 ] "}},
       R"([{"op":"replace","path":"/a","value":[2]}])",
       R"({"a":[2]})"},
      {"nothing where it is so already",
       R"({"a":{"b":[1]},"n":null})",
       {{WishAction::set, "a", R"({"b":[1.0]})"},
        {WishAction::append, "a.b", "1"},
        {WishAction::remove, "a.c"},
        {WishAction::set, "n", "null"}},
       "[]",
       R"({"a":{"b":[1]},"n":null})"},
      {"missing parents are made one by one",
       R"({})",
       {{WishAction::set, "a.b.c", "true"}},
       R"([{"op":"add","path":"/a","value":{}},{"op":"add","path":"/a/b","value":{}},)"
       R"({"op":"add","path":"/a/b/c","value":true}])",
       R"({"a":{"b":{"c":true}}})"},
      {"null is no parent",
       R"({"a":null})",
       {{WishAction::set, "a.b", "1"}},
       R"([{"op":"replace","path":"/a","value":{}},{"op":"add","path":"/a/b","value":1}])",
       R"({"a":{"b":1}})"},
      {"an item is appended",
       R"({"a":[1]})",
       {{WishAction::append, "a", "2"}},
       R"([{"op":"add","path":"/a/-","value":2}])",
       R"({"a":[1,2]})"},
      {"a list that is missing is made",
       R"({"l":null})",
       {{WishAction::append, "a.b", "\"ALL\""}, {WishAction::append, "l", "1"}},
       R"([{"op":"add","path":"/a","value":{}},{"op":"add","path":"/a/b","value":["ALL"]},)"
       R"({"op":"replace","path":"/l","value":[1]}])",
       R"({"l":[1],"a":{"b":["ALL"]}})"},
      {"later wishes see what earlier ones did",
       R"({"a":[]})",
       {{WishAction::append, "a", "{}"},
        {WishAction::set, "a[0].b", "1"},
        {WishAction::set, "a[0].b", "1"},
        {WishAction::append, "a", R"({"b":1})"}},
       R"([{"op":"add","path":"/a/-","value":{}},{"op":"add","path":"/a/0/b","value":1}])",
       R"({"a":[{"b":1}]})"},
      {"what is removed may come again",
       R"({"a":1,"b":2})",
       {{WishAction::remove, "a"}, {WishAction::set, "a", "3"}},
       R"([{"op":"remove","path":"/a"},{"op":"add","path":"/a","value":3}])",
       R"({"b":2,"a":3})"},
      {"items are replaced and removed",
       R"({"a":[1,2,3]})",
       {{WishAction::remove, "a[0]"}, {WishAction::set, "a[1]", "4"}},
       R"([{"op":"remove","path":"/a/0"},{"op":"replace","path":"/a/1","value":4}])",
       R"({"a":[2,4]})"},
      {"an index behind the last one adds an item",
       R"({"a":[1]})",
       {{WishAction::set, "a[1]", "2"}},
       R"([{"op":"add","path":"/a/1","value":2}])",
       R"({"a":[1,2]})"},
      {"names with slashes and tildes",
       R"({"m":{}})",
       {{WishAction::set, "m['a.b/c~d']", "\"x\""}},
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
      {"an item that isn't there", {WishAction::set, "list[5].x", "1"}, Code::not_found},
      {"an item far behind the last", {WishAction::set, "list[5]", "1"}, Code::not_found},
      {"a list on the way that isn't there", {WishAction::set, "new.list[0].x", "1"}, Code::not_found},
      {"a member of a list", {WishAction::set, "list.x", "1"}, Code::invalid},
      {"an item of an object", {WishAction::set, "object[0]", "1"}, Code::invalid},
      {"a member of a text", {WishAction::set, "text.x", "1"}, Code::invalid},
      {"appending to an object", {WishAction::append, "object", "1"}, Code::invalid},
      {"appending to a text", {WishAction::append, "text", "1"}, Code::invalid},
      {"a value that is no JSON", {WishAction::set, "x", "{"}, Code::invalid},
      {"the object itself", {WishAction::set, "", "1"}, Code::invalid},
      {"removing the object itself", {WishAction::remove, ""}, Code::invalid},
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

TEST_CASE("wishes mean the object as it is: items are removed last, from the back") {
  auto object = codec::parse_json(R"({"a":[0,1,2,{"b":[0,1]},4],"c":1})");
  auto patch = patch_for(object->root(), {{WishAction::remove, path("a[0]")},
                                          {WishAction::remove, path("a[3].b[0]")},
                                          {WishAction::remove, path("a[2]")},
                                          {WishAction::remove, path("a[0]")},
                                          {WishAction::remove, path("a[9]")},
                                          {WishAction::set, path("a[4]"), "5"},
                                          {WishAction::append, path("a"), "6"}});
  REQUIRE(patch);
  CHECK(patched(object->root(), *patch).value() == R"({"a":[1,{"b":[1]},5,6],"c":1})");
}

TEST_CASE("patches that several rules want become one") {
  struct Case {
    std::string_view name, object;
    std::vector<std::vector<Wish>> rules;
    std::string_view patched;
  };
  auto set = [](std::string_view where, std::string_view json) {
    return Wish{WishAction::set, path(where), std::string(json)};
  };
  auto append = [](std::string_view where, std::string_view json) {
    return Wish{WishAction::append, path(where), std::string(json)};
  };
  auto remove = [](std::string_view where) { return Wish{WishAction::remove, path(where)}; };
  const Case cases[] = {
      {"a parent that both make",
       "{}",
       {{set("s.a", "1")}, {set("s.b", "2")}, {set("s.a", "1")}},
       R"({"s":{"a":1,"b":2}})"},
      {"a parent that is null",
       R"({"s":null})",
       {{set("s.a", "1")}, {set("s.b.c", "2")}},
       R"({"s":{"a":1,"b":{"c":2}}})"},
      {"a list that both make", "{}", {{append("l", "1")}, {append("l", "2")}, {append("l", "1")}}, R"({"l":[1,2]})"},
      {"a list that is there", R"({"l":[0]})", {{append("l", "1")}, {append("l", "1")}}, R"({"l":[0,1]})"},
      {"the last of contradictions", R"({"a":0})", {{set("a", "1")}, {set("a", "2")}}, R"({"a":2})"},
      {"items that both remove",
       R"({"l":[0,1,2,3]})",
       {{remove("l[1]"), remove("l[0]")}, {remove("l[1]"), set("l[3]", "4")}},
       R"({"l":[2,4]})"},
      {"a field that another changes is gone",
       R"({"l":[{"a":1}]})",
       {{remove("l[0]")}, {set("l[0].a", "2")}},
       R"({"l":[]})"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto object = codec::parse_json(c.object);
    std::vector<Patch> patches;
    for (const auto& wishes : c.rules) patches.push_back(patch_for(object->root(), wishes).value());
    auto patch = together(object->root(), patches);
    REQUIRE(patch);
    CHECK(patched(object->root(), *patch).value() == c.patched);
  }
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
