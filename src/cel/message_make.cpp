// Messages written in expressions: each value is fitted to its field.
#include <cmath>
#include <limits>

#include "cel/detail/record_builder.h"
#include "cel/message.h"

namespace seawall::cel {
namespace {

using detail::RecordBuilder;

// A value fitted to a field; `unset` where null means that the field isn't set.
struct Fitted {
  Value value;
  bool unset = false;
};

class Maker {
 public:
  Maker(Call& call, const Schemas& schemas) : call_(call), schemas_(schemas) {}

  Value record(const Schema& schema, std::span<const FieldInit> fields) {
    RecordBuilder made(call_.arena(), schema);
    if (!made.ok()) return call_.out_of_memory();
    for (const auto& [field, value] : fields) {
      auto [fitted, unset] = fit(*field, value);
      if (fitted.is_error()) return fitted;
      if (!unset) made.set(*field, fitted);
    }
    auto* node = made.finish();
    return node ? open(*node) : call_.out_of_memory();
  }

 private:
  Value misfit(const Field& field, const Value& value) {
    return call_.fail(ErrorCode::no_such_overload,
                      "field " + field.name + " takes no " + std::string(type_of(value).name()));
  }
  Value out_of_range(const Field& field) { return call_.fail(ErrorCode::out_of_range, "range error: " + field.name); }

  // The record as expressions see it.
  Value open(const RecordNode& node) {
    if (node.schema->well_known() == WellKnown::any && node.schema->fields().size() >= 2) return open_any(node);
    auto [value, possible] = detail::unboxed(node);
    return possible ? value : call_.fail(ErrorCode::out_of_range, "time out of range");
  }

  Value open_any(const RecordNode& node) {
    auto url = node.fields[0].as_text();
    auto slash = url.rfind('/');
    auto* schema = slash == std::string_view::npos ? nullptr : schemas_.find(url.substr(slash + 1));
    if (schema == nullptr) return call_.fail(ErrorCode::bad_argument, "conversion error: Any of an unknown type");
    auto content = decode_message(call_.arena(), schemas_, *schema, node.fields[1].as_text());
    if (content) return *content;
    return content.error().code == Code::exhausted ? call_.out_of_memory()
                                                   : call_.fail(ErrorCode::bad_argument, content.error().what);
  }

  Fitted fit(const Field& field, const Value& value) {
    if (!field.repeated) return single(field, value);
    if (field.type.is(TypeKind::map)) return {value.is(Kind::map) ? map(field, value) : misfit(field, value)};
    return {value.is(Kind::list) ? list(field, value) : misfit(field, value)};
  }

  Value list(const Field& field, const Value& value) {
    auto* items = call_.arena().array<Value>(value.size());
    if (items == nullptr) return call_.out_of_memory();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      auto [item, unset] = single(field, value.item(i));
      if (item.is_error()) return item;
      if (!unset) items[kept++] = item;
    }
    return Value::list(items, kept);
  }

  Value map(const Field& field, const Value& value) {
    const auto& key_field = field.held->fields()[0];
    const auto& value_field = field.held->fields()[1];
    MapBuilder made(call_.arena(), value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
      auto [given_key, given] = value.entry(i);
      auto key = single(key_field, given_key).value;
      if (key.is_error()) return key;
      auto [content, unset] = single(value_field, given);
      if (content.is_error()) return content;
      if (!unset && made.set(key, content) == MapBuilder::Added::out_of_memory) return call_.out_of_memory();
    }
    auto finished = made.finish();
    return finished ? *finished : call_.out_of_memory();
  }

  Fitted single(const Field& field, const Value& value) {
    if (field.held != nullptr) return message(field, value);
    return {scalar(field, value)};
  }

