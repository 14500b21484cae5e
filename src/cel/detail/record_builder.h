// A record in the making. Private to the room.
#pragma once

#include <vector>

#include "cel/schema.h"
#include "cel/value.h"

namespace seawall::cel::detail {

// The enum whose only value is null to expressions, by whatever number it is written.
inline constexpr std::string_view null_enum = "google.protobuf.NullValue";

class RecordBuilder {
 public:
  // Starts with what is set in `from`, a record of the same schema.
  RecordBuilder(Arena& arena, const Schema& schema, const RecordNode& from);
  RecordBuilder(Arena& arena, const Schema& schema) : RecordBuilder(arena, schema, schema.blank().as_record()) {}
  // False past the arena's budget: then nothing else may be called.
  bool ok() const noexcept { return node_ != nullptr; }
  Value get(const Field& field) const noexcept;
  bool has(const Field& field) const noexcept;
  // Sets a field or extension; of a oneof the others become unset.
  void set(const Field& field, const Value& value);
  // Null past the budget.
  const RecordNode* finish();

 private:
  void mark(std::size_t index, bool present) noexcept;
  void clear_others(const Field& field) noexcept;
  bool finish_extensions();
  Arena& arena_;
  const Schema& schema_;
  RecordNode* node_ = nullptr;
  Value* fields_ = nullptr;
  std::uint64_t* present_ = nullptr;
  std::vector<MapEntry> extensions_;
};

bool is_present(const RecordNode& record, std::size_t index) noexcept;
// The extension's entry; null where it is not set.
const Value* find_extension(const RecordNode& record, std::string_view name) noexcept;

// A finished message as expressions see it. Nothing where there is no such value: an Any whose content cannot be told,
// a time out of range.
struct Unboxed {
  Value value;
  bool possible = true;
};
Unboxed unboxed(const RecordNode& record) noexcept;

}  // namespace seawall::cel::detail
