// What is known about records: the messages of a protocol, the objects of an API, the events of a sensor.
//
// The checker reads fields and types from it; programs resolve names to field numbers by it once, at compile time.
// Threads: read-only once given to an Environment. Owns: its schemas; references live as long as the Schemas object.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cel/type.h"
#include "cel/value.h"

namespace seawall::cel {

// How a field lies in a flat record of the caller's (an event): `offset` bytes from its start.
enum class Layout : unsigned char {
  none,
  boolean,  // one byte
  integer8,
  integer16,
  integer32,
  integer64,
  unsigned8,
  unsigned16,
  unsigned32,
  unsigned64,
  floating64,
  text,       // std::string_view
  timestamp,  // std::int64_t nanoseconds since the epoch
  duration,   // std::int64_t nanoseconds
  value,      // a cel::Value
};

// How a field is written on the protobuf wire.
enum class Wire : unsigned char {
  none,
  int32,
  int64,
  uint32,
  uint64,
  sint32,
  sint64,
  fixed32,
  fixed64,
  sfixed32,
  sfixed64,
  floating32,
  floating64,
  boolean,
  enumeration,
  string,
  bytes,
  message,
  group,
};

// An enum whose values are of a type of their own (CEL leaves that to the implementation; usually they are integers).
struct EnumNode : OpaqueNode {
  std::int32_t number = 0;
};

// Messages of google.protobuf that expressions see as something else than records.
enum class WellKnown : unsigned char {
  none,
  any,
  timestamp,
  duration,
  structure,
  value,
  list,
  wrapper,
};

class Schema;

struct Field {
  std::string name;          // of an extension: its full name
  Type type;                 // as expressions see it: list, map and wrapper included
  Value absent;              // what an unset field reads as (default, null for wrappers, empty list...)
  bool presence = false;     // whether `set to its default` and `not set` differ
  int oneof = -1;            // fields of one number exclude each other
  std::uint32_t number = 0;  // protobuf
  Wire wire = Wire::none;
  bool repeated = false, packed = false;
  std::string message;                      // name of the message, map entry or enum that it holds
  const Schema* held = nullptr;             // of that message or map entry
  const OpaqueKind* enumeration = nullptr;  // where the values of that enum are no integers
  Layout layout = Layout::none;
  std::uint32_t offset = 0;
};

class Schema {
 public:
  explicit Schema(std::string name);
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;
  std::string_view name() const noexcept { return name_; }
  // The type of its records, as type(x) tells it; lives as long as the schema.
  Type type() const noexcept { return Type::of_node(&type_); }
  const std::vector<Field>& fields() const noexcept { return fields_; }
  const Field* find(std::string_view name) const noexcept;
  const Field* find(std::uint32_t number) const noexcept;
  std::size_t index_of(const Field& field) const noexcept { return static_cast<std::size_t>(&field - fields_.data()); }
  // Whether it is a field of this schema, and not an extension.
  bool owns(const Field& field) const noexcept;
  WellKnown well_known() const noexcept { return well_known_; }
  // The record of which no field is set.
  Value blank() const noexcept { return Value::record(&blank_); }
  // Unknown fields are not errors but dyn: an object of which only a part is described.
  bool open() const noexcept { return open_; }

  void add(Field field);
  void set_open(bool open) noexcept { open_ = open; }

 private:
  std::string name_;
  detail::TypeNode type_;
  WellKnown well_known_;
  RecordNode blank_;
  std::vector<Value> absent_;
  std::vector<std::uint64_t> none_present_;
  std::vector<Field> fields_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::map<std::uint32_t, std::size_t> by_number_;
  bool open_ = false;
};

// A row of results: a Value for each column, side by side in memory; a null one counts as not set. Adds the columns.
struct Column {
  std::string name;
  Type type;
};
void describe_row(Schema& schema, std::span<const Column> columns);

// Records that are too many to be added beforehand: described when they are first asked for.
// Threads: as whoever implements it says; checking in an environment asks it. Owns: the schemas that it gives.
class SchemaSource {
 public:
  virtual ~SchemaSource() = default;
  // Null where it knows none of that name. Types of fields may be of a pool of its own.
  virtual const Schema* find(std::string_view name) const = 0;
};

class Schemas {
 public:
  Schema& add(std::string name);
  Schemas() = default;
  // All that `base` has, too: it must outlive this, and not grow meanwhile.
  explicit Schemas(const Schemas* base) : base_(base) {}
  // One that was added, else the source's, else the base's.
  const Schema* find(std::string_view name) const;
  // Must outlive this.
  void set_source(const SchemaSource* source) noexcept { source_ = source; }
  // "pkg.Enum.VALUE" -> its number.
  void add_enum_value(std::string name, std::int32_t number);
  const std::int32_t* enum_value(std::string_view name) const noexcept;
  void add_enum(std::string name) { enums_.insert_or_assign(std::move(name), 0); }
  // An enum whose values are of a type of their own.
  const OpaqueKind& add_enum_kind(std::string name);
  const OpaqueKind* enum_kind(std::string_view name) const noexcept;
  bool is_enum(std::string_view name) const noexcept {
    return enums_.contains(name) || (base_ && base_->is_enum(name));
  }
  // Extensions of protocol buffers 2 by full name; `extended` is the message that they belong to.
  struct Extension {
    std::string extended;
    Field field;
  };
  void add_extension(std::string name, Extension extension);
  const Extension* extension(std::string_view name) const noexcept;
  const Extension* extension(std::string_view extended, std::uint32_t number) const noexcept;
  // Whether the dotted name of a record or enum value begins with that component.
  bool has_root(std::string_view component) const noexcept {
    return roots_.contains(component) || (base_ && base_->has_root(component));
  }

 private:
  void keep_root(std::string_view name);
  const Schemas* base_ = nullptr;
  const SchemaSource* source_ = nullptr;
  std::map<std::string, std::unique_ptr<Schema>, std::less<>> schemas_;
  std::map<std::string, std::int32_t, std::less<>> enum_values_;
  std::map<std::string, int, std::less<>> enums_;
  std::map<std::string, OpaqueKind, std::less<>> enum_kinds_;
  std::map<std::string, Extension, std::less<>> extensions_;
  std::set<std::string, std::less<>> roots_;
  std::map<std::string, std::map<std::uint32_t, const Extension*>, std::less<>> extensions_by_number_;
};

// The type of a message of that name: CEL's own for the well-known ones of google.protobuf (wrapper(int) for
// Int32Value, map(string, dyn) for Struct...), a record for all others.
Type message_type(Types& types, std::string_view name);

}  // namespace seawall::cel
