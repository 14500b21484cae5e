// Types of the Kubernetes API for the type checker of expressions: records are described when an expression first
// reaches them.
// Threads: one at a time, checking included. Owns: the records described; refers to the schemas given.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cel/schema.h"
#include "codec/value.h"
#include "kube/schema.h"

namespace seawall::admission {

// How the API's schemas are read as types.
enum class TypeReading : unsigned char {
  // By what expressions meet when they run: JSON, so times and bytes are texts, and what may be text or number, or is
  // not described, can be anything. The same type is the same record wherever it stands.
  as_judged,
  // As the API server's own type checks of ValidatingAdmissionPolicies: times and bytes have types of their own,
  // quantities and undescribed fields are no fields, objects of whatever fields have none, recursion ends, and each
  // place in an object is a type of its own (containers and initContainers can't be added).
  as_api_server,
};

class TypeSource : public cel::SchemaSource {
 public:
  TypeSource(const kube::Schemas& schemas, TypeReading reading);
  const cel::Schema* find(std::string_view name) const override;

  // Of objects of the kind; dyn where its fields are not described.
  cel::Type object(const kube::ApiKind& kind);
  // Of objects that are of any of the kinds: all fields that one of them has. Only as_judged.
  cel::Type object_of_any(std::span<const kube::ApiKind* const> kinds);
  // Of the objects that the API server makes for policies: "AdmissionRequest", "Namespace".
  cel::Type input(std::string_view name);
  // Of a policy's parameters: their names are those of the defaults, their values whatever the user sets.
  cel::Type parameters(const std::string& policy, codec::Value defaults);
  // What variables.pod and the elements of variables.containers are. Ephemeral containers are among the latter: their
  // fields are known, too. The API server knows neither: dyn there.
  cel::Type pod();
  cel::Type container();

 private:
  // A record and how it was come to.
  struct Place {
    const kube::Schemas* schemas;
    std::vector<kube::FieldType> types;  // several: it may be any of them; none: it has no fields
    const Place* above = nullptr;        // only where each place is a type of its own
    std::string name = {};
  };
  std::optional<cel::Type> type_of(const Place& at, kube::FieldType type, const std::string& name) const;
  cel::Type record(const kube::Schemas& schemas, kube::FieldType type, const Place* above,
                   const std::string& place) const;
  // What holds for values that may be of either type.
  cel::Type either(cel::Type a, cel::Type b) const;
  void describe(cel::Schema& schema, const Place& place) const;
  void add_field(cel::Schema& schema, std::string_view name, cel::Type type) const;

  const kube::Schemas& schemas_;
  kube::Schemas inputs_;
  TypeReading reading_;
  mutable cel::Types types_;
  mutable std::map<std::string, Place, std::less<>> places_;
  mutable std::map<std::string, std::unique_ptr<cel::Schema>, std::less<>> described_;
};

}  // namespace seawall::admission
