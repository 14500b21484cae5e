// What instructions do with values, where it is more than a line; shared by the machine and the explanation. Private to
// the room.
#pragma once

#include <span>

#include "cel/detail/code.h"
#include "cel/detail/runtime_call.h"
#include "cel/message.h"

namespace seawall::cel::detail {

// Results may be errors, in the arena; they have no place yet.
class Operations {
 public:
  explicit Operations(std::size_t memory) : arena_(memory), call_(arena_) {}
  Operations(const Operations&) = delete;
  RuntimeCall& call() noexcept { return call_; }
  Arena& arena() noexcept { return arena_; }
  // For fields whose record is only known when it runs.
  void set_schemas(const Schemas* schemas) noexcept { schemas_ = schemas; }
  void set_bad_presence(BadPresence means) noexcept { bad_presence_ = means; }

  Value fail(ErrorCode code, std::string_view first, std::string_view second = {}) noexcept;
  Value no_overload(std::string_view function, std::span<const Value> arguments);

  // Fields. An optional's field is optional; a record's unset field has its default.
  Value select(const Value& operand, const codec::Key& key) noexcept;
  Value has(const Value& operand, const codec::Key& key) noexcept;
  Value optional_select(const Value& operand, const codec::Key& key) noexcept;
  Value record_field(const Value& operand, const Field& field) noexcept;
  Value has_record_field(const Value& operand, const Field& field) noexcept;
  // The value, or null where there is none; `error` where the operand has no fields at all.
  const Value* look(const Value& operand, const codec::Key& key, Value& scratch, Value& error) noexcept;

  Value index(const Value& operand, const Value& key) noexcept;
  Value optional_index(const Value& operand, const Value& key) noexcept;
  Value compare(Opcode op, const Value& a, const Value& b, std::string_view function);
  Value contains(const Value& element, const Value& in);
  // Null where no candidate takes these arguments.
  static const Overload* chosen(const CallSite& site, std::span<const Value> arguments) noexcept;
  Value call_function(const CallSite& site, const Overload& overload, std::span<const Value> arguments);

  // `optional` says which elements, entries or fields hold an optional to be opened (null: none).
  Value make_list(std::span<const Value> items, const std::uint64_t* optional) noexcept;
  Value make_map(std::span<const Value> keys_and_values, const std::uint64_t* optional) noexcept;
  Value make_record(const RecordSite& site, std::span<const Value> values);

  // Lists and maps in the making. Adding gives null or an error.
  Value append(const Value& growing, std::span<const Value> values) noexcept;
  Value insert_entries(const Value& growing, const Value& map) noexcept;
  static Value built_list(const Value& growing) noexcept;
  Value built_map(const Value& growing) noexcept;

 protected:
  Value add_entry(MapBuilder& builder, const Value& key, const Value& value);

  Arena arena_;
  RuntimeCall call_;
  const Schemas* schemas_ = nullptr;
  BadPresence bad_presence_ = BadPresence::error;
};

// A list or map in the making, in a register.
struct Growing : OpaqueNode {
  Value* values = nullptr;
  std::uint32_t size = 0, capacity = 0;
};

inline Value new_growing(Arena& arena) noexcept {
  static constexpr Failure full{ErrorCode::out_of_memory, "memory budget exceeded"};
  auto* made = static_cast<Growing*>(arena.allocate(sizeof(Growing)));
  return made ? Value::opaque(new (made) Growing{}) : Value::error(&full);
}
inline Growing& growing_of(const Value& value) noexcept {
  return const_cast<Growing&>(static_cast<const Growing&>(value.as_opaque()));
}

inline bool holds(const Value& value) noexcept { return value.is(Kind::optional) && value.as_optional() != nullptr; }

// Whether the arguments can be given for the parameters, as far as that is told at run time.
bool fits(const Overload& overload, std::span<const Value> arguments) noexcept;

}  // namespace seawall::cel::detail
