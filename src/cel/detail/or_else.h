// Methods of optionals whose argument is only looked at where it is needed, as cel-go has it. Private to the room.
#pragma once

#include "cel/check.h"

namespace seawall::cel::detail {

enum class OrElse : unsigned char {
  neither,
  optional,  // a.or(b)
  value,     // a.orValue(b)
};

inline OrElse or_else_of(const Node& node, const Resolution& resolved) noexcept {
  if (node.kind != NodeKind::method || node.children.size() != 2 || resolved.overloads.size() != 1)
    return OrElse::neither;
  const auto& id = resolved.overloads[0]->id;
  if (id == "optional_or_optional") return OrElse::optional;
  return id == "optional_orValue_value" ? OrElse::value : OrElse::neither;
}

}  // namespace seawall::cel::detail
