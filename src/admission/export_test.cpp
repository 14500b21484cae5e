#include "admission/export.h"

#include <doctest/doctest.h>

using namespace seawall;
using namespace seawall::admission;

namespace {

Result<std::string> exported(const std::string& spec, std::string parameters = "") {
  std::vector<rulebook::Mistake> mistakes;
  rulebook::RuleFile file(
      "rule.yaml", "apiVersion: seawall.dev/v1\nkind: Policy\nmetadata: {name: test/rule}\nspec:\n  title: t\n" + spec,
      mistakes);
  auto policy = rulebook::read_policy(file, file.documents()[0], mistakes);
  REQUIRE_MESSAGE(policy, (mistakes.empty() ? "" : mistakes[0].text()));
  return native_policy(
      {.policy = std::make_shared<const rulebook::Policy>(std::move(*policy)), .parameters = std::move(parameters)});
}

bool has(const Result<std::string>& text, std::string_view part) {
  REQUIRE_MESSAGE(text, (text ? "" : text.error().what));
  INFO(*text);
  return text->find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what podSpec gives is defined by expressions, kinds become resource rules") {
  auto text =
      exported("  podSpec: true\n  validations: [{expression: 'variables.containers.all(c, c.image != \"\")'}]\n");
  CHECK(has(text, R"(name: "test.rule")"));
  CHECK(has(text, R"("cronjobs")"));
  CHECK(has(text, R"(- name: "containers")"));
  CHECK(has(text, R"(policyName: "test.rule")"));
  CHECK(has(exported("  kinds: [Ingress]\n  validations: [{expression: 'has(object.spec)'}]\n"),
            R"(resources: ["ingresses"])"));
}

TEST_CASE("parameters become constants, whatever they hold") {
  constexpr auto spec =
      "  kinds: [Service]\n  parameters: {names: [a, 1], limit: 3}\n"
      "  validations: [{expression: 'object.metadata.name in params.names && params.limit > 2'}]\n";
  auto text = exported(spec, R"({"names": ["it's \"x\""]})");
  CHECK(has(text, R"x(names\": dyn([dyn(\"it's \\\"x\\\"\")]))x"));
  CHECK(has(text, R"x(\"limit\": dyn(3))x"));
  CHECK(has(text, "object.metadata.name in variables.params.names && variables.params.limit > 2"));
}

TEST_CASE("match conditions that need variables guard the validations instead") {
  auto text = exported(
      "  podSpec: true\n  matchConditions: [{name: has-containers, expression: variables.containers.size() > 0}]\n"
      "  validations: [{expression: 'variables.pod.spec.hostPID == false'}]\n");
  CHECK(has(text, "!((variables.containers.size() > 0)) || (variables.pod.spec.hostPID == false)"));
  CHECK_FALSE(has(text, "matchConditions"));
}

TEST_CASE("objects whose types would make the API server warn are read without types") {
  auto text = exported("  kinds: [Service]\n  validations: [{expression: 'object.spec.?replicas.orValue(1) > 1'}]\n");
  CHECK(has(text, R"x(expression: "dyn(object)")x"));
  CHECK(has(text, "variables.untypedObject.spec.?replicas"));
}

TEST_CASE("optionals in variables, and lists that may be null, are written as the API server reads them") {
  auto text = exported(
      "  kinds: [Pod]\n  variables: [{name: context, expression: object.spec.?securityContext}]\n"
      "  validations: [{expression: \"variables.context.?runAsUser.orValue(1) != 0\"}]\n");
  CHECK(has(text, "dyn(variables.context).?runAsUser.orValue(1) != 0"));
  text = exported("  kinds: [Role]\n  validations: [{expression: 'object.?rules.orValue([]).size() > 0'}]\n");
  CHECK(has(text, "object.?rules.optFlatMap(list, optional.ofNonZeroValue(list)).orValue([]).size() > 0"));
}

TEST_CASE("what cannot be said natively is refused with the reason") {
  auto text =
      exported("  kinds: [Ingress]\n  data: [Service]\n  validations: [{expression: 'cluster.Service.size() > 0'}]\n");
  REQUIRE_FALSE(text);
  CHECK(text.error().code == Code::unsupported);
  CHECK(text.error().what.find("Service") != std::string::npos);
  CHECK_FALSE(exported("  kinds: [acme.example/Nothing]\n  validations: [{expression: 'has(object.spec)'}]\n"));
}
