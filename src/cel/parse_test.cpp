#include "cel/parse.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

namespace seawall::cel {
namespace {

std::string written(std::string_view source, const ParseOptions& options = {}) {
  auto ast = parse(source, options);
  return ast ? text(ast->root()) : "error: " + ast.error().what;
}

// Equal but for ids and places.
bool same(const Node& a, const Node& b) {
  auto equal_constant = [&] {
    if (a.constant.is(Kind::floating)) return a.constant.as_floating() == b.constant.as_floating();
    bool is_text = a.constant.is(Kind::string) || a.constant.is(Kind::bytes);
    return is_text ? a.constant.as_text() == b.constant.as_text() : a.constant.as_integer() == b.constant.as_integer();
  };
  return a.kind == b.kind && a.macro == b.macro && a.text == b.text && a.constant.kind() == b.constant.kind() &&
         equal_constant() && a.variable == b.variable && a.second_variable == b.second_variable &&
         a.height == b.height && std::ranges::equal(a.texts, b.texts) &&
         std::ranges::equal(a.optional_elements, b.optional_elements) &&
         std::ranges::equal(a.children, b.children, [](const Node* x, const Node* y) { return same(*x, *y); });
}

TEST_CASE("an expression is written as its tree reads") {
  struct Case {
    std::string_view name, source, written;
  };
  constexpr Case cases[] = {
      {"blanks and comments vanish", " a // one\n\t+\r\n b // two", "a + b"},
      {"parentheses that say nothing vanish", "((a)) + (b * c)", "a + b * c"},
      {"products bind before sums, sums before relations", "(1 + 2) * 3 - 4 < x", "(1 + 2) * 3 - 4 < x"},
      {"operators of a level go from left to right", "(a - b) - c == (d - (e - f))", "a - b - c == d - (e - f)"},
      {"relations are one level", "a < (b in c) == d", "a < (b in c) == d"},
      {"and binds before or, or before the conditional", "(a && b) || c ? d : e", "a && b || c ? d : e"},
      {"conditionals go on in the last place only", "a ? b : c ? d : (e ? (f ? g : h) : i)",
       "a ? b : c ? d : e ? (f ? g : h) : i"},
      {"a chain of and is a balanced tree", "a && b && c && d && e", "a && b && c && d && e"},
      {"another shape of it keeps its parentheses", "a && (b && (c && d))", "a && (b && (c && d))"},
      {"two signs cancel out", "!!a || !!!b || --c == ---d", "a || !b || c == -d"},
      {"a minus before a number belongs to it", "-1 - -1.5 + -x", "-1 - -1.5 + -x"},
      {"but not one before parentheses", "-(1) + -(-1)", "-(1) + -(-1)"},
      {"signs bind weaker than what follows a name", "-a.b[0] + (-1).c()", "-a.b[0] + (-1).c()"},
      {"names may be absolute", ".a.b(.c) + . d", ".a.b(.c) + .d"},
      {"reserved words are fields", "a.for.package()", "a.for.package()"},
      {"other names are fields in backticks", "a.`content-type`.`in`.`b`", "a.`content-type`.`in`.b"},
      {"optional syntax", "a.?b[?c].?`d-e`", "a.?b[?c].?`d-e`"},
      {"lists, with a comma at the end and optional elements", "[1, ?a, [], [ , ],]", "[1, ?a, [], []]"},
      {"maps likewise", "{'a': 1, ?b: c, 1u: {}, true: {,},}", "{\"a\": 1, ?b: c, 1u: {}, true: {}}"},
      {"records likewise", ". a // x\n.B{c: 1, ?for: d, `e-f`: {},}.g", ".a.B{c: 1, ?for: d, `e-f`: {}}.g"},
      {"a record's name may have reserved words", "package.Loop{}", "package.Loop{}"},
      {"a record is no conditional's branch by chance", "a ? b{} : {}", "a ? b{} : {}"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(written(c.source) == c.written);
    CHECK(written(c.written) == c.written);
  }
}

TEST_CASE("macros are written as macros") {
  constexpr std::string_view cases[] = {
      "has(a.b) && has(a.`b-c`)",
      "a.all(x, x > 0) || a.exists(x, x) || a.filter(x, x)",
      "a.exists_one(x, x) == a.exists_one(i, v, i == v)",
      "a.map(x, y) + a.map(x, y, z)",
      "a.all(i, v, i < v) || a.exists(i, v, v)",
      "a.transformList(i, v, w) + a.transformList(i, v, w, z)",
      "a.transformMap(k, v, w) == a.transformMap(k, v, w, z)",
      "a.transformMapEntry(k, v, {v: k}) == a.transformMapEntry(k, v, k, {v: k})",
      "cel.bind(a, b, cel.bind(c, a, a + c))",
      "cel.block([1, cel.index(0)], cel.index(1) + cel.index(0))",
      "a.exists(cel.iterVar(0, 1), cel.iterVar(0, 1) > cel.accuVar(2, 3))",
      "a.optMap(x, x + 1) == a.b.optMap(x, x)",
      "a.optFlatMap(x, x.?b) == f(a).optFlatMap(x, x.b.optMap(y, x + y))",
      "math.greatest(a) + math.least(1, b) + math.least([a, 2u])",
      "a.sortBy(x, x.y)",
      // No macros: other numbers of arguments, other targets.
      "has() || has(a, b) || a.has(b)",
      "a.all(b) || a.map(b) || a.map(b, c, d, e) || all(b, c)",
      "bind(a, b, c) + a.bind(a, b, c) + cel.bind(a, b)",
      "greatest(a, 1) + maths.greatest(\"a\")",
      "proto.hasExt(a) || a.hasExt(b, c)",
  };
  for (auto source : cases) CHECK(written(source) == source);
}

TEST_CASE("some macros have other names for what they are") {
  CHECK(written("a.existsOne(x, x)") == "a.exists_one(x, x)");
  CHECK(written("math.greatest(1, 2, a)") == "math.greatest([1, 2, a])");
  CHECK(written("proto.hasExt(a.b, c.d.e)") == "has(a.b.`c.d.e`)");
  CHECK(written("proto.getExt(a, .c.d)") == "a.`c.d`");
}

TEST_CASE("macros can be switched off") {
  ParseOptions none{.macros = false, .extension_macros = false};
  auto loop = parse("a.all(x, x)", none);
  REQUIRE(loop);
  CHECK(loop->root().kind == NodeKind::method);
  CHECK(parse("has(a)", none)->root().kind == NodeKind::call);
  ParseOptions standard{.extension_macros = false};
  CHECK(parse("a.all(x, x)", standard)->root().kind == NodeKind::loop);
  CHECK(parse("a.all(i, v, x)", standard)->root().kind == NodeKind::method);
  CHECK(parse("cel.bind(a, b, c)", standard)->root().kind == NodeKind::method);
  ParseOptions kubernetes{.local_macros = false};
  CHECK(parse("cel.bind(a, b, c)", kubernetes)->root().kind == NodeKind::method);
  CHECK(parse("a.existsOne(x, x)", kubernetes)->root().kind == NodeKind::method);
  CHECK(parse("a.existsOne(i, x, x)", kubernetes)->root().kind == NodeKind::loop);
}

TEST_CASE("a macro's node says what the macro was") {
  auto ast = parse("a.transformMap(k, v, f, t)");
  REQUIRE(ast);
  const auto& loop = ast->root();
  CHECK(loop.kind == NodeKind::loop);
  CHECK(loop.macro == Macro::transform_map);
  CHECK(loop.variable == "k");
  CHECK(loop.second_variable == "v");
  REQUIRE(loop.children.size() == 3);
  CHECK(loop.children[0]->text == "a");
  CHECK(loop.children[1]->text == "f");
  CHECK(loop.children[2]->text == "t");
}

TEST_CASE("literals have their values") {
  struct Case {
    std::string_view source, value;
  };
  constexpr Case cases[] = {
      {"-9223372036854775808", "-9223372036854775808"},
      {"9223372036854775807", "9223372036854775807"},
      {"- 0x8000000000000000", "-9223372036854775808"},
      {"0xffu", "255u"},
      {"0XFu.a", "error"},
      {"18446744073709551615U", "18446744073709551615u"},
      {".5", "0.5"},
      {"1e3", "1000.0"},
      {"-1.5E-3", "-0.0015"},
      {"1e+300", "1e+300"},
      {"4.9e-324", "5e-324"},
      {"0.00000000001e-400", "0.0"},
      {"-1e-999999999999999999999", "-0.0"},
      {"null", "null"},
      {R"('a"b')", R"("a\"b")"},
      {R"("\a\b\f\n\r\t\v\\\'\"\`\?")", R"("\x07\x08\x0c\n\r\t\x0b\\'\"`?")"},
      {R"('\x41\X42\103\u00e9\U0001F431')", "\"ABCé🐱\""},
      {R"('\377')", "\"ÿ\""},
      {R"(b'\x41\377é')", R"(b"A\xff\xc3\xa9")"},
      {R"(r'\n' + R"\'" + br'\x')", R"("\\n" + "\\'" + b"\\x")"},
      {"'''a'b\"\r\nc\rd'''", R"("a'b\"\nc\nd")"},
      {"r\"\"\"\\\r\n\"\"\"", R"("\\\n")"},
      {R"("" + '''''' + """""" + b"")", R"("" + "" + "" + b"")"},
      {R"('''\'''' + 'x')", R"("'" + "x")"},
      {std::string_view("'\0'", 3), R"("\x00")"},
      {"\"// no comment\"", "\"// no comment\""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.source);
    auto got = written(c.source);
    CHECK((c.value == "error" ? got.substr(0, 5) : got) == c.value);
  }
}

TEST_CASE("places are those of names and operators") {
  auto ast = parse("abc.def + size(x)[1]");
  REQUIRE(ast);
  const auto& sum = ast->root();
  CHECK(sum.place == 8);
  CHECK(sum.children[0]->place == 4);
  CHECK(sum.children[0]->children[0]->place == 0);
  CHECK(sum.children[1]->place == 17);
  CHECK(sum.children[1]->children[0]->place == 10);
}

TEST_CASE("ids are dense and heights are right") {
  auto ast = parse("[a.b, {c: d.map(x, x + 1)}].e ? f : optional.none().optMap(y, y)");
  REQUIRE(ast);
  std::vector<bool> seen(ast->node_count());
  std::function<std::uint32_t(const Node&)> visit = [&](const Node& node) -> std::uint32_t {
    REQUIRE(node.id < seen.size());
    CHECK_FALSE(seen[node.id]);
    seen[node.id] = true;
    std::uint32_t highest = 0;
    for (const auto* child : node.children) highest = std::max(highest, visit(*child));
    CHECK(node.height == highest + 1);
    return highest + 1;
  };
  visit(ast->root());
}

TEST_CASE("a tree stays where it is when it is moved") {
  auto parsed = parse("a + 'x\\n'");
  REQUIRE(parsed);
  Ast moved = std::move(*parsed);
  CHECK(text(moved.root()) == "a + \"x\\n\"");
  CHECK(moved.source() == "a + 'x\\n'");
}

std::string repeated(std::string_view begin, std::string_view part, std::size_t times, std::string_view end) {
  std::string whole(begin);
  for (std::size_t i = 0; i < times; ++i) whole += part;
  return whole.append(end);
}

TEST_CASE("what every implementation must parse is parsed, and more") {
  const std::string cases[] = {
      repeated("a", " && a", 10'000, ""),
      repeated("a", " || a && b", 5'000, ""),
      repeated("1", " + 1", 240, ""),
      repeated("a", ".b", 240, ""),
      repeated("a", "[0]", 240, ""),
      repeated("", "a ? b : ", 240, "c"),
      repeated("", "(", 249, "a") + std::string(249, ')'),
      repeated("", "[", 240, "a") + std::string(240, ']'),
      repeated("", "f(-", 240, "a") + std::string(240, ')'),
      repeated("", "!", 50'000, "a"),
      repeated("[1", ", 1", 20'000, "]"),
  };
  for (const auto& source : cases) {
    CAPTURE(source.substr(0, 20));
    auto ast = parse(source);
    REQUIRE_MESSAGE(ast, ast.error().what);
    auto again = parse(text(ast->root()));
    REQUIRE(again);
    CHECK(same(ast->root(), again->root()));
  }
}

TEST_CASE("the height of long chains of and is that of a balanced tree") {
  auto ast = parse(repeated("a", " && a", 1023, ""));
  REQUIRE(ast);
  CHECK(ast->root().height == 11);
}

TEST_CASE("too much is refused") {
  const std::string cases[] = {
      repeated("", "(", 50'000, "a"),    repeated("", "[", 50'000, "a"),  repeated("", "{1:", 30'000, "a"),
      repeated("", "a?b:", 20'000, "a"), repeated("", "-(", 40'000, "a"), repeated("a", ".b", 40'000, ""),
      repeated("a", "[0]", 30'000, ""),  repeated("1", "+1", 40'000, ""), repeated("a", ".map(x,x)", 10'000, ""),
      std::string(100'001, ' '),
  };
  for (const auto& source : cases) {
    CAPTURE(source.substr(0, 20));
    auto ast = parse(source);
    REQUIRE_FALSE(ast);
    CHECK(ast.error().code == Code::exhausted);
  }
  CHECK(parse("[1, 2, 3]", {.nodes = 4}));
  CHECK(parse("[1, 2, 3]", {.nodes = 3}).error().code == Code::exhausted);
  CHECK(parse("(1)", {.depth = 2}));
  CHECK(parse("((1))", {.depth = 2}).error().code == Code::exhausted);
  CHECK(parse("1 + 2", {.bytes = 4}).error().code == Code::exhausted);
}

TEST_CASE("options can't lift the limits of the stack") {
  ParseOptions boundless{.bytes = SIZE_MAX, .depth = UINT32_MAX};
  CHECK(parse(repeated("", "[-(", 245, "a") + repeated("", ")]", 245, ""), boundless));
  CHECK(parse(repeated("", "[-(", 100'000, "a"), boundless).error().code == Code::exhausted);
  CHECK(parse(repeated("", "a?b:", 100'000, "a"), boundless).error().code == Code::exhausted);
}

TEST_CASE("options can't lift the limits of memory") {
  auto many = repeated("[1", ",1", 1'000'000, "]");
  auto ast = parse(many, {.bytes = SIZE_MAX, .nodes = UINT32_MAX, .depth = 1'000'000});
  REQUIRE_FALSE(ast);
  CHECK(ast.error().code == Code::exhausted);
}

}  // namespace
}  // namespace seawall::cel
