// Values of CEL: sixteen bytes each, in an arena, in a parsed document, or in a caller's record; never counted, never
// freed one by one.
//
// A list or map looks the same whether it was made by an expression or stands in a codec::Document; nothing is
// converted before it is touched.
// Threads: values are read-only once made. Owns: nothing; a Value lives as long as the arena, document or record
// behind it.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "cel/arena.h"
#include "cel/type.h"
#include "codec/value.h"

namespace seawall::cel {

enum class Kind : unsigned char {
  null,
  boolean,
  integer,
  unsigned_integer,
  floating,
  string,
  bytes,
  timestamp,
  duration,
  list,
  map,
  record,
  type,
  optional,
  opaque,
  error,
};

// A point in time or a stretch of it: seconds (since 1970-01-01T00:00:00Z) and nanoseconds of the same second,
// 0 to 999,999,999 for points; for stretches both have the sign of the whole.
struct Moment {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  auto operator<=>(const Moment&) const = default;
};

enum class ErrorCode : unsigned char {
  no_such_key,
  no_such_field,
  no_such_overload,
  no_such_variable,
  divide_by_zero,
  modulus_by_zero,
  overflow,
  out_of_range,
  bad_argument,
  duplicate_key,
  unsupported_key,
  cost_exceeded,
  interrupted,
  out_of_memory,
};
std::string_view text(ErrorCode) noexcept;

class Value;
class Schema;
struct OpaqueKind;

// What makes an expression undecided. `place` is the offset in the source of the part that failed, where known.
struct Failure {
  ErrorCode code;
  std::string_view message;  // what exactly, as in "no such key: spec"
  std::uint32_t place = UINT32_MAX;
};

struct MapEntry;

// A map that an expression made: entries in order of insertion, an index from 8 entries on.
struct MapNode {
  const MapEntry* entries;
  const std::uint32_t* index;  // power of two buckets of entry number + 1, open addressing; null for small maps
  std::uint32_t buckets;
};

// A message: one value per field of its schema, in the schema's order.
struct RecordNode {
  const Schema* schema;
  const Value* fields;
  const std::uint64_t* present;  // one bit a field
  const void* data = nullptr;    // flat record of the caller's: fields lie where their layout says; `fields` is null
  const MapNode* extensions = nullptr;  // proto2 extensions by full name; `extension_count` entries
  std::uint32_t extension_count = 0;
};

// A value that only its library understands (quantity, IP, decision...). `kind` says how it compares and prints.
struct OpaqueNode {
  const OpaqueKind* kind;
};

class Value {
 public:
  constexpr Value() noexcept : integer_(0) {}  // null
  static Value boolean(bool value) noexcept { return Value(Kind::boolean, std::int64_t{value}); }
  static Value integer(std::int64_t value) noexcept { return Value(Kind::integer, value); }
  static Value unsigned_integer(std::uint64_t value) noexcept {
    return Value(Kind::unsigned_integer, static_cast<std::int64_t>(value));
  }
  static Value floating(double value) noexcept {
    Value made(Kind::floating, 0);
    made.floating_ = value;
    return made;
  }
  static Value string(std::string_view text) noexcept { return of_text(Kind::string, text); }
  static Value bytes(std::string_view text) noexcept { return of_text(Kind::bytes, text); }
  static Value timestamp(Moment at) noexcept { return of_moment(Kind::timestamp, at); }
  static Value duration(Moment length) noexcept { return of_moment(Kind::duration, length); }
  static Value list(const Value* items, std::size_t count) noexcept { return pointing(Kind::list, items, count); }
  static Value map(const MapNode* node, std::size_t count) noexcept { return pointing(Kind::map, node, count); }
  static Value record(const RecordNode* node) noexcept { return pointing(Kind::record, node, 0); }
  static Value optional_none() noexcept { return pointing(Kind::optional, nullptr, 0); }
  static Value optional_of(const Value* held) noexcept { return pointing(Kind::optional, held, 0); }
  static Value opaque(const OpaqueNode* node) noexcept { return pointing(Kind::opaque, node, 0); }
  static Value error(const Failure* failure) noexcept { return pointing(Kind::error, failure, 0); }
  // The type as a value; `type(x)` gives kind and name only, without parameters.
  static Value type(Type type) noexcept;
  // A node of a document. Texts, lists and maps keep pointing to it.
  static Value document(codec::Value value) noexcept { return document(value.node()); }
  static Value document(const codec::detail::Node* node) noexcept;

  Kind kind() const noexcept { return kind_; }
  bool is(Kind kind) const noexcept { return kind_ == kind; }
  bool is_error() const noexcept { return kind_ == Kind::error; }
  bool is_number() const noexcept { return kind_ >= Kind::integer && kind_ <= Kind::floating; }
  bool is_true() const noexcept { return kind_ == Kind::boolean && integer_ != 0; }
  bool is_false() const noexcept { return kind_ == Kind::boolean && integer_ == 0; }

  // The content; what they mean for another kind is not defined.
  bool as_boolean() const noexcept { return integer_ != 0; }
  std::int64_t as_integer() const noexcept { return integer_; }
  std::uint64_t as_unsigned() const noexcept { return static_cast<std::uint64_t>(integer_); }
  double as_floating() const noexcept { return floating_; }
  std::string_view as_text() const noexcept { return {static_cast<const char*>(pointer_), size_}; }  // string, bytes
  Moment as_moment() const noexcept { return {integer_, static_cast<std::int32_t>(size_)}; }
  Type as_type() const noexcept;
  const RecordNode& as_record() const noexcept { return *static_cast<const RecordNode*>(pointer_); }
  const OpaqueNode& as_opaque() const noexcept { return *static_cast<const OpaqueNode*>(pointer_); }
  const Failure& as_error() const noexcept { return *static_cast<const Failure*>(pointer_); }
  const Value* as_optional() const noexcept { return static_cast<const Value*>(pointer_); }  // null: none

