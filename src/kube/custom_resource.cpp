// Schemas of CustomResourceDefinitions (apiextensions.k8s.io/v1; v1beta1 as far as names and scope go).
#include "kube/schema.h"

namespace seawall::kube {

using codec::Value;

class CustomResourceReader {
 public:
  CustomResourceReader(Schemas& schemas, Value definition) : schemas_(schemas), spec_(definition["spec"]) {}
  Result<> read();

 private:
  Result<> read_version(std::string_view version, Value schema);
  Result<FieldType> read_type(Value schema, const std::string& name, unsigned depth);
  Result<FieldType> read_record(Value schema, const std::string& name, unsigned depth);
  void add_meta(std::vector<SchemaField>& fields) const;

  static constexpr unsigned deepest = 64;
  Schemas& schemas_;
  Value spec_;
};

namespace {
bool is_set(Value schema, std::string_view extension) { return schema[extension].boolean().value_or(false); }

FieldKind kind_of_text(std::string_view format) {
  if (format == "byte") return FieldKind::bytes;
  if (format == "date-time" || format == "date") return FieldKind::time;
  if (format == "duration") return FieldKind::duration;
  return FieldKind::string;
}
}  // namespace

Result<FieldType> CustomResourceReader::read_type(Value schema, const std::string& name, unsigned depth) {
  if (depth > deepest) return fail(Code::exhausted, "the schema is nested too deep");
  if (schemas_.is_full()) return fail(Code::exhausted, "too many types");
  if (is_set(schema, "x-kubernetes-int-or-string")) return FieldType{.kind = FieldKind::int_or_string};
  auto type = schema["type"].text();
  if (type == "boolean") return FieldType{.kind = FieldKind::boolean};
  if (type == "integer") return FieldType{.kind = FieldKind::integer};
  if (type == "number") return FieldType{.kind = FieldKind::number};
  if (type == "string") return FieldType{.kind = kind_of_text(schema["format"].text())};
  if (type == "array")
    return schemas_.compose(FieldKind::list, SW_TRY(read_type(schema["items"], name + "[]", depth + 1)));
  if (type != "object") return FieldType{};
  if (auto values = schema["additionalProperties"]; values.is_object())
    return schemas_.compose(FieldKind::map, SW_TRY(read_type(values, name + "{}", depth + 1)));
  return read_record(schema, name, depth);
}

// What every object has, whether its schema says so or not.
void CustomResourceReader::add_meta(std::vector<SchemaField>& fields) const {
  FieldType metadata;
  if (!schemas_.find_record("meta/v1.ObjectMeta", &metadata)) metadata = {};
  std::erase_if(fields, [](const SchemaField& field) {
    return field.name == "apiVersion" || field.name == "kind" || field.name == "metadata";
  });
  fields.push_back({.name = "apiVersion", .type = {.kind = FieldKind::string}});
  fields.push_back({.name = "kind", .type = {.kind = FieldKind::string}});
  fields.push_back({.name = "metadata", .type = metadata});
}

Result<FieldType> CustomResourceReader::read_record(Value schema, const std::string& name, unsigned depth) {
  std::vector<SchemaField> fields;
  for (auto property : schema["properties"].members()) {
    auto type = SW_TRY(read_type(property.value, name + "." + std::string(property.key), depth + 1));
    fields.push_back({.name = schemas_.keep(property.key), .type = type});
  }
  for (auto required : schema["required"].items())
    for (auto& field : fields) field.required |= field.name == required.text();
  bool is_resource = depth == 0 || is_set(schema, "x-kubernetes-embedded-resource");
  if (is_resource) add_meta(fields);
  bool open = is_set(schema, "x-kubernetes-preserve-unknown-fields");
  if (fields.empty()) return FieldType{.kind = FieldKind::object};
  auto number = schemas_.number_of_record(schemas_.keep(name));
  auto& record = schemas_.records_[number];
  record.open = open;
  record.first_field = static_cast<std::uint32_t>(schemas_.fields_.size());
  record.field_count = static_cast<std::uint32_t>(fields.size());
  schemas_.fields_.insert(schemas_.fields_.end(), fields.begin(), fields.end());
  return FieldType{.kind = FieldKind::record, .number = number};
}

Result<> CustomResourceReader::read_version(std::string_view version, Value schema) {
  auto group = spec_["group"].text();
  auto names = spec_["names"];
  auto api_version = std::string(group) + "/" + std::string(version);
  FieldType type;
  if (schema.is_object()) type = SW_TRY(read_type(schema, api_version + "." + std::string(names["kind"].text()), 0));
  schemas_.add_kind({.group = schemas_.keep(group),
                     .version = schemas_.keep(version),
                     .kind = schemas_.keep(names["kind"].text()),
                     .resource = schemas_.keep(names["plural"].text()),
                     .scope = spec_["scope"].text() == "Cluster" ? Scope::cluster : Scope::namespaced,
                     .type = type});
  return {};
}

Result<> CustomResourceReader::read() {
  auto names = spec_["names"];
  if (spec_["group"].text().empty() || names["kind"].text().empty() || names["plural"].text().empty())
    return fail(Code::invalid, "no CustomResourceDefinition: group, names.kind or names.plural is missing");
  for (auto version : spec_["versions"].items()) {
    if (version["served"].boolean() == false || version["name"].text().empty()) continue;
    SW_TRY(read_version(version["name"].text(), version.path("schema", "openAPIV3Schema")));
  }
  return {};
}

Result<> Schemas::add_custom_resource(Value definition) { return CustomResourceReader(*this, definition).read(); }

}  // namespace seawall::kube
