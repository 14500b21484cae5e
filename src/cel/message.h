// Messages of protocol buffers as values, by schema and without generated code.
//
// A message is a record: one value a field, unset ones with the value that they read as. Those of google.protobuf
// that the language gives a meaning of its own are that: wrappers the plain value (unset: null), Struct a map,
// ListValue a list, Value whatever it holds, Any its content, Timestamp and Duration moments.
// Threads: safe. Owns: nothing; values live in the arena given, texts may stay in the bytes decoded.
// Limits: nesting 100; the arena's budget. Fails: see each function.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "cel/environment.h"
#include "cel/schema.h"
#include "cel/value.h"

namespace seawall::cel {

// From the wire. Fields that the schema doesn't know are left out. The content of an Any that cannot be told (unknown
// type, damaged bytes) leaves a record of google.protobuf.Any. A field given twice is merged as the encoding demands,
// but of the messages with a meaning of their own the last one wins.
// Fails: corrupt, exhausted.
Result<Value> decode_message(Arena& arena, const Schemas& schemas, const Schema& schema, std::string_view wire);

// A field written in a record literal: one of the schema's, or an extension's.
struct FieldInit {
  const Field* field;
  Value value;
};
// What `Message{field: value, ...}` gives; an error value where a value doesn't fit its field.
Value make_record(Call& call, const Schemas& schemas, const Schema& schema, std::span<const FieldInit> fields);

// The field of the record's schema with that name, else the extension; null where there is none.
const Field* find_field(const Schemas& schemas, const Schema& schema, std::string_view name) noexcept;
// What `record.field` and has(record.field) give; the field is one of find_field().
Value read_field(const Value& record, const Field& field) noexcept;
bool has_field(const Value& record, const Field& field) noexcept;
// The same of a flat record (RecordNode::data), whose fields have a layout.
Value read_flat_field(const Value& record, const Field& field) noexcept;
bool has_flat_field(const Value& record, const Field& field) noexcept;

// A value of an enum that isn't an integer to expressions.
Value enum_value(Call& call, const OpaqueKind& kind, std::int64_t number) noexcept;

// The value as JSON has it, as google.protobuf.Value stores it: numbers are doubles, integers that a double cannot
// hold are texts, as are bytes (base64) and times. An error value where there is no such form.
Value json_value(Call& call, const Value& value);

}  // namespace seawall::cel