  // Lists and maps: number of elements or entries.
  std::size_t size() const noexcept { return size_; }
  Value item(std::size_t index) const noexcept;      // of a list; index < size()
  MapEntry entry(std::size_t index) const noexcept;  // of a map, in a stable order; index < size()
  // Of a map; 1, 1u and 1.0 are one key, 9007199254740993 and 9007199254740992.0 are not. Empty where there is none.
  std::optional<Value> find(const Value& key) const noexcept;
  // Of a map, by text; null where there is none. `scratch` holds the value of a document's member.
  const Value* find(const codec::Key& key, Value& scratch) const noexcept;

  // For what judges at speed: the document node or the own items behind a list or map.
  bool in_document() const noexcept { return in_document_; }
  const codec::detail::Node* node() const noexcept { return static_cast<const codec::detail::Node*>(pointer_); }
  const Value* items() const noexcept { return static_cast<const Value*>(pointer_); }
  const MapNode& map_node() const noexcept { return *static_cast<const MapNode*>(pointer_); }

 private:
  Value(Kind kind, std::int64_t content) noexcept : kind_(kind), integer_(content) {}
  static Value of_text(Kind kind, std::string_view text) noexcept { return pointing(kind, text.data(), text.size()); }
  static Value of_moment(Kind kind, Moment moment) noexcept {
    Value made(kind, moment.seconds);
    made.size_ = static_cast<std::uint32_t>(moment.nanos);
    return made;
  }
  static Value pointing(Kind kind, const void* to, std::size_t size) noexcept {
    Value made(kind, 0);
    made.pointer_ = to;
    made.size_ = static_cast<std::uint32_t>(size);
    return made;
  }

  Kind kind_ = Kind::null;
  bool in_document_ = false;
  std::uint32_t size_ = 0;
  union {
    std::int64_t integer_;
    double floating_;
    const void* pointer_;
  };
};
static_assert(sizeof(Value) == 16);

struct MapEntry {
  Value key, value;
};

// How the values of one opaque type behave; one constant for each type.
struct OpaqueKind {
  std::string_view type_name;                                    // "kubernetes.Quantity"
  bool (*equal)(const OpaqueNode&, const OpaqueNode&) noexcept;  // both of this kind
  std::string (*print)(const OpaqueNode&);                       // for people
  // Size for cost accounting, as cel-go's Sizer; 1 where it has none.
  std::uint64_t (*size)(const OpaqueNode&) noexcept = nullptr;
  detail::TypeNode type{TypeKind::opaque, type_name, {}};  // what type(x) gives; left to its default
};

inline Value Value::document(const codec::detail::Node* node) noexcept {
  if (node == nullptr) return {};
  switch (node->kind) {
    case codec::Kind::null:
      return {};
    case codec::Kind::boolean:
      return boolean(node->integer != 0);
    case codec::Kind::integer:
      return integer(node->integer);
    case codec::Kind::number:
      return floating(node->number);
    case codec::Kind::text:
      return string({node->text, node->size});
    case codec::Kind::array:
    case codec::Kind::object:
      break;
  }
  auto made = pointing(node->kind == codec::Kind::array ? Kind::list : Kind::map, node, node->size);
  made.in_document_ = true;
  return made;
}

inline Value Value::item(std::size_t index) const noexcept {
  return in_document_ ? document(node()->items + index) : items()[index];
}

inline MapEntry Value::entry(std::size_t index) const noexcept {
  if (!in_document_) return map_node().entries[index];
  const auto& member = node()->members[index];
  return {string(member.name()), document(&member.value)};
}

// Equality of the language: numbers by value whatever their type (an integer and a double as doubles), NaN unequal to
// all, lists in order, maps and records by content, different kinds unequal. Never an error. Values that share their
// parts can be larger than any memory: the second form counts its steps down and gives nothing where they don't
// suffice.
bool equal(const Value&, const Value&) noexcept;
std::optional<bool> equal(const Value&, const Value&, std::uint64_t& steps) noexcept;
// Order of two values of one ordered kind, or of any two numbers; nothing where the language has no order for them.
std::optional<std::strong_ordering> order(const Value&, const Value&) noexcept;
// (NaN is unordered: `unordered` tells it from kinds that can't be compared.)
bool unordered(const Value&, const Value&) noexcept;

// The type as `type(x)` tells it.
Type type_of(const Value&) noexcept;
// As a person reads it, CEL's own notation where there is one: `{"a": [1, 2u], "b": duration("3s")}`.
std::string text(const Value&);
// Of a timestamp "2009-02-13T23:31:30.5Z", of a duration "-0.5s": as string(x) gives it.
std::string moment_text(const Value&);
// Code points of a UTF-8 text: `size('é') == 1`.
std::size_t count_code_points(std::string_view) noexcept;

// Builds a map in an arena; keys must be new. Null past the budget.
class MapBuilder {
 public:
  MapBuilder(Arena& arena, std::size_t capacity);
  enum class Added : unsigned char { yes, duplicate, out_of_memory };
  Added add(const Value& key, const Value& value);
  // The same, but the last value of a key counts.
  Added set(const Value& key, const Value& value);
  // An error value past the budget.
  std::optional<Value> finish();

 private:
  MapEntry* place(std::uint32_t number);
  Arena& arena_;
  MapEntry* entries_ = nullptr;
  std::uint32_t* index_ = nullptr;
  std::uint32_t size_ = 0, capacity_ = 0, buckets_ = 0;
};

}  // namespace seawall::cel
