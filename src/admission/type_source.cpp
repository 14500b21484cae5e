#include "admission/type_source.h"

#include <algorithm>

namespace seawall::admission {

using kube::FieldKind;
using kube::FieldType;

namespace {

// What the API server gives to policies besides objects (apiserver pkg/admission/plugin/cel, BuildRequestType and
// BuildNamespaceType). "UID" is spelled so there.
constexpr std::string_view inputs = R"(type input/AdmissionRequest
 dryRun bool
 kind input/GroupVersionKind
 name string
 namespace string
 operation string
 options int-or-string
 requestKind input/GroupVersionKind
 requestResource input/GroupVersionResource
 requestSubResource string
 resource input/GroupVersionResource
 subResource string
 userInfo input/UserInfo
type input/GroupVersionKind
 group string
 kind string
 version string
type input/GroupVersionResource
 group string
 resource string
 version string
type input/UserInfo
 extra {[string]}
 groups [string]
 uid string
 username string
type input/Namespace
 metadata input/NamespaceMetadata
 spec input/NamespaceSpec
 status input/NamespaceStatus
type input/NamespaceMetadata
 UID string
 annotations {string}
 creationTimestamp time
 deletionGracePeriodSeconds int
 deletionTimestamp time
 finalizers [string]
 generateName string
 generation int
 labels {string}
 name string
 namespace string
 resourceVersion string
type input/NamespaceSpec
 finalizers [string]
type input/NamespaceStatus
 conditions [input/NamespaceCondition]
 phase string
type input/NamespaceCondition
 lastTransitionTime time
 message string
 reason string
 status string
 type string
)";

kube::Schemas read_inputs() {
  auto read = kube::Schemas::read(inputs);
  SW_CHECK(read.has_value());
  return std::move(*read);
}

// Names that CEL reserves stand between underscores, too (apiserver pkg/cel/escaping.go).
bool is_reserved(std::string_view name) {
  constexpr std::string_view reserved[] = {"as",       "break",   "const",  "continue", "else", "false", "for",
                                           "function", "if",      "import", "in",       "let",  "loop",  "namespace",
                                           "null",     "package", "return", "true",     "var",  "void",  "while"};
  return std::ranges::find(reserved, name) != std::end(reserved);
}

// The name under which the API server knows a field; empty where it knows none ("$ref").
std::string escaped(std::string_view name) {
  std::string made;
  for (std::size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (name.substr(i).starts_with("__")) {
      made += "__underscores__";
      ++i;
    } else if (plain) {
      made += c;
    } else if (c == '-' || c == '.' || c == '/') {
      made += c == '-' ? "__dash__" : c == '.' ? "__dot__" : "__slash__";
    } else {
      return "";
    }
  }
  return made.empty() || (made[0] >= '0' && made[0] <= '9') ? "" : made;
}

}  // namespace

TypeSource::TypeSource(const kube::Schemas& schemas, TypeReading reading)
    : schemas_(schemas), inputs_(read_inputs()), reading_(reading) {}

const cel::Schema* TypeSource::find(std::string_view name) const {
  if (auto known = described_.find(name); known != described_.end()) return known->second.get();
  auto place = places_.find(name);
  if (place == places_.end()) return nullptr;
  auto& schema = described_[std::string(name)];
  schema = std::make_unique<cel::Schema>(std::string(name));
  describe(*schema, place->second);
  return schema.get();
}

cel::Type TypeSource::record(const kube::Schemas& schemas, FieldType type, const Place* above,
                             const std::string& place) const {
  auto name = reading_ == TypeReading::as_judged ? std::string(schemas.record(type).name) : place;
  auto [made, fresh] = places_.try_emplace(name, Place{&schemas, {type}, above, name});
  return types_.record(made->first);
}

// Nothing where the API server's type checks would see no field.
std::optional<cel::Type> TypeSource::type_of(const Place& at, FieldType type, const std::string& name) const {
  bool judged = reading_ == TypeReading::as_judged;
  switch (type.kind) {
    case FieldKind::boolean:
      return cel::TypeKind::boolean;
    case FieldKind::integer:
      return cel::TypeKind::integer;
    case FieldKind::number:
      return cel::TypeKind::floating;
    case FieldKind::string:
      return cel::TypeKind::string;
    case FieldKind::bytes:
      return judged ? cel::TypeKind::string : cel::TypeKind::bytes;
    case FieldKind::time:
      return judged ? cel::TypeKind::string : cel::TypeKind::timestamp;
    case FieldKind::duration:
      return judged ? cel::TypeKind::string : cel::TypeKind::duration;
    case FieldKind::int_or_string:
      return cel::TypeKind::dyn;
    case FieldKind::any:
    case FieldKind::quantity:
      return judged ? std::optional<cel::Type>(cel::TypeKind::dyn) : std::nullopt;
    case FieldKind::object:
      if (judged) return cel::TypeKind::dyn;
      places_.try_emplace(name, Place{at.schemas, {}, nullptr, name});
      return types_.record(name);
    case FieldKind::record:
      return record(*at.schemas, type, judged ? nullptr : &at, name);
    case FieldKind::list: {
      auto element = type_of(at, at.schemas->element(type), name + ".@idx");
      return element ? std::optional(types_.list(*element)) : std::nullopt;
    }
    case FieldKind::map: {
      auto element = type_of(at, at.schemas->element(type), name + ".@elem");
      return element ? std::optional(types_.map(cel::TypeKind::string, *element)) : std::nullopt;
    }
  }
  return std::nullopt;
}

