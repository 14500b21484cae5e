#include "kube/manifest_edit.h"

#include <doctest/doctest.h>

#include "base/text.h"

namespace seawall::kube {
namespace {

// "set PATH JSON", "append PATH JSON", "remove PATH", "insert PATH JSON" (an item in front of another); of the first
// object, or "#2 set ..." of the second.
struct Change {
  std::size_t object = 0;
  std::string_view verb, path, json;

  explicit Change(std::string_view text) {
    if (text.starts_with('#')) {
      object = static_cast<std::size_t>(text[1] - '1');
      text.remove_prefix(3);
    }
    auto first = text.find(' ');
    // Blanks in brackets belong to the path.
    auto bracket = text.rfind("'] ");
    auto second = bracket != std::string_view::npos ? bracket + 2 : text.find(' ', first + 1);
    verb = text.substr(0, first);
    path = text.substr(first + 1, second - first - 1);
    if (second != std::string_view::npos) json = text.substr(second + 1);
  }
};

Result<> tell(ObjectPatch& patch, const Change& change) {
  auto path = SW_TRY(FieldPath::parse(change.path));
  if (change.verb == "set") return patch.set(path, change.json);
  if (change.verb == "append") return patch.append(path, change.json);
  return patch.remove(path);
}

Result<std::string> changed(const Manifests& read, const std::vector<std::string_view>& changes) {
  std::vector<ObjectEdit> edits;
  for (std::size_t i = 0; i < read.manifests.size(); ++i) {
    ObjectPatch patch(read.manifests[i].object);
    Patch operations;
    for (auto text : changes) {
      Change change(text);
      if (change.object != i) continue;
      if (change.verb == "insert")
        operations.push_back({PatchAction::add, SW_TRY(FieldPath::parse(change.path)), std::string(change.json)});
      else
        SW_TRY(tell(patch, change));
    }
    operations.insert(operations.end(), patch.operations().begin(), patch.operations().end());
    if (!operations.empty()) edits.push_back({&read.manifests[i], operations});
  }
  return edited(edits);
}

struct Case {
  std::string_view name, text;
  std::vector<std::string_view> changes;
  std::string_view expected;
};

constexpr std::string_view head = "apiVersion: v1\nkind: Pod\n";

// With the head of a Pod in front, so that the table shows what is of interest.
void check(const Case& c, std::string_view before) {
  CAPTURE(c.name);
  auto read = read_manifests(std::string(before) + std::string(c.text), "f");
  for (const auto& mistake : read.mistakes) FAIL_CHECK(mistake.text());
  auto text = changed(read, c.changes);
  if (!text) FAIL_CHECK(text.error().what);
  if (text) CHECK(*text == std::string(before) + std::string(c.expected));
}

TEST_CASE("blocks keep everything but what is changed") {
  const Case cases[] = {
      {"a scalar is replaced, its comment stays",
       "spec:\n  a: true   # why\n  b: 1\n",
       {"set spec.a false"},
       "spec:\n  a: false   # why\n  b: 1\n"},
      {"a key is added at the end, before comments of what follows",
       "spec:\n  a: 1  # one\n# about metadata\n\nmetadata: {}\n",
       {"set spec.b true"},
       "spec:\n  a: 1  # one\n  b: true\n# about metadata\n\nmetadata: {}\n"},
      {"a key is added to the object", "spec:\n  a: 1\n", {"set x.z 1"}, "spec:\n  a: 1\nx:\n  z: 1\n"},
      {"missing parents, below an item",
       "spec:\n  containers:\n    - name: a\n      image: i # x\n    - name: b\n",
       {"set spec.containers[0].securityContext.privileged false",
        "append spec.containers[0].securityContext.capabilities.drop \"ALL\"",
        "set spec.containers[1].securityContext.privileged false"},
       "spec:\n  containers:\n    - name: a\n      image: i # x\n      securityContext:\n        privileged: false\n"
       "        capabilities:\n          drop:\n            - ALL\n    - name: b\n      securityContext:\n"
       "        privileged: false\n"},
      {"lists that are not indented stay so",
       "spec:\n  containers:\n  - name: a\n  hostPID: true\n",
       {"append spec.containers[0].securityContext.capabilities.drop \"ALL\""},
       "spec:\n  containers:\n  - name: a\n    securityContext:\n      capabilities:\n        drop:\n        - ALL\n"
       "  hostPID: true\n"},
      {"four blanks",
       "spec:\n    template:\n        spec:\n            a: 1\n",
       {"set spec.template.spec.b.c 2"},
       "spec:\n    template:\n        spec:\n            a: 1\n            b:\n                c: 2\n"},
      {"wide dashes",
       "spec:\n    containers:\n    -   name: a\n        image: b\n",
       {"append spec.containers {\"name\":\"c\",\"ports\":[{\"x\":1,\"z\":2}]}"},
       "spec:\n    containers:\n    -   name: a\n        image: b\n    -   name: c\n        ports:\n"
       "        -   x: 1\n            z: 2\n"},
      {"an item is appended to a block and to brackets",
       "spec:\n  a:\n    - x # the x\n    # after\n  b: [x, 'y'] # two\n",
       {"append spec.a \"ALL\"", "append spec.b \"ALL\""},
       "spec:\n  a:\n    - x # the x\n    - ALL\n    # after\n  b: [x, 'y', ALL] # two\n"},
      {"a member is added in brackets",
       "spec: {a: 1, b: {c: \"x\"}} # s\n",
       {"set spec.b.d.e true", "set spec.f \"1\""},
       "spec: {a: 1, b: {c: \"x\", d: {e: true}}, f: \"1\"} # s\n"},
      {"brackets over several lines",
       "spec: {\n  a: 1, # one\n  b: [x,\n      y]  # two\n}\n",
       {"set spec.c.d true", "append spec.b \"z\""},
       "spec: {\n  a: 1, # one\n  b: [x,\n      y, z],  # two\n  c: {\n    d: true\n  }\n}\n"},
      {"null becomes a block, a value, a list",
       "spec:\n  a:   # a\n  b:\n  c: null # c\n  d: ~\n  e: {} # e\n",
       {"set spec.a.x 1", "set spec.b 2", "append spec.c \"x\"", "set spec.d \"yes\"", "set spec.e.x \"on\""},
       "spec:\n  a:   # a\n    x: 1\n  b: 2\n  c: # c\n  - x\n  d: \"yes\"\n  e: # e\n    x: \"on\"\n"},
      {"null and nothing in brackets",
       "spec: {a: , b, c: {}, \"d\": }\n",
       {"set spec.a 1", "set spec.b 2", "set spec.c.x 3", "set spec.d.x 4"},
       "spec: {a: 1 , b: 2, c: {x: 3}, \"d\": {x: 4} }\n"},
      {"a key is removed with its comment",
       "spec:\n  # about a\n  a: 1 # x\n  b: 2\n",
       {"remove spec.a"},
       "spec:\n  # about a\n  b: 2\n"},
      {"a block is removed",
       "spec:\n  a:\n    b:\n    - 1\n\n    - 2\n  # c\n  c: 1\n",
       {"remove spec.a"},
       "spec:\n  # c\n  c: 1\n"},
      {"the last key leaves an empty mapping",
       "spec:\n  # in it\n  a:\n    b: 1 # x\n  l:\n  - 1\n  f: {x: 1}\n  g: [ 1 ]\n",
       {"remove spec.a.b", "remove spec.l[0]", "remove spec.f.x", "remove spec.g[0]"},
       "spec:\n  # in it\n  a: {}\n  l: []\n  f: {}\n  g: []\n"},
      {"the first key of an item is removed",
       "spec:\n- a: 1\n  b: 2 # b\n- a: 1 # a\n  # about b\n  b: 2\n- a: 1\n  b: 2\n- a: 1\n",
       {"remove spec[0].a", "remove spec[1].a", "remove spec[2].b", "remove spec[3].a"},
       "spec:\n- b: 2 # b\n-\n  # about b\n  b: 2\n- a: 1\n- {}\n"},
      {"items are removed",
       "spec:\n- a # 1\n# about b\n- b\n- - c\n  - d\n- [e, f, g]\n- h\n",
       {"remove spec[4]", "remove spec[3][1]", "remove spec[2][0]", "remove spec[0]"},
       "spec:\n# about b\n- b\n- - d\n- [e, g]\n"},
      {"members of brackets are removed",
       "spec: {a: 1, b: 2, c: 3}\nx: [1, 2, 3]\ny: { a: 1, b: 2 }\n",
       {"remove spec.a", "remove spec.b", "remove x[2]", "remove x[1]", "remove y.a"},
       "spec: {c: 3}\nx: [1]\ny: { b: 2 }\n"},
      {"an item is put in front of others",
       "a:\n  - x # x\n  - y\nb: [1, 2]\nc:\n- - 1\n",
       {"insert a[0] \"v\"", "insert a[2] \"w\"", "insert b[0] 0", "insert b[2] 1.5", "insert c[0][0] 0"},
       "a:\n  - v\n  - x # x\n  - w\n  - y\nb: [0, 1, 1.5, 2]\nc:\n- - 0\n  - 1\n"},
      {"a block becomes a scalar, a scalar a block",
       "a:\n  # x\n  b: 1\nc: x # c\nd: |\n  text\n  text\ne:\n- 1\nf: 'x'\n",
       {"set a \"x\"", "set c {\"x\":[1,{\"z\":[]}]}", "set d 1", "set e {\"x\":1}", "set f [1]"},
       "a: x\n  # x\nc: # c\n  x:\n  - 1\n  - z: []\nd: 1\ne:\n  x: 1\nf:\n- 1\n"},
      {"items change their kind",
       "a:\n- x # x\n- b: 1\n  c: 2\n-\n- - 1\n",
       {"set a[0] {\"x\":1,\"z\":[1]}", "set a[1] \"s\"", "set a[2] {\"m\":1}", "set a[3] {}"},
       "a:\n- x: 1\n  z:\n  - 1 # x\n- s\n- m: 1\n- {}\n"},
      {"what needs quotes gets them",
       "a: {}\n",
       {"set a.b \"yes\"", "set a.c \"1.10\"", "set a.d \"x: y\"", "set a.e \"\"", "set a['f:'] \"2024-01-31\"",
        "set a.h \"a b\"", "set a.i \"x #y\"", "set a.j \"line\\nline\"", "set a.k \"nginx:1.25@sha256:0\"",
        "set a['a.b/c'] \"null\"", "set a.y \"100m\"", "set a.l \"1e3\"", "set a.m \"ä\"", "set a.n \"0x1F\"",
        "set a.o \"12:30\"", "set a.p \"\\u0085\\u2028\\u007f\""},
       "a:\n  b: \"yes\"\n  c: \"1.10\"\n  d: \"x: y\"\n  e: \"\"\n  \"f:\": \"2024-01-31\"\n  h: a b\n"
       "  i: \"x #y\"\n  j: \"line\\nline\"\n  k: nginx:1.25@sha256:0\n  a.b/c: \"null\"\n  \"y\": 100m\n"
       "  l: \"1e3\"\n  m: \"ä\"\n  \"n\": \"0x1F\"\n  o: \"12:30\"\n  p: \"\\u0085\\u2028\\u007f\"\n"},
      {"blocks of text end where they end",
       "a:\n  b: |\n    x\n\n    y\nc:\n  d: |+\n    x\n\n\ne:\n  - >-\n    x\n    y\n",
       {"set a.z 1", "set c.z 1", "append e 1"},
       "a:\n  b: |\n    x\n\n    y\n  z: 1\nc:\n  d: |+\n    x\n\n\n  z: 1\ne:\n  - >-\n    x\n    y\n  - 1\n"},
      {"texts over several lines",
       "a:\n  b: \"x\n    y\" # b\n  c: x\n    y\n",
       {"set a.b 1", "set a.d 2"},
       "a:\n  b: 1 # b\n  c: x\n    y\n  d: 2\n"},
      {"tags go with their value, keys keep theirs",
       "a: !!str 5\n!!str b: !!map\n  c: 1\n",
       {"set a 6", "set b.d 1"},
       "a: 6\n!!str b: !!map\n  c: 1\n  d: 1\n"},
      {"a pair in brackets without brackets", "a: [x: 1, y]\n", {"set a[0].z 2"}, "a: [{x: 1, z: 2}, y]\n"},
      {"no line break at the end", "a:\n  b: 1", {"set a.c 2", "set d 3"}, "a:\n  b: 1\n  c: 2\nd: 3"},
      {"blanks at the ends of lines",
       "a:  \n  b: 1 \t\n  c: 2  \n",
       {"remove a.b", "set a.d 1"},
       "a:  \n  c: 2  \n  d: 1\n"},
      {"everything goes and something comes",
       "a:\n  b: 1\nx:\n- b: 1\n",
       {"remove a.b", "set a.c 2", "remove x[0].b", "set x[0].c 2"},
       "a:\n  c: 2\nx:\n- c: 2\n"},
      {"a comma at the end",
       "a: [1, 2,]\nb: {\n  c: 1, # c\n}\n",
       {"append a 3", "set b.d 2"},
       "a: [1, 2, 3,]\nb: {\n  c: 1, # c\n  d: 2,\n}\n"},
      {"keys in quotes in brackets",
       "a: {\"b\":1,\"c\":[\"x\",\"y\"]}\n",
       {"set a.d \"x\"", "append a.c \"z\""},
       "a: {\"b\":1,\"c\":[\"x\",\"y\",\"z\"],\"d\":\"x\"}\n"},
  };
  for (const auto& c : cases) check(c, head);
}

TEST_CASE("unusual YAML is edited, too") {
  const Case cases[] = {
      {"comments behind dashes and keys",
       "a: # a\n  # in a\n  - # one\n    b: 1\n  - c: 2\n",
       {"set a[0].d 1", "append a[0].e 2", "set a[1].d 1"},
       "a: # a\n  # in a\n  - # one\n    b: 1\n    d: 1\n    e:\n      - 2\n  - c: 2\n    d: 1\n"},
      {"an item that stands below its dash goes", "a:\n-\n  b: 1\n-\n  c: 2\n", {"remove a[0]"}, "a:\n-\n  c: 2\n"},
      {"keys with a question mark stay, others are added",
       "a:\n  ? b\n  : 1\n  c: 2\n",
       {"set a.d 3", "set a.c 4"},
       "a:\n  ? b\n  : 1\n  c: 4\n  d: 3\n"},
      {"anchors and tags of keys",
       "a:\n- &k !!str b: 1\n  c: 2\n",
       {"set a[0].d 3"},
       "a:\n- &k !!str b: 1\n  c: 2\n  d: 3\n"},
      {"texts with their own indentation",
       "a:\n  b: |2-\n     x\n    y\n  c: >1\n\n    z\n# end\n",
       {"set a.d 1", "remove a.b"},
       "a:\n  c: >1\n\n    z\n  d: 1\n# end\n"},
      {"what looks like a comment in a text",
       "a:\n  b: |\n    # no comment\n  # a comment\nc: 1\n",
       {"set a.d 1"},
       "a:\n  b: |\n    # no comment\n  d: 1\n  # a comment\nc: 1\n"},
      {"a comment without line break at the end",
       "a:\n  b: 1 # x",
       {"set a.b 2", "set a.c 3"},
       "a:\n  b: 2 # x\n  c: 3"},
      {"brackets that close far behind",
       "a: {b: 1,\n    c: [\n  d ] }\ne: 1\n",
       {"set a.f 1", "append a.c \"x\""},
       "a: {b: 1,\n    c: [\n  d,\n  x ], f: 1 }\ne: 1\n"},
      {"lists in lists",
       "a:\n- - 1\n  - 2\n-\n  - 3\n",
       {"append a[0] 3", "append a[1] 4", "append a [5,[6]]"},
       "a:\n- - 1\n  - 2\n  - 3\n-\n  - 3\n  - 4\n- - 5\n  - - 6\n"},
      {"values on lines of their own",
       "a:\n  \"text\"\nb:\n    c\nd:\n  {x: 1}\n",
       {"set a \"other\"", "set b {\"x\":1}", "set d.z 2"},
       "a: other\nb:\n  x: 1\nd:\n  {x: 1, z: 2}\n"},
      {"names with colons, quotes and blanks",
       "a:\n  \"b: c\": 1\n  'd ''e': 2\n  f g : 3\n",
       {"set a['b: c'] 4", "set a['d \\'e'] 5", "set a['f g'] {\"h\":1}"},
       "a:\n  \"b: c\": 4\n  'd ''e': 5\n  f g :\n    h: 1\n"},
  };
  for (const auto& c : cases) check(c, head);
}

TEST_CASE("all shapes of files are edited") {
  constexpr std::string_view windows = "apiVersion: v1\r\nkind: Pod\r\n";
  check({"lines that end as on Windows",
         "a:\r\n  b: 1 # x\r\nc: [\r\n  1\r\n]\r\n",
         {"set a.c.d 1", "append c 2"},
         "a:\r\n  b: 1 # x\r\n  c:\r\n    d: 1\r\nc: [\r\n  1,\r\n  2\r\n]\r\n"},
        windows);
  const Case cases[] = {
      {"several documents",
       "# top\n---\napiVersion: v1\nkind: A\n# end of A\n---\n# B\napiVersion: v1\nkind: B\n...\n---\n{apiVersion: v1, "
       "kind: C}\n",
       {"#1 set a 1", "#2 set b 2", "#3 set c 3"},
       "# top\n---\napiVersion: v1\nkind: A\na: 1\n# end of A\n---\n# B\napiVersion: v1\nkind: B\nb: 2\n...\n"
       "---\n{apiVersion: v1, kind: C, c: 3}\n"},
      {"objects of a List",
       "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A # a\n- apiVersion: v1\n  kind: B\n  x: 1\n",
       {"#1 set a.b 1", "#2 remove x", "#2 set z 2"},
       "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A # a\n  a:\n    b: 1\n- apiVersion: v1\n  kind: "
       "B\n  z: 2\n"},
      {"JSON on one line",
       R"({"apiVersion":"v1","kind":"Pod","a":[1,2],"e":{},"x":"y"})",
       {"set b.c \"d\"", "append a 3", "set e.f true", "remove x"},
       R"({"apiVersion":"v1","kind":"Pod","a":[1,2,3],"e":{"f":true},"b":{"c":"d"}})"},
      {"JSON over several lines",
       "{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"Pod\",\n    \"a\": [\n        \"x\"\n    ],\n    \"e\": "
       "{}\n}\n",
       {"set b.c \"d\"", "append a \"yes\"", "set e.f [1]"},
       "{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"Pod\",\n    \"a\": [\n        \"x\",\n        \"yes\"\n    ],\n"
       "    \"e\": {\n        \"f\": [\n            1\n        ]\n    },\n    \"b\": {\n        \"c\": \"d\"\n    "
       "}\n}\n"},
      {"JSON with tabs",
       "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\"\n}",
       {"set a.b 1"},
       "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\",\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}"},
      {"objects of a List in JSON",
       R"({"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "A"}, {"apiVersion": "v1", "kind": "B"}]})",
       {"#1 set a 1", "#2 set b {\"c\":[1,2]}"},
       R"({"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "A", "a": 1}, )"
       R"({"apiVersion": "v1", "kind": "B", "b": {"c": [1, 2]}}]})"},
      {"JSON values one after the other",
       "{\"apiVersion\":\"v1\",\"kind\":\"A\"}\n{\"apiVersion\":\"v1\",\"kind\":\"B\"}\n",
       {"#2 set b 1"},
       "{\"apiVersion\":\"v1\",\"kind\":\"A\"}\n{\"apiVersion\":\"v1\",\"kind\":\"B\",\"b\":1}\n"},
      {"a byte order mark",
       "\xEF\xBB\xBFkind: Pod\napiVersion: v1\n",
       {"set a.b 1"},
       "\xEF\xBB\xBFkind: Pod\napiVersion: v1\na:\n  b: 1\n"},
      {"a review's object",
       R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","object":{"kind":"Pod","x":1}}})",
       {"set x 2"},
       R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","object":{"kind":"Pod","x":2}}})"},
  };
  for (const auto& c : cases) check(c, "");
}

