// JSON in and out (RFC 8259). Reading is strict; `parse_json_lenient` also takes comments and trailing commas.
// Threads: safe. Limits: as given. Fails: invalid (with byte offset or line), exhausted.
#pragma once

#include <memory>

#include "codec/value.h"

namespace seawall::codec {

Result<Document> parse_json(std::string_view, const Limits& = {});
// JSONC and JSON5's commonest liberties: // and /* */ comments, trailing commas (bun.lock, deno.json, tsconfig).
Result<Document> parse_json_lenient(std::string_view, const Limits& = {});

// Writes JSON text event by event; text that isn't UTF-8 is repaired on the way. Misuse (a key outside an object)
// is a broken invariant.
class JsonWriter {
 public:
  enum class Style : bool { compact, pretty };
  explicit JsonWriter(Style = Style::compact);
  JsonWriter(JsonWriter&&) noexcept;
  ~JsonWriter();
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view);
  JsonWriter& text(std::string_view);
  JsonWriter& integer(std::int64_t);
  JsonWriter& unsigned_integer(std::uint64_t);
  JsonWriter& number(double);
  JsonWriter& boolean(bool);
  JsonWriter& null();
  // A whole parsed value.
  JsonWriter& value(Value);
  // Shorthands: key and value in one.
  JsonWriter& field(std::string_view name, std::string_view content) { return key(name).text(content); }
  JsonWriter& field(std::string_view name, const char* content) { return key(name).text(content); }
  JsonWriter& field(std::string_view name, std::int64_t content) { return key(name).integer(content); }
  JsonWriter& flag(std::string_view name, bool content) { return key(name).boolean(content); }
  // The text so far; call once all containers are closed.
  std::string take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seawall::codec
