// What objects of the Kubernetes API look like: the kinds, their resources and scope, the types of their fields.
//
// The facts of one Kubernetes version ship with the program (builtin_schemas); custom resources are added to a copy.
// Threads: a finished Schemas may be read and copied by any thread.
// Owns: names of custom resources; those of read() stay in the text given, which must outlive it and its copies.
// Limits: 100,000 records, 1,000,000 fields and composed types; schemas of custom resources 64 deep.
// Fails: corrupt (not the format), invalid (no CustomResourceDefinition), exhausted.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/value.h"
#include "kube/field_path.h"

namespace seawall::kube {

enum class FieldKind : unsigned char {
  any,  // JSON of whatever shape
  boolean,
  integer,
  number,
  string,
  bytes,          // in base64
  time,           // a text of RFC 3339
  duration,       // a text: "1h30m"
  quantity,       // a text or a number: "500m", 2
  int_or_string,  // 8080, "http"
  object,         // of which no field is described
  record,
  list,
  map,  // from texts
};

// To be read with the Schemas that it came from.
struct FieldType {
  FieldKind kind = FieldKind::any;
  std::uint32_t number = 0;  // of the record, or of the type of the elements

  bool operator==(const FieldType&) const = default;
};

struct SchemaField {
  std::string_view name;
  FieldType type;
  bool required = false;
};

struct SchemaRecord {
  std::string_view name;  // "core/v1.Container"
  bool open = false;      // may have other fields, too
  std::uint32_t first_field = 0, field_count = 0;
};

enum class Scope : unsigned char { cluster, namespaced };

struct ApiKind {
  std::string_view group, version, kind;  // "apps", "v1", "Deployment"
  std::string_view resource;              // "deployments"
  Scope scope = Scope::namespaced;
  FieldType type;  // a record; any where the fields are not described
};

class Schemas {
 public:
  // The format of data/kubernetes-schemas.txt.
  static Result<Schemas> read(std::string_view text);
  // Every served version of a CustomResourceDefinition. One that is there already is replaced.
  Result<> add_custom_resource(codec::Value definition);

  std::string_view kubernetes_version() const noexcept { return version_; }  // "1.37.2"
  std::span<const ApiKind> kinds() const noexcept { return kinds_; }
  const ApiKind* find_kind(std::string_view api_version, std::string_view kind) const noexcept;
  // In any version, for what versions have in common: the resource and the scope.
  const ApiKind* find_any_version(std::string_view group, std::string_view kind) const noexcept;
  std::vector<const ApiKind*> find_resource(std::string_view resource) const;

  std::size_t record_count() const noexcept { return records_.size(); }
  // Of a type of kind `record`.
  const SchemaRecord& record(FieldType) const noexcept;
  const SchemaRecord* find_record(std::string_view name, FieldType* type = nullptr) const noexcept;
  std::span<const SchemaField> fields(const SchemaRecord&) const noexcept;
  const SchemaField* find_field(FieldType record, std::string_view name) const noexcept;
  // Of a list or map.
  FieldType element(FieldType) const noexcept;
  // Nothing where no such field is described.
  std::optional<FieldType> type_at(FieldType from, const FieldPath& path) const noexcept;

 private:
  friend class SchemaReader;
  friend class CustomResourceReader;
  std::uint32_t number_of_record(std::string_view name);
  FieldType compose(FieldKind kind, FieldType element);
  void add_kind(const ApiKind& kind);
  bool is_full() const noexcept;
  std::string_view keep(std::string_view text);

  std::string_view version_;
  std::vector<ApiKind> kinds_;
  std::vector<SchemaRecord> records_;
  std::vector<SchemaField> fields_;
  std::vector<FieldType> elements_;
  std::multimap<std::string_view, std::uint32_t> by_kind_, by_resource_;
  std::map<std::string_view, std::uint32_t> by_name_;
  std::vector<std::shared_ptr<const std::string>> kept_;
};

// Of the Kubernetes version that ships with this program; read when first asked for.
const Schemas& builtin_schemas();

}  // namespace seawall::kube