TEST_CASE("aliases change with their anchor or are written out") {
  const Case cases[] = {
      {"only the user of the alias is to change",
       "x: &x {a: 1}\ny: *x # y\n",
       {"set y.b 2"},
       "x: &x {a: 1}\ny: # y\n  a: 1\n  b: 2\n"},
      {"both are to change alike: the anchor is enough",
       "x: &x\n  a: 1\ny: *x\n",
       {"set x.b 2", "set y.b 2"},
       "x: &x\n  a: 1\n  b: 2\ny: *x\n"},
      {"both change, not alike",
       "x: &x\n  a: 1\ny: *x\n",
       {"set x.b 2", "set y.b 3"},
       "x: &x\n  a: 1\n  b: 2\ny:\n  a: 1\n  b: 3\n"},
      {"a member that was merged is overridden",
       "x: &x {a: 1, b: {c: 1}}\ny:\n  <<: *x\n  d: 1\nz:\n  <<: *x\n",
       {"set y.a 2", "set z.b.e 2"},
       "x: &x {a: 1, b: {c: 1}}\ny:\n  <<: *x\n  d: 1\n  a: 2\nz:\n  <<: *x\n  b:\n    c: 1\n    e: 2\n"},
      {"a member is added beside a merge key",
       "x: &x {a: 1}\ny: {<<: *x}\nz: {b: 1, <<: *x}\n",
       {"set y.c 2", "set z.c 2"},
       "x: &x {a: 1}\ny: {c: 2, <<: *x}\nz: {b: 1, c: 2, <<: *x}\n"},
      {"a user of an alias is removed", "x: &x 1\ny: *x\n", {"remove y"}, "x: &x 1\n"},
      {"an anchor that nobody uses", "x: &x\n  a: 1\n", {"set x.a 2"}, "x: &x\n  a: 2\n"},
  };
  for (const auto& c : cases) check(c, head);
}

