// The types that the language definition's own cases want to be found, where the shared data is at hand.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/files.h"
#include "cel/check.h"
#include "cel/parse.h"
#include "codec/json.h"

namespace seawall::cel {
namespace {

Type plain_type(std::string_view name) {
  if (name == "any") return TypeKind::dyn;
  constexpr TypeKind kinds[] = {TypeKind::dyn,      TypeKind::error,   TypeKind::null,
                                TypeKind::boolean,  TypeKind::integer, TypeKind::unsigned_integer,
                                TypeKind::floating, TypeKind::string,  TypeKind::bytes};
  for (auto kind : kinds)
    if (Type(kind).name() == name) return kind;
  if (name == "null") return TypeKind::null;
  if (name == "timestamp") return TypeKind::timestamp;
  if (name == "duration") return TypeKind::duration;
  FAIL("unknown type ", name);
  return {};
}

Type type_from(Types& types, codec::Value written) {
  if (written.is_text()) return plain_type(written.text());
  if (auto element = written["list"]) return types.list(type_from(types, element));
  if (auto entry = written["map"]) return types.map(type_from(types, entry.at(0)), type_from(types, entry.at(1)));
  if (auto plain = written["wrapper"]) return types.wrapper(type_from(types, plain));
  if (auto of = written["type"]) return types.type_of(type_from(types, of));
  if (auto name = written["message"]) return message_type(types, name.text());
  if (auto name = written["param"]) return types.parameter(name.text());
  std::vector<Type> parameters;
  for (auto each : written["params"].items()) parameters.push_back(type_from(types, each));
  auto name = written["abstract"].text();
  return name == "optional_type" ? types.optional(parameters.at(0)) : types.opaque(name, parameters);
}

Type field_type(Types& types, codec::Value field) {
  auto kind = field["type"].text();
  if (kind == "message" || kind == "group") return message_type(types, field["type_name"].text());
  if (kind == "string" || kind == "bytes" || kind == "bool") return plain_type(kind);
  if (kind == "float" || kind == "double") return TypeKind::floating;
  if (kind.starts_with('u') || kind.starts_with("fixed")) return TypeKind::unsigned_integer;
  return TypeKind::integer;
}

void add_messages(Environment& environment, codec::Value messages) {
  auto& types = environment.types();
  for (auto [name, message] : messages.members()) {
    auto& schema = environment.schemas().add(std::string(name));
    for (auto written : message["fields"].items()) {
      Field field{.name = std::string(written["name"].text()), .type = field_type(types, written)};
      auto entry = messages[written["type_name"].text()];
      if (entry["map_entry"].boolean().value_or(false))
        field.type = types.map(field_type(types, entry["fields"].at(0)), field_type(types, entry["fields"].at(1)));
      else if (written["label"].text() == "repeated")
        field.type = types.list(field.type);
      schema.add(std::move(field));
    }
  }
}

void declare(Environment& environment, codec::Value declaration) {
  auto& types = environment.types();
  if (auto name = declaration["ident"]) environment.add_variable(name.text(), type_from(types, declaration["type"]));
  for (auto written : declaration["overloads"].items()) {
    Overload overload{.id = std::string(written["id"].text()), .result = type_from(types, written["result"])};
    for (auto each : written["args"].items()) overload.parameters.push_back(type_from(types, each));
    environment.add_function(declaration["function"].text(), Style::global, std::move(overload));
  }
}

constexpr std::uint64_t most = std::uint64_t{64} << 20;

std::string shared(std::string_view path) {
  const char* folder = std::getenv("SEAWALL_SHARED");
  return std::string(folder ? folder : "../shared") + "/spec/cel/" + std::string(path);
}

}  // namespace

TEST_CASE("the types that the language definition's cases ask for are found") {
  auto suite_text = read_file(shared("type_deduction.json"), most);
  auto types_text = read_file(shared("_types.json"), most);
  if (!suite_text || !types_text) {
    std::puts("skipped: no cases of the CEL specification at hand");
    return;
  }
  auto suite = codec::parse_json(*suite_text).value();
  auto messages = codec::parse_json(*types_text).value();
  for (auto test : suite.root()["tests"].items()) {
    auto expression = test["expr"].text();
    CAPTURE(expression);
    auto environment = std::make_shared<Environment>();
    add_optionals(*environment);
    add_messages(*environment, messages.root()["messages"]);
    environment->set_container(test["container"].text());
    for (auto declaration : test["type_env"].items()) declare(*environment, declaration);
    auto wanted = type_from(environment->types(), test["expect"]["type"]);
    auto checked = check(parse(expression).value(), environment);
    REQUIRE_MESSAGE(checked, checked.error().what);
    CHECK(text(checked->type()) == text(wanted));
  }
}

}  // namespace seawall::cel
