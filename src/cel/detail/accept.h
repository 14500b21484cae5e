// Whether a value may be given for a parameter, as far as that is told at run time. Private to the room.
#pragma once

#include "cel/schema.h"
#include "cel/value.h"

namespace seawall::cel::detail {

inline bool accepts(Type parameter, const Value& value) noexcept {
  switch (parameter.kind()) {
    case TypeKind::dyn:
    case TypeKind::parameter:
      return true;
    case TypeKind::null:
      return value.is(Kind::null);
    case TypeKind::boolean:
      return value.is(Kind::boolean);
    case TypeKind::integer:
      return value.is(Kind::integer);
    case TypeKind::unsigned_integer:
      return value.is(Kind::unsigned_integer);
    case TypeKind::floating:
      return value.is(Kind::floating);
    case TypeKind::string:
      return value.is(Kind::string);
    case TypeKind::bytes:
      return value.is(Kind::bytes);
    case TypeKind::timestamp:
      return value.is(Kind::timestamp);
    case TypeKind::duration:
      return value.is(Kind::duration);
    case TypeKind::list:
      return value.is(Kind::list);
    case TypeKind::map:
      return value.is(Kind::map);
    case TypeKind::record:
      // Objects of an API are described by a schema and stand in documents as maps.
      return value.is(Kind::map) || (value.is(Kind::record) && value.as_record().schema->name() == parameter.name());
    case TypeKind::type:
      return value.is(Kind::type);
    case TypeKind::wrapper:
      return value.is(Kind::null) || accepts(parameter.parameter(0), value);
    case TypeKind::optional:
      return value.is(Kind::optional);
    case TypeKind::opaque:
      return value.is(Kind::opaque) && value.as_opaque().kind->type_name == parameter.name();
    case TypeKind::error:
      return false;
  }
  return false;
}

}  // namespace seawall::cel::detail
