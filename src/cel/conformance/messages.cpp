#include "cel/conformance/messages.h"

#include <optional>

#include "base/text.h"
#include "cel/message.h"

namespace seawall::cel::conformance {
namespace {

struct WireName {
  std::string_view name;
  Wire wire;
  TypeKind kind;
};
constexpr WireName wire_names[] = {
    {"int32", Wire::int32, TypeKind::integer},
    {"int64", Wire::int64, TypeKind::integer},
    {"uint32", Wire::uint32, TypeKind::unsigned_integer},
    {"uint64", Wire::uint64, TypeKind::unsigned_integer},
    {"sint32", Wire::sint32, TypeKind::integer},
    {"sint64", Wire::sint64, TypeKind::integer},
    {"fixed32", Wire::fixed32, TypeKind::unsigned_integer},
    {"fixed64", Wire::fixed64, TypeKind::unsigned_integer},
    {"sfixed32", Wire::sfixed32, TypeKind::integer},
    {"sfixed64", Wire::sfixed64, TypeKind::integer},
    {"float", Wire::floating32, TypeKind::floating},
    {"double", Wire::floating64, TypeKind::floating},
    {"bool", Wire::boolean, TypeKind::boolean},
    {"enum", Wire::enumeration, TypeKind::integer},
    {"string", Wire::string, TypeKind::string},
    {"bytes", Wire::bytes, TypeKind::bytes},
    {"message", Wire::message, TypeKind::record},
    {"group", Wire::group, TypeKind::record},
};

constexpr std::string_view null_enum = "google.protobuf.NullValue";

// What an enum's functions are bound to: how the names of its values are numbered.
struct EnumFacts {
  const OpaqueKind* kind;
  std::map<std::string, std::int32_t, std::less<>> numbers;
};

Value enum_of_integer(Call& call, std::span<const Value> arguments) {
  return enum_value(call, *static_cast<const EnumFacts*>(call.prepared())->kind, arguments[0].as_integer());
}

Value enum_of_name(Call& call, std::span<const Value> arguments) {
  const auto& facts = *static_cast<const EnumFacts*>(call.prepared());
  auto found = facts.numbers.find(arguments[0].as_text());
  if (found == facts.numbers.end()) return call.fail(ErrorCode::bad_argument, "invalid enum name");
  return enum_value(call, *facts.kind, found->second);
}

Value integer_of_enum(Call&, std::span<const Value> arguments) {
  return Value::integer(static_cast<const EnumNode&>(arguments[0].as_opaque()).number);
}

class Declarer {
 public:
  Declarer(Environment& environment, codec::Value types, Enums enums)
      : environment_(environment), schemas_(environment.schemas()), types_(types), enums_(enums) {}

  Result<> declare() {
    for (auto [name, values] : types_["enums"].members()) enumeration(name, values);
    // All names first: messages hold each other.
    for (auto [name, message] : types_["messages"].members()) schemas_.add(std::string(name));
    // Entries of maps before what holds them: the type of the map is theirs.
    for (bool entries : {true, false})
      for (auto [name, message] : types_["messages"].members())
        if (message["map_entry"].boolean().value_or(false) == entries) SW_TRY(fields(name, message));
    for (auto [name, extension] : types_["extensions"].members()) {
      auto made = SW_TRY(in(name, field(extension, true)));
      made.name = name;
      schemas_.add_extension(std::string(name), {std::string(extension.text_or("extendee")), std::move(made)});
    }
    return {};
  }

 private:
  void enumeration(std::string_view name, codec::Value values) {
    schemas_.add_enum(std::string(name));
    if (enums_ == Enums::own_types && name != null_enum) return own_type(name, values);
    for (auto [label, number] : values.members())
      schemas_.add_enum_value(std::string(name) + "." + std::string(label),
                              static_cast<std::int32_t>(number.integer().value_or(0)));
  }

  void own_type(std::string_view name, codec::Value values) {
    const auto& kind = schemas_.add_enum_kind(std::string(name));
    auto type = environment_.types().opaque(name);
    auto facts = std::make_shared<EnumFacts>(EnumFacts{&kind, {}});
    auto nodes = std::make_shared<std::deque<EnumNode>>();
    for (auto [label, number] : values.members()) {
      auto value = static_cast<std::int32_t>(number.integer().value_or(0));
      facts->numbers.emplace(label, value);
      nodes->push_back({{&kind}, value});
      environment_.add_constant(std::string(name) + "." + std::string(label), type, Value::opaque(&nodes->back()));
    }
    environment_.add_type(name, type);
    auto id = [&](std::string_view what) { return std::string(name) + std::string(what); };
    environment_.add_function(name, Style::global,
                              {.id = id("_of_int"),
                               .parameters = {TypeKind::integer},
                               .result = type,
                               .run = enum_of_integer,
                               .bound = facts});
    environment_.add_function(name, Style::global,
                              {.id = id("_of_string"),
                               .parameters = {TypeKind::string},
                               .result = type,
                               .run = enum_of_name,
                               .bound = facts});
    // The nodes of the constants live as long as the function.
    environment_.add_function("int", Style::global,
                              {.id = id("_to_int"),
                               .parameters = {type},
                               .result = TypeKind::integer,
                               .run = integer_of_enum,
                               .bound = nodes});
  }

