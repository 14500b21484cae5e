#include "kube/schema.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "codec/json.h"

using namespace seawall;
using namespace seawall::kube;

namespace {

FieldPath path_of(std::string_view text) {
  auto path = FieldPath::parse(text);
  REQUIRE(path);
  return *path;
}

}  // namespace

TEST_CASE("the kinds that come with Kubernetes are known with resource and scope") {
  struct Case {
    std::string_view api_version, kind, resource;
    Scope scope;
  };
  constexpr Case cases[] = {
      {"v1", "Pod", "pods", Scope::namespaced},
      {"v1", "Endpoints", "endpoints", Scope::namespaced},
      {"v1", "Namespace", "namespaces", Scope::cluster},
      {"apps/v1", "Deployment", "deployments", Scope::namespaced},
      {"networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", Scope::namespaced},
      {"networking.k8s.io/v1", "IPAddress", "ipaddresses", Scope::cluster},
      {"storage.k8s.io/v1", "CSIStorageCapacity", "csistoragecapacities", Scope::namespaced},
      {"storage.k8s.io/v1", "StorageClass", "storageclasses", Scope::cluster},
      {"rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", Scope::cluster},
  };
  const auto& schemas = builtin_schemas();
  CHECK(schemas.kubernetes_version() == "1.37.2");
  for (const auto& each : cases) {
    CAPTURE(each.kind);
    const auto* found = schemas.find_kind(each.api_version, each.kind);
    REQUIRE(found);
    CHECK(found->resource == each.resource);
    CHECK(found->scope == each.scope);
    CHECK(found->type.kind == FieldKind::record);
    auto by_resource = schemas.find_resource(each.resource);
    CHECK(std::ranges::find(by_resource, found) != by_resource.end());
  }
  CHECK(schemas.find_kind("policy/v1beta1", "PodDisruptionBudget") == nullptr);
  REQUIRE(schemas.find_any_version("policy", "PodDisruptionBudget"));
  CHECK(schemas.find_kind("example.com/v1", "Pod") == nullptr);
  CHECK(schemas.find_resource("events").size() == 2);
}

TEST_CASE("fields have the types that the API gives them") {
  struct Case {
    std::string_view name, api_version, kind, path;
    std::optional<FieldKind> type;
  };
  constexpr Case cases[] = {
      {"a whole number", "apps/v1", "Deployment", "spec.replicas", FieldKind::integer},
      {"through lists", "apps/v1", "Deployment", "spec.template.spec.containers[0].securityContext.privileged",
       FieldKind::boolean},
      {"a map's values", "v1", "Pod", "metadata.labels['a.b/c']", FieldKind::string},
      {"a quantity", "v1", "Pod", "spec.containers[0].resources.limits.cpu", FieldKind::quantity},
      {"a number or a name", "v1", "Service", "spec.ports[0].targetPort", FieldKind::int_or_string},
      {"a time", "v1", "Pod", "metadata.creationTimestamp", FieldKind::time},
      {"bytes", "v1", "Secret", "data.key", FieldKind::bytes},
      {"whatever is below a free object", "apps/v1", "ControllerRevision", "data.x.y[0]", FieldKind::any},
      {"recursion", "apiextensions.k8s.io/v1", "CustomResourceDefinition",
       "spec.versions[0].schema.openAPIV3Schema.properties.a.properties.b.type", FieldKind::string},
      {"no such field", "v1", "Pod", "spec.container", std::nullopt},
      {"an index into no list", "v1", "Pod", "spec[0]", std::nullopt},
      {"below a text", "v1", "Pod", "metadata.name.first", std::nullopt},
  };
  const auto& schemas = builtin_schemas();
  for (const auto& each : cases) {
    CAPTURE(each.name);
    const auto* kind = schemas.find_kind(each.api_version, each.kind);
    REQUIRE(kind);
    auto type = schemas.type_at(kind->type, path_of(each.path));
    CHECK(type.has_value() == each.type.has_value());
    if (type && each.type) CHECK(type->kind == *each.type);
  }
  FieldType container;
  REQUIRE(schemas.find_record("core/v1.Container", &container));
  CHECK(schemas.find_field(container, "name")->required);
  CHECK_FALSE(schemas.find_field(container, "image")->required);
}

TEST_CASE("text that is not of the format is refused with its line") {
  struct Case {
    std::string_view name, text;
    Code code;
  };
  const std::string deep = "type a/b.C\n f " + std::string(40, '[') + "int" + std::string(40, ']');
  const Case cases[] = {
      {"a field of nothing", " name string", Code::corrupt},
      {"a field without a type", "type a/v1.B\n name", Code::corrupt},
      {"an unknown type", "type a/v1.B\n name strong", Code::corrupt},
      {"a type that is never described", "type a/v1.B\n name a/v1.C", Code::corrupt},
      {"a type described twice", "type a/v1.B\ntype a/v1.B", Code::corrupt},
      {"a wrong scope", "kind v1 A as nowhere a/v1.A\ntype a/v1.A", Code::corrupt},
      {"an unknown line", "kinds", Code::corrupt},
      {"a type without end", deep, Code::exhausted},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    auto read = Schemas::read(each.text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == each.code);
  }
  CHECK(Schemas::read("").has_value());
}

TEST_CASE("a custom resource brings its resource, scope and fields") {
  auto definition = codec::parse_json(R"json({
    "kind": "CustomResourceDefinition",
    "spec": {"group": "example.com", "scope": "Cluster", "names": {"kind": "Gateway", "plural": "gatewaies"},
      "versions": [{"name": "v1", "served": true, "schema": {"openAPIV3Schema": {"type": "object", "properties": {
          "spec": {"type": "object", "required": ["port"], "properties": {
            "port": {"x-kubernetes-int-or-string": true},
            "since": {"type": "string", "format": "date-time"},
            "weights": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "integer"}}},
            "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
            "part": {"type": "object", "x-kubernetes-preserve-unknown-fields": true,
                     "properties": {"a": {"type": "boolean"}}}}}}}}},
        {"name": "v0", "served": false}]}})json");
  REQUIRE(definition);
  auto schemas = builtin_schemas();
  REQUIRE(schemas.add_custom_resource(definition->root()));
  const auto* kind = schemas.find_kind("example.com/v1", "Gateway");
  REQUIRE(kind);
  CHECK(kind->resource == "gatewaies");
  CHECK(kind->scope == Scope::cluster);
  CHECK(schemas.find_resource("gatewaies").size() == 1);
  CHECK_FALSE(schemas.find_kind("example.com/v0", "Gateway"));
  auto type = [&](std::string_view path) {
    auto found = schemas.type_at(kind->type, path_of(path));
    return found ? std::optional(found->kind) : std::nullopt;
  };
  CHECK(type("spec.port") == FieldKind::int_or_string);
  CHECK(type("spec.since") == FieldKind::time);
  CHECK(type("spec.weights.a[0]") == FieldKind::integer);
  CHECK(type("spec.free.a.b") == FieldKind::any);
  CHECK(type("spec.part.a") == FieldKind::boolean);
  CHECK(type("spec.part.b") == FieldKind::any);
  CHECK(type("spec.prot") == std::nullopt);
  CHECK(type("metadata.labels.a") == FieldKind::string);

  // Reading it once more replaces it.
  REQUIRE(schemas.add_custom_resource(definition->root()));
  CHECK(schemas.find_resource("gatewaies").size() == 1);
  auto bad = codec::parse_json(R"({"spec": {"group": "example.com"}})");
  REQUIRE(bad);
  CHECK_FALSE(schemas.add_custom_resource(bad->root()));
}
