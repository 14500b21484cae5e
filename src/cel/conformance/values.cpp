#include "cel/conformance/values.h"

#include <cmath>
#include <functional>

#include "base/text.h"
#include "cel/message.h"
#include "codec/base64.h"

namespace seawall::cel::conformance {
namespace {

struct TypeWord {
  std::string_view word;
  TypeKind kind;
};
constexpr TypeWord type_words[] = {
    {"bool", TypeKind::boolean},        {"int", TypeKind::integer},       {"uint", TypeKind::unsigned_integer},
    {"double", TypeKind::floating},     {"string", TypeKind::string},     {"bytes", TypeKind::bytes},
    {"null", TypeKind::null},           {"dyn", TypeKind::dyn},           {"any", TypeKind::dyn},
    {"timestamp", TypeKind::timestamp}, {"duration", TypeKind::duration}, {"error", TypeKind::error},
};

Result<Type> read_word(std::string_view word) {
  for (const auto& each : type_words)
    if (each.word == word) return Type(each.kind);
  return fail(Code::invalid, "no type " + std::string(word));
}

Result<Type> read_abstract(Types& types, codec::Value written) {
  std::vector<Type> parameters;
  for (auto each : written["params"].items()) parameters.push_back(SW_TRY(read_type(types, each)));
  auto name = written.text_or("abstract");
  if (name == "optional_type" && parameters.size() == 1) return types.optional(parameters[0]);
  return types.opaque(name, parameters);
}

class Reader {
 public:
  Reader(Call& call, const Schemas& schemas) : call_(call), schemas_(schemas) {}

  Result<Value> read(codec::Value written) {
    for (auto [name, content] : written.members())
      for (const auto& [form, read_form] : forms)
        if (form == name) return (this->*read_form)(content);
    return fail(Code::invalid, "no value that is known");
  }

 private:
  Result<Value> null(codec::Value) { return Value(); }
  Result<Value> boolean(codec::Value content) { return Value::boolean(content.boolean().value_or(false)); }
  Result<Value> string(codec::Value content) { return Value::string(content.text()); }
  Result<Value> integer(codec::Value content) {
    auto number = to_i64(content.scalar());
    if (!number) return fail(Code::invalid, "no int: " + std::string(content.scalar()));
    return Value::integer(*number);
  }
  Result<Value> unsigned_integer(codec::Value content) {
    auto number = to_u64(content.scalar());
    if (!number) return fail(Code::invalid, "no uint: " + std::string(content.scalar()));
    return Value::unsigned_integer(*number);
  }
  Result<Value> floating(codec::Value content) {
    auto text = content.scalar();
    if (text == "NaN") return Value::floating(NAN);
    if (text == "Infinity" || text == "-Infinity") return Value::floating(text[0] == '-' ? -HUGE_VAL : HUGE_VAL);
    auto number = to_double(text);
    if (!number) return fail(Code::invalid, "no double: " + std::string(text));
    return Value::floating(*number);
  }

  Result<std::string_view> decoded(codec::Value content) {
    auto bytes = codec::from_base64(content.text());
    if (!bytes) return fail(Code::invalid, "no base64: " + std::string(content.text()));
    return call_.arena().copy(*bytes);
  }
  Result<Value> bytes(codec::Value content) { return Value::bytes(SW_TRY(decoded(content))); }

  Result<Value> list(codec::Value content) {
    std::vector<Value> items;
    for (auto each : content.items()) items.push_back(SW_TRY(read(each)));
    return call_.list(items);
  }

  Result<Value> map(codec::Value content) {
    MapBuilder made(call_.arena(), content.size());
    for (auto pair : content.items()) made.add(SW_TRY(read(pair.at(0))), SW_TRY(read(pair.at(1))));
    return made.finish().value_or(Value());
  }

  // Type values are compared by name: the kind does not matter, but for the plain ones it is told by the name.
  Result<Value> type(codec::Value content) {
    auto* node = call_.arena().make(detail::TypeNode{TypeKind::opaque, content.text(), {}});
    return Value::type(Type::of_node(node));
  }

  Result<Value> enumeration(codec::Value content) {
    auto* kind = schemas_.enum_kind(content.text_or("type"));
    auto number = content["value"].integer().value_or(0);
    return kind ? enum_value(call_, *kind, number) : Value::integer(number);
  }

  Result<Value> object(codec::Value content) {
    auto name = content.text_or("type");
    auto* schema = schemas_.find(name);
    if (schema == nullptr) return fail(Code::invalid, "no message " + std::string(name));
    return decode_message(call_.arena(), schemas_, *schema, SW_TRY(decoded(content["wire_b64"])));
  }

  struct Form {
    std::string_view name;
    Result<Value> (Reader::*read)(codec::Value);
  };
  static constexpr Form forms[] = {
      {"null", &Reader::null},        {"bool", &Reader::boolean},
      {"int", &Reader::integer},      {"uint", &Reader::unsigned_integer},
      {"double", &Reader::floating},  {"string", &Reader::string},
      {"bytes", &Reader::bytes},      {"list", &Reader::list},
      {"map", &Reader::map},          {"type", &Reader::type},
      {"enum", &Reader::enumeration}, {"object", &Reader::object},
  };

  Call& call_;
  const Schemas& schemas_;
};

bool same_lists(const Value& expected, const Value& got) {
  if (expected.size() != got.size()) return false;
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (!same(expected.item(i), got.item(i))) return false;
  return true;
}

bool same_maps(const Value& expected, const Value& got) {
  if (expected.size() != got.size()) return false;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    auto [key, value] = expected.entry(i);
    auto found = got.find(key);
    if (!found || !same(value, *found)) return false;
  }
  return true;
}

}  // namespace

Result<Type> read_type(Types& types, codec::Value written) {
  if (written.is_text()) return read_word(written.text());
  if (auto of = written["wrapper"]) return types.wrapper(SW_TRY(read_type(types, of)));
  if (auto of = written["list"]) return types.list(SW_TRY(read_type(types, of)));
  if (auto of = written["map"])
    return types.map(SW_TRY(read_type(types, of.at(0))), SW_TRY(read_type(types, of.at(1))));
  if (auto name = written["message"]) return message_type(types, name.text());
  if (auto of = written["type"]) return types.type_of(SW_TRY(read_type(types, of)));
  if (auto name = written["param"]) return types.parameter(name.text());
  if (written["abstract"]) return read_abstract(types, written);
  return fail(Code::invalid, "no type that is known");
}

Result<Value> read_value(Call& call, const Schemas& schemas, codec::Value written) {
  return Reader(call, schemas).read(written);
}

bool same(const Value& expected, const Value& got) {
  if (!expected.is(got.kind())) return false;
  switch (expected.kind()) {
    case Kind::floating:
      if (std::isnan(expected.as_floating())) return std::isnan(got.as_floating());
      return expected.as_floating() == got.as_floating() &&
             std::signbit(expected.as_floating()) == std::signbit(got.as_floating());
    case Kind::list:
      return same_lists(expected, got);
    case Kind::map:
      return same_maps(expected, got);
    case Kind::type:
      return expected.as_type().name() == got.as_type().name();
    default:
      return equal(expected, got);
  }
}

}  // namespace seawall::cel::conformance