TEST_CASE("what can't be changed for one object alone is refused, with its place") {
  struct Refused {
    std::string_view name, text, change, place;
  };
  const Refused cases[] = {
      {"others use the anchor", "x: &x\n  a: 1\ny: *x\n", "set x.a 2", "f:3:4: "},
      {"the anchor is replaced", "x: &x 1\ny: *x\n", "set x 2", "f:3:4: "},
      {"the anchor goes", "x: &x 1\ny: *x\n", "remove x", "f:1:1: "},
      {"a merged member is removed", "x: &x {a: 1}\ny: {<<: *x}\n", "remove y.a", "f:4:4: "},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto read = read_manifests(std::string(head) + std::string(c.text), "f");
    auto text = changed(read, {c.change});
    REQUIRE_FALSE(text);
    CHECK(text.error().code == Code::unsupported);
    CHECK(text.error().what.starts_with(c.place));
  }
}

TEST_CASE("an edit that is refused leaves its object alone, the others are made") {
  auto path = [](std::string_view text) { return FieldPath::parse(text).value(); };
  auto read = read_manifests(
      "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: A, a: &a 1}\n- {apiVersion: v1, kind: B, a: *a}\n"
      "- {apiVersion: v1, kind: C}\n---\napiVersion: v1\nkind: D\n",
      "f");
  REQUIRE(read.manifests.size() == 4);
  std::vector<ObjectEdit> edits;
  for (const auto& manifest : read.manifests) edits.push_back({&manifest, {{PatchAction::add, path("b"), "1"}}});
  edits[0].operations = {{PatchAction::replace, path("a"), "2"}};
  edits.push_back({&read.manifests[3], {{PatchAction::add, path("c"), "1"}, {PatchAction::remove, path("zz")}}});
  auto files = edit_files(edits);
  REQUIRE(files.size() == 1);
  CHECK(files[0].text ==
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: A, a: &a 1}\n"
        "- {apiVersion: v1, kind: B, a: *a, b: 1}\n- {apiVersion: v1, kind: C, b: 1}\n---\napiVersion: v1\nkind: D\n");
  REQUIRE(files[0].refused.size() == 2);
  CHECK(files[0].refused[0].manifest == &read.manifests[3]);
  CHECK(files[0].refused[0].error.code == Code::not_found);
  CHECK(files[0].refused[1].manifest == &read.manifests[0]);
  CHECK(files[0].refused[1].error.code == Code::unsupported);
  CHECK_FALSE(edited(edits));
}

