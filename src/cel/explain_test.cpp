#include "cel/explain.h"

#include <doctest/doctest.h>

#include "cel/parse.h"
#include "codec/json.h"

using namespace seawall;
using namespace seawall::cel;

namespace {

constexpr std::string_view pod = R"({"metadata": {"namespace": "shop", "labels": {"app.kubernetes.io/name": "web"}},
  "spec": {"hostNetwork": false, "containers": [
    {"name": "a", "image": "reg/a:1", "securityContext": {"privileged": false}},
    {"name": "b", "image": "reg/b:1"},
    {"name": "c", "image": "other/c:1", "securityContext": {"privileged": true}}]}})";

struct Told {
  std::string value;
  std::vector<std::string> paths;
};

std::shared_ptr<const Environment> environment() {
  auto made = std::make_shared<Environment>();
  add_optionals(*made);
  made->add_variable("object", TypeKind::dyn);
  made->add_variable("variables.first", TypeKind::dyn);
  return made;
}

std::shared_ptr<const Checked> checked(std::string_view source, const std::shared_ptr<const Environment>& with) {
  auto tree = parse(source);
  REQUIRE_MESSAGE(tree, tree.error().what);
  auto result = check(std::move(*tree), with);
  REQUIRE_MESSAGE(result, result.error().what);
  return std::make_shared<const Checked>(std::move(*result));
}

Told explained(std::string_view source) {
  auto with = environment();
  auto expression = checked(source, with);
  auto document = codec::parse_json(pod);
  Value inputs[] = {Value::document(document->root())};
  Explainer explainer;
  explainer.define("variables.first", checked("object.spec.containers[0]", with));
  auto explanation = explainer.explain(*expression, inputs);
  Told told{text(explanation.value), {}};
  for (const auto& each : explanation.evidence) told.paths.push_back(each.path + (each.present ? "" : " (absent)"));
  return told;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("an explanation names what decided, and only that") {
  struct Case {
    std::string_view source, value;
    Paths paths;
  };
  const Case cases[] = {
      {"object.metadata.namespace == 'shop'", "true", {"object.metadata.namespace"}},
      {"object.spec.hostNetwork && object.metadata.namespace == 'shop'", "false", {"object.spec.hostNetwork"}},
      {"object.metadata.namespace == 'x' || !object.spec.hostNetwork", "true", {"object.spec.hostNetwork"}},
      {"object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || "
       "c.securityContext.privileged == false)",
       "false",
       {"object.spec.containers[2].securityContext", "object.spec.containers[2].securityContext.privileged"}},
      {"object.spec.containers.exists(c, c.image.startsWith('other/'))", "true", {"object.spec.containers[2].image"}},
      {"object.spec.containers.filter(c, c.?securityContext.?privileged.orValue(false)).size() == 0",
       "false",
       {"object.spec.containers[2].securityContext.privileged"}},
      {"object.spec.containers.filter(c, c.image != '').all(c, c.name == 'a')",
       "false",
       {"object.spec.containers[1].name", "object.spec.containers[2].name"}},
      {"([object.metadata.namespace] + object.spec.containers.map(c, c.name)).exists(n, n == 'b')",
       "true",
       {"object.spec.containers[1].name"}},
      {"has(object.spec.hostPID) && object.spec.hostPID", "false", {"object.spec.hostPID (absent)"}},
      {"object.metadata.labels['app.kubernetes.io/name'] == 'web'",
       "true",
       {"object.metadata.labels['app.kubernetes.io/name']"}},
      {"object.?spec.?hostIPC.orValue(true)", "true", {"object.spec.hostIPC (absent)"}},
      {"variables.first.name == 'a'", "true", {"object.spec.containers[0].name"}},
      {"object.spec.containers[1].name == 'b' ? 1 : 2", "1", {"object.spec.containers[1].name"}},
  };
  for (const auto& each : cases) {
    CAPTURE(each.source);
    auto told = explained(each.source);
    CHECK(told.value == each.value);
    CHECK(told.paths == each.paths);
  }
}

TEST_CASE("what could not be decided is explained by what is missing") {
  auto told = explained("object.spec.nothing.at.all == 1");
  CHECK(told.paths == Paths{"object.spec.nothing (absent)"});
  CHECK(told.value.find("no such key") != std::string::npos);
}
