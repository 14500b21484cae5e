#include "kube/manifest.h"

#include <doctest/doctest.h>

#include "codec/json.h"

namespace seawall::kube {
namespace {

// "apiVersion kind namespace/name @place #document", a manifest each.
std::vector<std::string> listed(const Manifests& read) {
  std::vector<std::string> out;
  for (const auto& m : read.manifests) {
    auto name = std::string(m.in_namespace) + "/" + std::string(m.name.empty() ? m.generate_name : m.name);
    out.push_back(std::string(m.api_version) + " " + std::string(m.kind) + " " + name + " @" + m.where().text() + " #" +
                  std::to_string(m.document_number()));
  }
  return out;
}

std::vector<std::string> places_of_mistakes(const Manifests& read) {
  std::vector<std::string> out;
  for (const auto& mistake : read.mistakes) out.push_back(mistake.where.text() + " " + std::string(text(mistake.code)));
  return out;
}

using Lines = std::vector<std::string>;

TEST_CASE("objects are found in all shapes of files") {
  struct Case {
    std::string_view name, text;
    Lines manifests;
  };
  const Case cases[] = {
      {"nothing", "", {}},
      {"comments only", "# a\n---\n# b\n---\n", {}},
      {"several documents, empty ones between",
       "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: n}\n---\n---\n# x\n---\napiVersion: v1\nkind: "
       "Service\n"
       "metadata:\n  generateName: b-\n",
       {"v1 Pod n/a @f:1:1 #1", "v1 Service /b- @f:8:1 #4"}},
      {"a List is unfolded, a List in it as well",
       "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- kind: List\n"
       "  apiVersion: v1\n  items:\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: b}\n",
       {"v1 Pod /a @f:4:3 #1", "v1 Pod /b @f:8:5 #1"}},
      {"items of a typed list need not say what they are",
       R"({"apiVersion":"apps/v1","kind":"DeploymentList","items":[{"metadata":{"name":"a"}}]})",
       {"apps/v1 Deployment /a @f:1:58 #1"}},
      {"a kind that ends in List without items is an object",
       "apiVersion: x/v1\nkind: AllowList\nmetadata: {name: a}\nspec: {items: []}\n",
       {"x/v1 AllowList /a @f:1:1 #1"}},
      {"JSON values one after the other",
       "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}\n"
       "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"b\"}}\n",
       {"v1 Pod /a @f:1:1 #1", "v1 Pod /b @f:2:1 #2"}},
      {"JSON between markers",
       "---\n{\"apiVersion\":\"v1\",\n\t\"kind\":\"Pod\"}\n--- # x\n{apiVersion: v1, kind: Node}\n",
       {"v1 Pod / @f:2:1 #1", "v1 Node / @f:5:1 #2"}},
      {"JSON with comments", "{ # x\n \"apiVersion\": \"v1\", \"kind\": \"Pod\"}\n", {"v1 Pod / @f:1:1 #1"}},
      {"lines that end as on Windows",
       "apiVersion: v1\r\nkind: Pod\r\n---\r\napiVersion: v1\r\nkind: Node\r\n",
       {"v1 Pod / @f:1:1 #1", "v1 Node / @f:4:1 #2"}},
      {"a byte order mark", "\xEF\xBB\xBF{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}", {"v1 Pod / @f:1:2 #1"}},
      {"a directive", "%YAML 1.1\n---\napiVersion: v1\nkind: Pod\n", {"v1 Pod / @f:3:1 #1"}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto read = read_manifests(std::string(c.text), "f");
    CHECK(places_of_mistakes(read).empty());
    CHECK(listed(read) == c.manifests);
  }
}

TEST_CASE("a kind alone is taken for the one that it can only mean, with a warning") {
  auto read = read_manifests("kind: pod\nmetadata: {name: a}\n---\nkind: Deployment\n", "f");
  REQUIRE(read.manifests.size() == 2);
  CHECK(read.manifests[0].api_version == "v1");
  CHECK(read.manifests[0].kind == "Pod");
  CHECK(read.manifests[1].api_version == "apps/v1");
  REQUIRE(read.mistakes.size() == 2);
  CHECK(read.mistakes[0].warning);
}

TEST_CASE("mistakes are listed with their place, the other objects given") {
  struct Case {
    std::string_view name, bad;
    std::string_view mistake;
  };
  const Case cases[] = {
      {"no object", "- 1\n", "f:4:1 invalid"},
      {"text", "hello\n", "f:4:1 invalid"},
      {"no apiVersion", "kind: Blog\n", "f:4:1 invalid"},
      {"no kind", "\napiVersion: v1\n", "f:5:1 invalid"},
      {"a kind that is no text", "{apiVersion: v1, kind: [a]}", "f:4:1 invalid"},
      {"an item that is no object", "apiVersion: v1\nkind: List\nitems:\n- x\n", "f:7:3 invalid"},
      {"an item that is nothing", "apiVersion: v1\nkind: List\nitems:\n-\n", "f:7:2 invalid"},
      {"a review without request", "apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\n", "f:4:1 invalid"},
      {"a template that was not rendered", "apiVersion: v1\nkind: {{ .Values.kind }}\n", "f:5:8 unsupported"},
      {"bad syntax", "apiVersion: v1\nkind: Pod\n x: y\n", "f:6:3 invalid"},
      {"a tab", "a:\n\tb: 1\n", "f:5:1 invalid"},
      {"bad JSON", "{\"apiVersion\": \"v1\",\n \"kind\": \"Pod\" 1}\n", "f:5:16 invalid"},
      {"a key twice", "apiVersion: v1\nkind: Pod\nkind: Pod\n", "f:6:1 invalid"},
      {"a key twice in JSON", "{\"kind\": \"Pod\",\n\"kind\": \"Pod\"}", "f:5:1 invalid"},
      {"not UTF-8", "apiVersion: \xC3\x28\n", "f:4:13 invalid"},
      {"not UTF-8 in JSON", "{\"a\": \"\xFF\"}\n", "f:4:8 invalid"},
      {"too deep", "a: [[[[[[[[[[[[1]]]]]]]]]]]]\n", "f:4:13 exhausted"},
      {"a bomb", "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b]\n", "f:6:11 exhausted"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto text = "apiVersion: v1\nkind: Pod\n---\n" + std::string(c.bad) + "\n---\napiVersion: v1\nkind: Node\n";
    auto read = read_manifests(text, "f", {.limits = {.nodes = 250, .depth = 10}});
    REQUIRE(read.mistakes.size() == 1);
    CHECK(places_of_mistakes(read)[0] == c.mistake);
    CHECK(read.manifests.size() == 2);
  }
}

TEST_CASE("the budget is one for all documents") {
  std::string text;
  for (int i = 0; i < 10; ++i) text += "---\napiVersion: v1\nkind: Pod\n";
  CHECK(read_manifests(text, "f", {.limits = {.nodes = 30}}).manifests.size() == 10);
  auto few = read_manifests(text, "f", {.limits = {.nodes = 29}});
  CHECK(few.manifests.size() == 9);
  CHECK(places_of_mistakes(few).at(0) == "f:29:1 exhausted");
  auto long_text = read_manifests(text, "f", {.limits = {.bytes = 100}});
  CHECK(long_text.manifests.empty());
  CHECK(places_of_mistakes(long_text) == Lines{"f exhausted"});
}

TEST_CASE("bombs in many documents are one bomb") {
  std::string bomb = "---\na0: &a0 {a: 1, b: 1, c: 1, d: 1}\n";
  for (int i = 1; i < 30; ++i) {
    auto before = std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + before + ", *a" + before + "]\n";
  }
  std::string text;
  for (int i = 0; i < 2000; ++i) text += bomb;
  auto read = read_manifests(text, "f");
  CHECK(read.manifests.empty());
  CHECK(read.mistakes.size() == most_mistakes);
  CHECK(read.mistakes_left_out == 1000);
}

TEST_CASE("several threads read the same") {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "---\napiVersion: v1\nkind: " + std::string(i % 10 == 3 ? "[" : "Pod") + "\nmetadata: {name: p" +
            std::to_string(i) + "}\n";
  auto alone = read_manifests(text, "f"), together = read_manifests(text, "f", {.workers = 4});
  CHECK(alone.manifests.size() == 180);
  CHECK(listed(alone) == listed(together));
  CHECK(places_of_mistakes(alone) == places_of_mistakes(together));
}

constexpr std::string_view deployment = R"(# a comment
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ä
  annotations:
    a.b/c: "1"
spec:
  template:
    spec:
      containers:
      - name: ü
        image: x
      - {name: b, securityContext: {privileged: yes}}
)";

TEST_CASE("every field has its place, a missing one that of what is around it") {
  auto read = read_manifests(std::string(deployment), "d.yaml");
  REQUIRE(read.manifests.size() == 1);
  const auto& manifest = read.manifests[0];
  struct Case {
    std::string_view path, where, text;
    std::size_t steps_found;
  };
  constexpr Case cases[] = {
      {"", "d.yaml:2:1", {}, 0},
      {"metadata.annotations['a.b/c']", "d.yaml:7:5", "\"1\"", 3},
      {"spec.template.spec.containers[0].image", "d.yaml:13:9", "x", 6},
      {"spec.template.spec.containers[1].securityContext.privileged", "d.yaml:14:37", "yes", 7},
      {"spec.template.spec.containers[1].securityContext.runAsUser", "d.yaml:14:19", "{privileged: yes}", 6},
      {"spec.template.spec.containers[0].securityContext.privileged", "d.yaml:12:9", "name: ü\n        image: x", 5},
      {"spec.template.spec.containers[2]", "d.yaml:11:7", {}, 4},
      {"status", "d.yaml:2:1", {}, 0},
  };
  for (const auto& c : cases) {
    CAPTURE(c.path);
    auto place = manifest.find_place(*FieldPath::parse(c.path));
    CHECK(place.where.text() == c.where);
    CHECK(place.steps_found == c.steps_found);
    auto range = place.place.value;
    if (!c.text.empty()) CHECK(manifest.text().substr(range.begin, range.end - range.begin) == c.text);
  }
  CHECK(find(manifest.object, *FieldPath::parse("spec.template.spec.containers[1].securityContext.privileged"))
            .boolean() == true);
}

TEST_CASE("fields of items of a List in JSON have their place") {
  auto read = read_manifests(
      "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\n"
      " \"spec\":{\"hostPID\": true}}]}",
      "l.json");
  REQUIRE(read.manifests.size() == 1);
  CHECK(read.manifests[0].find_place(*FieldPath::parse("spec.hostPID")).where.text() == "l.json:3:10");
  CHECK(read.manifests[0].where().text() == "l.json:2:1");
}

TEST_CASE("manifests outlive what they were read from") {
  auto copy = [] {
    auto read = read_manifests(std::string(deployment), "d.yaml");
    return read.manifests[0];
  }();
  CHECK(copy.kind == "Deployment");
  CHECK(copy.file() == "d.yaml");
  CHECK(copy.text() == deployment);
}

TEST_CASE("the template of a chart is kept") {
  auto read = read_manifests(
      "---\n# Source: c/templates/a.yaml\napiVersion: v1\nkind: Pod\n---\n# Source: c/templates/b.yaml\n"
      "# other\n\napiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n# Source: x\n",
      "f");
  REQUIRE(read.manifests.size() == 3);
  CHECK(read.manifests[0].chart_template() == "c/templates/a.yaml");
  CHECK(read.manifests[1].chart_template() == "c/templates/b.yaml");
  CHECK(read.manifests[2].chart_template().empty());
}

TEST_CASE("an AdmissionReview is its request") {
  auto read = read_manifests(R"({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
 "request": {"uid": "u", "operation": "UPDATE", "namespace": "n", "name": "a", "subResource": "scale", "dryRun": true,
  "kind": {"group": "", "version": "v1", "kind": "Pod"}, "userInfo": {"username": "x"}, "options": {"a": 1},
  "oldObject": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "old"}},
  "object": {"metadata": {"name": "new", "namespace": "other"}, "apiVersion": "v1", "kind": "Pod"}}})",
                             "r.json");
  CHECK(read.mistakes.empty());
  CHECK(listed(read) == Lines{"v1 Pod n/new @r.json:5:13 #1"});
  REQUIRE(read.manifests.at(0).request);
  const auto& request = *read.manifests[0].request;
  CHECK(request.uid == "u");
  CHECK(request.operation == "UPDATE");
  CHECK(request.sub_resource == "scale");
  CHECK(request.dry_run);
  CHECK(request.user_info.text_or("username") == "x");
  CHECK(request.old_object.path("metadata", "name").text() == "old");
  CHECK(request.options["a"].integer() == 1);
  CHECK(request.kind.text_or("version") == "v1");
}