TEST_CASE("objects that are one by an alias are not changed apart") {
  auto read = read_manifests("apiVersion: v1\nkind: List\nitems:\n- &a {apiVersion: v1, kind: A}\n- *a\n", "f");
  REQUIRE(read.manifests.size() == 2);
  CHECK_FALSE(changed(read, {"#1 set b 1"}));
  CHECK_FALSE(changed(read, {"#2 set b 1"}));
}

TEST_CASE("an alias of very much is not written out") {
  std::string text(head);
  text += "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8]\n";
  for (int i = 1; i < 6; ++i) {
    auto before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + "," + before + "," + before + "," +
            before + "," + before + "," + before + "]\n";
  }
  text += "x: {y: *a5}\n";
  auto read = read_manifests(text, "f");
  REQUIRE(read.manifests.size() == 1);
  CHECK_FALSE(changed(read, {"append x.y 1"}));
}

TEST_CASE("files are edited apart") {
  auto first = read_manifests("apiVersion: v1\nkind: A\n", "a"),
       second = read_manifests("apiVersion: v1\nkind: B\n", "b");
  PatchOperation add{PatchAction::add, FieldPath::parse("x").value(), "1"};
  std::vector<ObjectEdit> edits = {{&second.manifests[0], {add}}, {&first.manifests[0], {add}}};
  auto files = edit_files(edits);
  REQUIRE(files.size() == 2);
  CHECK(files[0].file == "b");
  CHECK(files[0].text == "apiVersion: v1\nkind: B\nx: 1\n");
  CHECK(files[1].text == "apiVersion: v1\nkind: A\nx: 1\n");
  CHECK(edited(edits).error().code == Code::invalid);
}

}  // namespace
}  // namespace seawall::kube
