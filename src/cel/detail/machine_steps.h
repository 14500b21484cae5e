// What the machine's instructions work with. Private to the room.
#pragma once

#include "cel/detail/machine.h"

namespace seawall::cel::detail {

// What a cached register holds before somebody asked, and where there is no such field.
inline Value not_yet() noexcept { return Value::error(nullptr); }
inline bool is_not_yet(const Value& value) noexcept {
  return value.is_error() && value.as_optional() == nullptr;  // no failure behind it
}
inline Value absent() noexcept {
  static constexpr Failure failure{ErrorCode::no_such_key, "no such key"};
  return Value::error(&failure);
}

// Equality with a string, int, bool or null.
inline bool is_constant(const Value& value, const Value& constant) noexcept {
  if (value.kind() != constant.kind()) [[unlikely]]
    return value.is_number() && constant.is_number() && equal(value, constant);
  if (constant.is(Kind::string))
    return value.size() == constant.size() &&
           codec::detail::same_text(value.as_text().data(), constant.as_text().data(), constant.size());
  return constant.is(Kind::null) || value.as_integer() == constant.as_integer();
}

inline bool Machine::remember(Value& cached, const Value& operand, const codec::Key& key, Value& error) noexcept {
  if (operand.is(Kind::map) && operand.in_document()) [[likely]] {
    auto found = codec::Value(operand.node())[key];
    cached = found.node() ? Value::document(found.node()) : absent();
    return true;
  }
  return remember_slowly(cached, operand, key, error);
}

inline bool starts_with(const Value& text, const Value& prefix) noexcept {
  return text.size() >= prefix.size() &&
         codec::detail::same_text(text.as_text().data(), prefix.as_text().data(), prefix.size());
}

}  // namespace seawall::cel::detail
