// What the machine's instructions work with. Private to the room.
#pragma once

#include "cel/detail/machine.h"

namespace seawall::cel::detail {

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

// What a cached register holds before somebody asked, and where there is no such field.
inline Value not_yet() noexcept { return Value::error(nullptr); }
inline bool is_not_yet(const Value& value) noexcept {
  return value.is_error() && value.as_optional() == nullptr;  // no failure behind it
}
inline Value absent() noexcept {
  static constexpr Failure failure{ErrorCode::no_such_key, "no such key"};
  return Value::error(&failure);
}

inline bool is_text(const Value& value, const Value& constant) noexcept {
  return value.is(Kind::string) && value.as_text() == constant.as_text();
}

Value read_flat_field(const Value& record, const Field& field) noexcept;

}  // namespace seawall::cel::detail
