#include "cel/check.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "cel/parse.h"

namespace seawall::cel {
namespace {

Overload function(std::string id, std::vector<Type> parameters, Type result) {
  return {.id = std::move(id), .parameters = std::move(parameters), .result = result};
}

Type pod_type(Environment& environment) {
  auto& types = environment.types();
  auto& spec = environment.schemas().add("test.Spec");
  spec.add({.name = "replicas", .type = TypeKind::integer});
  spec.add({.name = "limit", .type = types.wrapper(TypeKind::integer)});
  spec.add({.name = "labels", .type = types.map(TypeKind::string, TypeKind::string)});
  spec.add({.name = "names", .type = types.list(TypeKind::string)});
  auto& pod = environment.schemas().add("test.Pod");
  pod.add({.name = "spec", .type = types.record("test.Spec")});
  auto& open = environment.schemas().add("test.Open");
  open.add({.name = "known", .type = TypeKind::integer});
  open.set_open(true);
  environment.schemas().add_extension("test.ext.weight", {"test.Spec", {.name = "weight", .type = TypeKind::floating}});
  environment.schemas().add_enum_value("test.Color.RED", 1);
  return types.record("test.Pod");
}

std::shared_ptr<Environment> make_environment() {
  auto environment = std::make_shared<Environment>();
  add_optionals(*environment);
  auto& types = environment->types();
  environment->add_variable("pod", pod_type(*environment));
  environment->add_variable("open", types.record("test.Open"));
  environment->add_variable("anything", TypeKind::dyn);
  environment->add_variable("number", TypeKind::integer);
  environment->add_variable("word", TypeKind::string);
  environment->add_variable("maybe", types.optional(types.map(TypeKind::string, TypeKind::integer)));
  environment->add_variable("x.y", TypeKind::boolean);
  environment->add_variable("a.b.c", TypeKind::integer);
  environment->add_variable("a.c", TypeKind::string);
  environment->add_constant("limits.most", TypeKind::integer, Value::integer(7));
  environment->add_function("tools.twice", Style::global,
                            function("twice_int", {TypeKind::integer}, TypeKind::integer));
  auto element = types.parameter("T");
  environment->add_function("pair", Style::global, function("pair_T", {element, element}, types.list(element)));
  environment->add_function("format", Style::method,
                            function("format", {TypeKind::string, types.list(TypeKind::dyn)}, TypeKind::string));
  environment->add_function("either", Style::global, function("either_int", {TypeKind::integer}, TypeKind::integer));
  environment->add_function("either", Style::global, function("either_text", {TypeKind::string}, TypeKind::string));
  return environment;
}

Result<Checked> check_text(std::string_view expression, std::shared_ptr<const Environment> environment,
                           Checking checking = Checking::full) {
  auto ast = parse(expression);
  REQUIRE_MESSAGE(ast, ast.error().what);
  return check(std::move(*ast), std::move(environment), checking);
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("types are found") {
  struct Case {
    std::string_view name, expression, type;
  };
  constexpr Case cases[] = {
      {"fields of records", "pod.spec.replicas", "int"},
      {"a wrapper is what it wraps", "pod.spec.limit + 1", "int"},
      {"a wrapper is null", "pod.spec.limit == null", "bool"},
      {"a field of a map is its value", "pod.spec.labels.app", "string"},
      {"an open record has any field", "open.whatever", "dyn"},
      {"and the types of those that are known", "open.known", "int"},
      {"extensions are fields", "pod.spec.`test.ext.weight`", "double"},
      {"whether a field is there", "has(pod.spec.limit)", "bool"},
      {"a record literal", "test.Spec{replicas: 3, limit: null}", "test.Spec"},
      {"a record literal with an optional field", "test.Spec{?replicas: maybe.?one}", "test.Spec"},
      {"a type is a value", "test.Spec", "type(test.Spec)"},
      {"a plain type is a value", "int", "type(int)"},
      {"an enum's value is a number", "test.Color.RED", "int"},
      {"a dotted variable", "x.y", "bool"},
      {"a declared constant", "limits.most", "int"},
      {"a function in a namespace", "tools.twice(2)", "int"},
      {"the empty list holds anything", "[]", "list(dyn)"},
      {"what it holds is learned", "[[], [1]]", "list(list(int))"},
      {"the empty map holds anything", "{}", "map(dyn, dyn)"},
      {"mixed lists hold anything", "[1, 'a']", "list(dyn)"},
      {"mixed maps hold anything", "{'a': 1, 'b': 'c'}", "map(string, dyn)"},
      {"null among records", "[pod, null]", "list(test.Pod)"},
      {"null first", "[null, pod]", "list(test.Pod)"},
      {"type parameters are filled in", "pair(1, 2)", "list(int)"},
      {"by the more general one", "pair(1, anything)", "list(dyn)"},
      {"each call anew", "[pair(1, 2).size(), pair('a', 'b').size()]", "list(int)"},
      {"several results are dyn", "either(anything)", "dyn"},
      {"one is not", "either(1)", "int"},
      {"both arms of a choice", "number > 1 ? 'a' : word", "string"},
      {"a choice that is dyn", "number > 1 ? anything : word", "dyn"},
      {"numbers compare across types", "1 < 2.0 && 1u < 2", "bool"},
      {"all", "[1].all(i, i > 0)", "bool"},
      {"exists_one", "[1].exists_one(i, i > 0)", "bool"},
      {"filter keeps the element", "pod.spec.names.filter(n, n != '')", "list(string)"},
      {"filter of a map gives keys", "pod.spec.labels.filter(k, k != '')", "list(string)"},
      {"map gives the transform", "pod.spec.names.map(n, n.size())", "list(int)"},
      {"map with a filter", "pod.spec.names.map(n, n != '', n.size())", "list(int)"},
      {"map of what is unknown", "anything.map(n, n)", "list(dyn)"},
      {"index and element", "pod.spec.names.transformList(i, n, i)", "list(int)"},
      {"key and value", "pod.spec.labels.transformMap(k, v, v.size())", "map(string, int)"},
      {"an entry", "pod.spec.labels.transformMapEntry(k, v, {v: k.size()})", "map(string, int)"},
      {"a bound name", "cel.bind(v, 1, [v])", "list(int)"},
      {"slots of a block", "cel.block([1, [cel.index(0)]], cel.index(1))", "list(int)"},
      {"an optional field", "pod.?spec", "optional_type(test.Spec)"},
      {"a chain of them", "pod.?spec.labels.app", "optional_type(string)"},
      {"an optional stays one", "maybe.?one", "optional_type(int)"},
      {"an index of an optional", "maybe['one']", "optional_type(int)"},
      {"an optional index", "[1][?0]", "optional_type(int)"},
      {"has of an optional", "has(maybe.one)", "bool"},
      {"elements that may be absent", "[?maybe.?one, 2]", "list(int)"},
      {"optional.of", "optional.of(1)", "optional_type(int)"},
      {"optMap", "maybe.optMap(m, m.size())", "optional_type(int)"},
  };
  auto environment = make_environment();
  for (auto& each : cases) {
    CAPTURE(each.name);
    CAPTURE(each.expression);
    auto checked = check_text(each.expression, environment);
    CHECK_MESSAGE(checked, checked.error().what);
    if (checked) CHECK(text(checked->type()) == each.type);
  }
}

TEST_CASE("mistakes are named with their place") {
  struct Case {
    std::string_view name, expression, message;
  };
  constexpr Case cases[] = {
      {"no overload", "1 + 'a'", "found no matching overload for '_+_' applied to '(int, string)'"},
      {"no overload of a method", "'a'.startsWith(1)", "'startsWith' applied to 'string.(int)'"},
      {"a function is no method", "number.size2()", "undeclared reference to 'size2'"},
      {"an unknown variable", "nothing", "undeclared reference to 'nothing'"},
      {"an unknown variable with fields", "nothing.a.b", "undeclared reference to 'nothing'"},
      {"an unknown function", "nothing(1)", "undeclared reference to 'nothing'"},
      {"an unknown record", "Nothing{}", "undeclared reference to 'Nothing'"},
      {"a type that is no message", "int{}", "not a message type"},
      {"an unknown field", "pod.spek", "undefined field 'spek'"},
      {"an unknown field of a literal", "test.Spec{a: 1}", "undefined field 'a'"},
      {"a field of the wrong type", "test.Spec{replicas: 'a'}",
       "expected type of field 'replicas' is 'int' but provided type is 'string'"},
      {"a field of a number", "number.a", "type 'int' does not support field selection"},
      {"a condition that is none", "number && true", "expected type 'bool' but found 'int'"},
      {"a predicate that is none", "[1].all(i, i)", "expected type 'bool' but found 'int'"},
      {"a loop over a number", "number.all(i, true)", "expression of type 'int' cannot be range"},
      {"a loop's variable ends with it", "[1].all(i, true) && i == 1", "undeclared reference to 'i'"},
      {"a slot before it is there", "cel.block([cel.index(1), 2], true)", "undeclared reference to '@index1'"},
      {"different types are not equal", "1 == 'a'", "'_==_' applied to '(int, string)'"},
      {"an element that can't be absent", "[?1]", "expected type 'optional_type(int)' but found 'int'"},
      {"an entry that is none", "{'a': 1}.transformMapEntry(k, v, v)", "but found 'int'"},
      {"a list does not hold itself", "pair(1, 'a')", "'pair' applied to '(int, string)'"},
      {"null is no number", "number == null", "'_==_' applied to '(int, null_type)'"},
  };
  auto environment = make_environment();
  for (auto& each : cases) {
    CAPTURE(each.name);
    CAPTURE(each.expression);
    auto checked = check_text(each.expression, environment);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Code::invalid);
    CHECK_MESSAGE(contains(checked.error().what, each.message), checked.error().what);
  }
}

TEST_CASE("all mistakes are listed, up to a limit") {
  auto environment = make_environment();
  auto two = check_text("nothing == 1 ||\n  1 + 'a' == 2", environment);
  REQUIRE_FALSE(two);
  CHECK(contains(two.error().what, "line 1, column 1"));
  CHECK(contains(two.error().what, "line 2, column"));
  std::string many = "[";
  for (int i = 0; i < 200; ++i) many += "nothing,";
  auto listed = check_text(many + "1]", environment);
  REQUIRE_FALSE(listed);
  CHECK(contains(listed.error().what, "and more mistakes"));
}

TEST_CASE("aggregates of one type are asked for where the caller wants them") {
  struct Case {
    std::string_view name, expression;
    bool accepted;
  };
  constexpr Case cases[] = {
      {"one type", "[1, 2]", true},
      {"two types", "[1, 'a']", false},
      {"dyn is one of its own", "[1, dyn(1)]", false},
      {"a map of two types", "{'a': 1, 'b': ''}", false},
      {"keys too", "{'a': 1, 2: 1}", false},
      {"a wrapper and its plain type", "[pod.spec.limit, 1]", true},
      {"null among records", "[pod, null]", false},
      {"an optional element", "[1, ?maybe.?one]", true},
      {"empty lists have the type of what is beside them", "[[], [1]]", true},
      {"the arguments of format", "'%s %d'.format(['a', 1])", true},
      {"more values than the format has places", "'%s%%'.format(['a', 1])", false},
      {"fewer values", "'%s %d'.format(['a'])", false},
      {"a duration that is none", "duration('1')", false},
      {"a timestamp that is none, deep inside", "'%s'.format([timestamp('x')])", false},
      {"a pattern that is none", "'a'.matches('(') || matches('a', 'b')", false},
      {"sound literals", "timestamp('2024-01-01T00:00:00Z') + duration('1h') != timestamp(5)", true},
  };
  auto environment = make_environment();
  for (auto& each : cases) {
    CAPTURE(each.name);
    CHECK(check_text(each.expression, environment, Checking::homogeneous).has_value() == each.accepted);
  }
}

TEST_CASE("names are looked up from the innermost container outwards") {
  using Found = Resolution::Kind;
  auto environment = make_environment();
  environment->set_container("a.b");
  auto found = [&](std::string_view expression) {
    auto checked = check_text(expression, environment, Checking::off).value();
    auto& resolution = checked.resolution(checked.root());
    return resolution.kind == Found::variable ? environment->variables()[resolution.slot].name : std::string();
  };
  CHECK(found("c") == "a.b.c");
  CHECK(found("b.c") == "a.b.c");
  CHECK(found(".a.c") == "a.c");
  CHECK(found("a.c") == "a.c");
  CHECK(found("word") == "word");
  CHECK(found("x.y") == "x.y");
}

TEST_CASE("a loop's variable hides what else has its name") {
  using Found = Resolution::Kind;
  auto environment = make_environment();
  auto checked = check_text("[{'y': 1}].exists(x, x.y == 1 && .x.y)", environment).value();
  auto& predicate = *checked.root().children[1];
  auto& local = *predicate.children[0]->children[0];
  CHECK(checked.resolution(local).kind == Found::none);
  CHECK(text(checked.type(local)) == "int");
  CHECK(checked.resolution(*local.children[0]).kind == Found::local);
  CHECK(checked.resolution(*local.children[0]).binding == checked.root().id);
  auto& absolute = *predicate.children[1];
  CHECK(checked.resolution(absolute).kind == Found::variable);
}

TEST_CASE("calls keep the overloads that their types allow") {
  auto environment = make_environment();
  auto overloads = [&](std::string_view expression, Checking checking) {
    auto checked = check_text(expression, environment, checking).value();
    std::string ids;
    for (auto* each : checked.resolution(checked.root()).overloads) ids += each->id + " ";
    return ids;
  };
  CHECK(overloads("either(1)", Checking::full) == "either_int ");
  CHECK(overloads("either(anything)", Checking::full) == "either_int either_text ");
  CHECK(overloads("either(1)", Checking::off) == "either_int either_text ");
  CHECK(overloads("tools.twice(number)", Checking::full) == "twice_int ");
  CHECK(overloads("1 + 2", Checking::full) == "add_int64 ");
  auto qualified = check_text("tools.twice(1)", environment).value();
  CHECK(qualified.resolution(qualified.root()).qualified);
  CHECK(qualified.resolution(qualified.root()).name == "tools.twice");
}

TEST_CASE("without checking nothing is a mistake") {
  auto environment = make_environment();
  struct Case {
    std::string_view name, expression, missing;
  };
  constexpr Case cases[] = {
      {"an unknown variable", "nothing", "nothing"},
      {"an unknown function", "nothing(1)", "nothing"},
      {"an unknown method", "word.nothing(1)", "nothing"},
      {"an unknown record", "Nothing{}", "Nothing"},
      {"a function with too few arguments", "either()", "either"},
  };
  for (auto& each : cases) {
    CAPTURE(each.name);
    auto checked = check_text(each.expression, environment, Checking::off).value();
    CHECK(checked.resolution(checked.root()).kind == Resolution::Kind::unknown);
    CHECK(checked.resolution(checked.root()).name == each.missing);
    CHECK(checked.type() == TypeKind::dyn);
  }
  CHECK(check_text("1 + 'a' == number.field", environment, Checking::off));
}

TEST_CASE("types that double with each step end in a refusal or in dyn, soon") {
  auto environment = make_environment();
  std::string left, right;
  for (int i = 0; i < 60; ++i) {
    auto name = "v" + std::to_string(i + 1), of = "v" + std::to_string(i);
    left += "cel.bind(" + name + ", {" + of + ": " + of + "}, ";
    right += "cel.bind(w" + std::to_string(i + 1) + ", {w" + std::to_string(i) + ": w" + std::to_string(i) + "}, ";
  }
  auto bomb = "cel.bind(v0, 0, cel.bind(w0, dyn(0), " + left + right;
  auto closing = std::string(122, ')');
  auto shown = check_text(bomb + "v60" + closing, environment);
  CHECK((!shown || text(shown->type()).size() < 100'000));
  auto compared = check_text(bomb + "v60 == w60" + closing, environment);
  CHECK((compared || compared.error().code == Code::exhausted));
  auto refused = check_text(bomb + "v60 == 1" + closing, environment);
  CHECK((!refused && refused.error().what.size() < 100'000));
}

TEST_CASE("records that nobody added are asked of a source, as deep as an expression goes") {
  // Every record has a list of records like itself: no end to add beforehand.
  struct Endless : SchemaSource {
    const Schema* find(std::string_view name) const override {
      if (!name.starts_with("test/")) return nullptr;
      auto& schema = made[std::string(name)];
      if (!schema) {
        schema = std::make_unique<Schema>(std::string(name));
        schema->add({.name = "below", .type = types.list(types.record(std::string(name) + ".below"))});
        schema->add({.name = "words", .type = types.list(TypeKind::string)});
      }
      return schema.get();
    }
    mutable Types types;
    mutable std::map<std::string, std::unique_ptr<Schema>> made;
  };
  Endless source;
  auto environment = std::make_shared<Environment>();
  environment->schemas().set_source(&source);
  environment->add_variable("top", environment->types().record("test/top"));
  auto fits = [&](std::string_view expression) {
    return check(parse(expression).value(), environment, Checking::homogeneous).has_value();
  };
  CHECK(source.made.empty());
  CHECK(fits("top.below[0].below[0].words == ['a']"));
  CHECK(source.made.size() == 3);
  CHECK(fits("(top.words + ['a']).all(w, w in ['b'] + top.below[0].words)"));
  CHECK_FALSE(fits("top.below[0].above"));
  CHECK_FALSE(fits("top.below == top.below[0].below"));
  CHECK_FALSE(fits("test.top"));
}

TEST_CASE("records may be used as maps where the environment says so") {
  struct Case {
    std::string_view expression, type;  // empty: refused all the same
  };
  constexpr Case cases[] = {
      {"pod.spec.replicas", "int"},
      {"pod.spec.replica", ""},
      {"pod.spec.all(k, k == 'a')", "bool"},
      {"pod.spec.all(k, k == 1)", ""},
      {"pod.spec.exists(k, v, v == 1 && k == 'a')", "bool"},
      {"size(pod.spec) == 1 && 'a' in pod", "bool"},
      {"pod['spec'].whatever", "dyn"},
      {"pod.spec == {'a': 1}", "bool"},
      {"pod.spec == 'a'", ""},
      {"optional.of(pod.spec).orValue({})", "map(string, dyn)"},
      {"[pod.spec] + [pod]", "list(map(string, dyn))"},
      {"pod.spec + pod", ""},
      {"(true ? pod.spec : pod).x", "dyn"},
  };
  auto strict = make_environment(), loose = make_environment();
  add_two_variable_comprehensions(*loose);
  loose->set_record_use(RecordUse::as_maps);
  for (const auto& each : cases) {
    CAPTURE(each.expression);
    auto checked = check(parse(each.expression).value(), loose);
    CHECK((checked ? text(checked->type()) : "") == each.type);
  }
  CHECK_FALSE(check(parse("pod.spec.all(k, k == 'a')").value(), strict));
  CHECK_FALSE(check(parse("size(pod.spec) == 1").value(), strict));
}

TEST_CASE("an environment has all that its base has, and the base nothing of it") {
  auto shared = std::make_shared<Environment>();
  add_kubernetes(*shared);
  shared->schemas().add("test.Shared").add({.name = "x", .type = TypeKind::integer});
  shared->schemas().add_enum_value("test.Color.RED", 1);
  std::shared_ptr<const Environment> base = shared;
  auto one = std::make_shared<Environment>(base), other = std::make_shared<Environment>(base);
  one->add_variable("v", one->types().list(one->types().record("test.Shared")));
  one->add_function("size", Style::global, function("size_of_int", {TypeKind::integer}, TypeKind::integer));
  auto type_of = [](std::string_view expression, const std::shared_ptr<Environment>& environment) {
    auto checked = check(parse(expression).value(), environment);
    return checked ? text(checked->type()) : "";
  };
  CHECK(type_of("v[0].x + test.Color.RED", one) == "int");
  CHECK(type_of("size(1) + size('a') + size(v)", one) == "int");
  CHECK(type_of("quantity('1').isGreaterThan(quantity('2'))", one) == "bool");
  CHECK(type_of("v", other).empty());
  CHECK(type_of("size(1)", other).empty());
  CHECK(type_of("size('a')", other) == "int");
  CHECK(one->variable_count() == 1);
  CHECK(other->variable_count() == 0);
}

TEST_CASE("a checked tree may be moved") {
  auto environment = make_environment();
  auto first = check_text("[1, 2].map(x, {x: [x]})", environment).value();
  auto moved = std::move(first);
  CHECK(text(moved.type()) == "list(map(int, list(int)))");
  CHECK(moved.root().kind == NodeKind::loop);
}

}  // namespace seawall::cel