void TypeSource::add_field(cel::Schema& schema, std::string_view name, cel::Type type) const {
  if (reading_ == TypeReading::as_judged) return schema.add({.name = std::string(name), .type = type});
  if (is_reserved(name)) schema.add({.name = "__" + std::string(name) + "__", .type = type});
  if (auto known_as = escaped(name); !known_as.empty()) schema.add({.name = known_as, .type = type});
}

cel::Type TypeSource::either(cel::Type a, cel::Type b) const {
  if (a == b) return a;
  if (a.kind() != b.kind()) return cel::TypeKind::dyn;
  if (a.is(cel::TypeKind::list)) return types_.list(either(a.parameter(0), b.parameter(0)));
  if (a.is(cel::TypeKind::map)) return types_.map(a.parameter(0), either(a.parameter(1), b.parameter(1)));
  if (!a.is(cel::TypeKind::record)) return a;
  auto place = places_.find(a.name())->second;
  for (auto type : places_.find(b.name())->second.types)
    if (std::ranges::find(place.types, type) == place.types.end()) place.types.push_back(type);
  std::ranges::sort(place.types, {}, &FieldType::number);
  place.name.clear();
  for (auto type : place.types)
    place.name.append(place.name.empty() ? "" : " or ").append(place.schemas->record(type).name);
  return types_.record(places_.try_emplace(place.name, place).first->first);
}

void TypeSource::describe(cel::Schema& schema, const Place& place) const {
  for (const auto* above = place.above; above; above = above->above)
    if (above->types == place.types && above->schemas == place.schemas) return;
  std::map<std::string_view, cel::Type> fields;
  for (auto of : place.types) {
    const auto& record = place.schemas->record(of);
    if (record.open && reading_ == TypeReading::as_judged) schema.set_open(true);
    for (const auto& field : place.schemas->fields(record)) {
      auto type = type_of(place, field.type, place.name + "." + std::string(field.name));
      if (!type) continue;
      auto [known, fresh] = fields.try_emplace(field.name, *type);
      if (!fresh) known->second = either(known->second, *type);
    }
  }
  for (const auto& [name, type] : fields) add_field(schema, name, type);
}

cel::Type TypeSource::object(const kube::ApiKind& kind) {
  if (kind.type.kind != FieldKind::record) return cel::TypeKind::dyn;
  std::string name(kind.group);
  name.append(kind.group.empty() ? "" : "/").append(kind.version).append("/").append(kind.kind);
  return record(schemas_, kind.type, nullptr, name);
}

cel::Type TypeSource::object_of_any(std::span<const kube::ApiKind* const> kinds) {
  std::optional<cel::Type> made;
  for (const auto* kind : kinds) made = made ? either(*made, object(*kind)) : object(*kind);
  return made.value_or(cel::TypeKind::dyn);
}

cel::Type TypeSource::input(std::string_view name) {
  auto full = "input/" + std::string(name);
  FieldType type;
  SW_CHECK(inputs_.find_record(full, &type) != nullptr);
  return record(inputs_, type, nullptr, full);
}

cel::Type TypeSource::parameters(const std::string& policy, codec::Value defaults) {
  if (defaults.size() == 0) return cel::TypeKind::dyn;
  auto name = "parameters of " + policy;
  auto& schema = described_[name];
  schema = std::make_unique<cel::Schema>(name);
  for (auto parameter : defaults.members()) schema->add({.name = std::string(parameter.key)});
  return types_.record(name);
}

cel::Type TypeSource::pod() {
  FieldType type;
  bool known = schemas_.find_record("core/v1.PodTemplateSpec", &type) != nullptr;
  if (!known || reading_ == TypeReading::as_api_server) return cel::TypeKind::dyn;
  return record(schemas_, type, nullptr, "pod/PodTemplateSpec");
}

cel::Type TypeSource::container() {
  FieldType main, ephemeral;
  bool known = schemas_.find_record("core/v1.Container", &main) &&
               schemas_.find_record("core/v1.EphemeralContainer", &ephemeral);
  if (!known || reading_ == TypeReading::as_api_server) return cel::TypeKind::dyn;
  return either(record(schemas_, main, nullptr, ""), record(schemas_, ephemeral, nullptr, ""));
}

}  // namespace seawall::admission