TEST_CASE("a review may lack much") {
  struct Case {
    std::string_view name, request, operation, manifest;
  };
  constexpr std::string_view pod = "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: n}}";
  const Case cases[] = {
      {"only an object", "{object: POD}", "CREATE", "v1 Pod n/a @f:3:19 #1"},
      {"both objects", "{object: POD, oldObject: POD}", "UPDATE", "v1 Pod n/a @f:3:19 #1"},
      {"the old object only", "{oldObject: POD, object: null}", "DELETE", "v1 Pod n/a @f:3:22 #1"},
      {"an operation", "{operation: CONNECT, object: POD}", "CONNECT", "v1 Pod n/a @f:3:39 #1"},
      {"an object that says nothing of itself", "{kind: {kind: Pod}, object: {metadata: {name: a}}}", "CREATE",
       " Pod /a @f:3:38 #1"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    std::string request(c.request);
    for (auto at = request.find("POD"); at != std::string::npos; at = request.find("POD")) request.replace(at, 3, pod);
    auto read = read_manifests("apiVersion: admission.k8s.io/v1beta1\nkind: AdmissionReview\nrequest: " + request, "f");
    CHECK(listed(read) == Lines{std::string(c.manifest)});
    REQUIRE(read.manifests.at(0).request);
    CHECK(read.manifests[0].request->operation == c.operation);
  }
}

}  // namespace
}  // namespace seawall::kube