  Value scalar(const Field& field, const Value& value) {
    switch (field.wire) {
      case Wire::int32:
      case Wire::sint32:
      case Wire::sfixed32:
        return value.is(Kind::integer) ? integer32(field, value) : misfit(field, value);
      case Wire::int64:
      case Wire::sint64:
      case Wire::sfixed64:
        return value.is(Kind::integer) ? value : misfit(field, value);
      case Wire::uint32:
      case Wire::fixed32:
        if (!value.is(Kind::unsigned_integer)) return misfit(field, value);
        return value.as_unsigned() <= std::numeric_limits<std::uint32_t>::max() ? value : out_of_range(field);
      case Wire::uint64:
      case Wire::fixed64:
        return value.is(Kind::unsigned_integer) ? value : misfit(field, value);
      case Wire::floating32:
        return value.is(Kind::floating) ? narrowed(value.as_floating()) : misfit(field, value);
      case Wire::floating64:
        return value.is(Kind::floating) ? value : misfit(field, value);
      case Wire::boolean:
        return value.is(Kind::boolean) ? value : misfit(field, value);
      case Wire::string:
        return value.is(Kind::string) ? value : misfit(field, value);
      case Wire::bytes:
        return value.is(Kind::bytes) ? value : misfit(field, value);
      case Wire::enumeration:
        return enumeration(field, value);
      default:
        return misfit(field, value);
    }
  }

  Value integer32(const Field& field, const Value& value) {
    auto number = value.as_integer();
    bool fits =
        number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
    return fits ? value : out_of_range(field);
  }

  // To the nearest float, beyond the largest one to infinity.
  static Value narrowed(double value) {
    constexpr double past_largest = 0x1.ffffffp127;  // half way to what would be 2^128: rounds up
    if (std::abs(value) >= past_largest) return Value::floating(std::copysign(HUGE_VAL, value));
    return Value::floating(static_cast<double>(static_cast<float>(value)));
  }

  Value enumeration(const Field& field, const Value& value) {
    if (field.message == detail::null_enum && (value.is(Kind::null) || value.is(Kind::integer))) return {};
    if (field.enumeration != nullptr && value.is(Kind::opaque) && value.as_opaque().kind == field.enumeration)
      return value;
    if (!value.is(Kind::integer)) return misfit(field, value);
    auto number = integer32(field, value);
    if (number.is_error() || field.enumeration == nullptr) return number;
    return enum_value(call_, *field.enumeration, value.as_integer());
  }

  Fitted message(const Field& field, const Value& value) {
    switch (field.held->well_known()) {
      case WellKnown::any:
        return {any(value)};
      case WellKnown::value:
        return {json_value(call_, value)};
      case WellKnown::structure:
        return {value.is(Kind::map) ? json_value(call_, value) : misfit(field, value)};
      case WellKnown::list:
        return {value.is(Kind::list) ? json_value(call_, value) : misfit(field, value)};
      default:
        break;
    }
    if (value.is(Kind::null)) return {value, true};
    switch (field.held->well_known()) {
      case WellKnown::timestamp:
        return {value.is(Kind::timestamp) ? value : misfit(field, value)};
      case WellKnown::duration:
        return {value.is(Kind::duration) ? value : misfit(field, value)};
      case WellKnown::wrapper:
        return {field.held->fields().empty() ? misfit(field, value) : scalar(field.held->fields()[0], value)};
      default:
        return {value.is(Kind::record) && value.as_record().schema == field.held ? value : misfit(field, value)};
    }
  }

  // An Any keeps what it is given. Lists and maps are packed as ListValue and Struct are.
  Value any(const Value& value) {
    switch (value.kind()) {
      case Kind::list:
      case Kind::map:
        return json_value(call_, value);
      case Kind::type:
      case Kind::optional:
        return call_.fail(ErrorCode::bad_argument,
                          "conversion error: no message for " + std::string(type_of(value).name()));
      case Kind::opaque:
        return enum_or_failure(value);
      default:
        return value;
    }
  }

  Value enum_or_failure(const Value& value) {
    if (schemas_.enum_kind(value.as_opaque().kind->type_name) == value.as_opaque().kind) return value;
    return call_.fail(ErrorCode::bad_argument,
                      "conversion error: no message for " + std::string(value.as_opaque().kind->type_name));
  }

  Call& call_;
  const Schemas& schemas_;
};

}  // namespace

Value make_record(Call& call, const Schemas& schemas, const Schema& schema, std::span<const FieldInit> fields) {
  return Maker(call, schemas).record(schema, fields);
}

Value enum_value(Call& call, const OpaqueKind& kind, std::int64_t number) noexcept {
  if (number < std::numeric_limits<std::int32_t>::min() || number > std::numeric_limits<std::int32_t>::max())
    return call.fail(ErrorCode::out_of_range, "range error: enum");
  auto* node = call.arena().make(EnumNode{{&kind}, static_cast<std::int32_t>(number)});
  return node ? Value::opaque(node) : call.out_of_memory();
}

}  // namespace seawall::cel