  Result<> fields(std::string_view name, codec::Value message) {
    auto& schema = schemas_.add(std::string(name));
    bool proto2 = message.text_or("syntax") == "proto2";
    for (auto each : message["fields"].items()) schema.add(SW_TRY(in(name, field(each, proto2))));
    return {};
  }

  Result<Field> field(codec::Value described, bool proto2) {
    Field made;
    made.name = described.text_or("name");
    made.number = static_cast<std::uint32_t>(described["number"].integer().value_or(0));
    made.message = described.text_or("type_name");
    made.repeated = described.text_or("label") == "repeated";
    made.oneof = static_cast<int>(described["oneof"].integer().value_or(-1));
    auto kind = SW_TRY(wire(made, described.text_or("type")));
    bool message = made.wire == Wire::message || made.wire == Wire::group;
    made.presence = !made.repeated && (proto2 || message || made.oneof >= 0);
    if (message) {
      made.held = schemas_.find(made.message);
      if (made.held == nullptr) return fail(Code::invalid, made.name + ": no message " + made.message);
    }
    made.enumeration = made.wire == Wire::enumeration ? schemas_.enum_kind(made.message) : nullptr;
    made.type = type_of(made, kind);
    made.absent = SW_TRY(absent(made, described));
    return made;
  }

  static Result<TypeKind> wire(Field& made, std::string_view name) {
    for (const auto& each : wire_names) {
      if (each.name != name) continue;
      made.wire = each.wire;
      return each.kind;
    }
    return fail(Code::invalid, made.name + ": no type " + std::string(name));
  }

  bool is_map(const Field& field) const {
    return field.repeated && field.held != nullptr &&
           types_["messages"][field.message]["map_entry"].boolean().value_or(false);
  }

  Type type_of(const Field& field, TypeKind kind) {
    auto& types = environment_.types();
    if (is_map(field)) return types.map(field.held->fields()[0].type, field.held->fields()[1].type);
    Type one = kind;
    if (field.held != nullptr) one = message_type(types, field.message);
    if (field.enumeration != nullptr) one = types.opaque(field.message);
    if (field.message == null_enum) one = TypeKind::dyn;  // its constant is an integer, its values are null
    return field.repeated ? types.list(one) : one;
  }

  Result<Value> absent(const Field& field, codec::Value described) {
    if (is_map(field)) return Value::map(nullptr, 0);
    if (field.repeated) return Value::list(nullptr, 0);
    if (field.held != nullptr) return absent_message(*field.held);
    if (field.wire == Wire::enumeration) return absent_enum(field, described.text_or("default"));
    return absent_scalar(field, described["default"].scalar());
  }

  static Value absent_message(const Schema& schema) {
    switch (schema.well_known()) {
      case WellKnown::none:
        return schema.blank();
      case WellKnown::timestamp:
        return Value::timestamp({});
      case WellKnown::duration:
        return Value::duration({});
      case WellKnown::structure:
        return Value::map(nullptr, 0);
      case WellKnown::list:
        return Value::list(nullptr, 0);
      default:
        return {};
    }
  }

  Value absent_enum(const Field& field, std::string_view label) {
    if (field.message == null_enum) return {};
    auto values = types_["enums"][field.message];
    std::optional<std::int64_t> first;
    for (auto [name, number] : values.members())
      if (!first || name == label) first = number.integer();
    auto number = static_cast<std::int32_t>(first.value_or(0));
    if (field.enumeration == nullptr) return Value::integer(number);
    // The constant of that number is one of the environment's.
    for (auto [name, value] : values.members())
      if (value.integer() == number) return environment_.find_constant(field.message + "." + std::string(name))->value;
    return {};
  }

  static Result<Value> absent_scalar(const Field& field, std::string_view text) {
    auto bad = [&] { return fail(Code::invalid, field.name + ": no default " + std::string(text)); };
    switch (field.type.kind()) {
      case TypeKind::boolean:
        return Value::boolean(text == "true");
      case TypeKind::string:
        return Value::string(text);
      case TypeKind::bytes:
        return Value::bytes(text);
      case TypeKind::integer:
        if (auto number = to_i64(text.empty() ? "0" : text)) return Value::integer(*number);
        return bad();
      case TypeKind::unsigned_integer:
        if (auto number = to_u64(text.empty() ? "0" : text)) return Value::unsigned_integer(*number);
        return bad();
      default:
        break;
    }
    auto number = to_double(text.empty() ? "0" : text);
    if (!number) return bad();
    bool narrow = field.wire == Wire::floating32;
    return Value::floating(narrow ? static_cast<double>(static_cast<float>(*number)) : *number);
  }

  Environment& environment_;
  Schemas& schemas_;
  codec::Value types_;
  Enums enums_;
};

}  // namespace

Result<> declare_messages(Environment& environment, codec::Value types, Enums enums) {
  return Declarer(environment, types, enums).declare();
}

}  // namespace seawall::cel::conformance
