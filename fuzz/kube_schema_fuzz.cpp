// Descriptions of types on foreign bytes: whatever is read, every record can be walked.
#include <cstdlib>

#include "codec/json.h"
#include "fuzz.h"
#include "kube/schema.h"

namespace {

using namespace seawall;

void check_type(const kube::Schemas& schemas, kube::FieldType type) {
  while (type.kind == kube::FieldKind::list || type.kind == kube::FieldKind::map) type = schemas.element(type);
  if (type.kind != kube::FieldKind::record) return;
  for (const auto& field : schemas.fields(schemas.record(type)))
    if (schemas.find_field(type, field.name) == nullptr) std::abort();
}

void check_all(const kube::Schemas& schemas) {
  for (const auto& kind : schemas.kinds()) {
    check_type(schemas, kind.type);
    if (schemas.find_any_version(kind.group, kind.kind) == nullptr) std::abort();
    if (schemas.find_resource(kind.resource).empty()) std::abort();
  }
}

}  // namespace

SW_FUZZ(kube_schema,
        "=kubernetes\\t1\\nkind\\tv1\\tA\\tas\\tcluster\\ta/v1.A\\ntype\\ta/v1.A\\n\\tb!\\t[{int}]\\n\\tc\\ta/v1.A") {
  std::string text(data);
  for (char& c : text)
    if (c == '\t') c = ' ';  // seeds can't hold spaces
  if (auto schemas = kube::Schemas::read(text)) check_all(*schemas);
}

SW_FUZZ(kube_custom_resource,
        "={\"spec\":{\"group\":\"a.b\",\"names\":{\"kind\":\"C\",\"plural\":\"cs\"},\"versions\":[{\"name\":\"v1\","
        "\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"array\",\"items\":"
        "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"}}}}}}}]}}") {
  auto definition = codec::parse_json(data, {.bytes = 1 << 20, .nodes = 20'000, .depth = 200});
  if (!definition) return;
  kube::Schemas schemas;
  if (schemas.add_custom_resource(definition->root())) check_all(schemas);
}
