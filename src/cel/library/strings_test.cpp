#include <doctest/doctest.h>

#include <limits>

#include "cel/detail/function_test.h"
#include "cel/detail/texts.h"

using namespace seawall::cel;

namespace {

FunctionTest of_version(unsigned version) {
  return FunctionTest([version](Environment& environment) { add_strings(environment, version); });
}

struct Formatted {
  std::string_view name;
  const char* pattern;
  std::vector<Value> arguments;
  std::string_view expected;
};

void check_formatted(FunctionTest& test, std::initializer_list<Formatted> cases) {
  for (auto& each : cases) {
    CAPTURE(each.name);
    auto result = test.call("format", "string_format", {in(each.pattern), test.plain.list(each.arguments)});
    if (result.is_error())
      CHECK(each.expected == "error");
    else
      CHECK(result.as_text() == each.expected);
  }
}

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("places in a text count code points") {
  auto test = of_version(4);
  check(test, {
                  {"charAt", "string_char_at_int", {in("©αT"), in(1)}, "\"α\""},
                  {"charAt", "string_char_at_int", {in("©αT"), in(3)}, "\"\""},
                  {"charAt", "string_char_at_int", {in("©αT"), in(4)}, "error: out of range"},
                  {"charAt", "string_char_at_int", {in(""), in(-1)}, "error: out of range"},
                  {"indexOf", "string_index_of_string", {in("ta©o©αT"), in("©α")}, "4"},
                  {"indexOf", "string_index_of_string", {in("tacocat"), in("")}, "0"},
                  {"indexOf", "string_index_of_string_int", {in("ta©o©αT"), in("©"), in(3)}, "4"},
                  {"indexOf", "string_index_of_string_int", {in("abc"), in(""), in(10)}, "3"},
                  {"indexOf", "string_index_of_string_int", {in("abc"), in("c"), in(3)}, "-1"},
                  {"indexOf", "string_index_of_string_int", {in("abc"), in("c"), in(4)}, "error: out of range"},
                  {"indexOf", "string_index_of_string_int", {in("abc"), in("c"), in(-1)}, "error: out of range"},
                  {"lastIndexOf", "string_last_index_of_string", {in("tacocat"), in("at")}, "5"},
                  {"lastIndexOf", "string_last_index_of_string", {in("abc"), in("")}, "3"},
                  {"lastIndexOf", "string_last_index_of_string", {in(""), in("a")}, "-1"},
                  {"lastIndexOf", "string_last_index_of_string_int", {in("ta©o©αT"), in("©α"), in(4)}, "4"},
                  {"lastIndexOf", "string_last_index_of_string_int", {in("ta©o©αT"), in("©α"), in(3)}, "-1"},
                  {"lastIndexOf", "string_last_index_of_string_int", {in("bananananana"), in("nana"), in(7)}, "6"},
                  {"substring", "string_substring_int", {in("ta©o©αT"), in(4)}, "\"©αT\""},
                  {"substring", "string_substring_int", {in("abc"), in(4)}, "error: out of range"},
                  {"substring", "string_substring_int_int", {in("ta©o©αT"), in(2), in(6)}, "\"©o©α\""},
                  {"substring", "string_substring_int_int", {in("ta©o©αT"), in(7), in(7)}, "\"\""},
                  {"substring", "string_substring_int_int", {in("abc"), in(2), in(1)}, "error: out of range"},
                  {"substring", "string_substring_int_int", {in("abc"), in(1), in(50)}, "error: out of range"},
              });
}

TEST_CASE("before version 4 nothing is found behind the end") {
  auto test = of_version(2);
  check(test, {{"indexOf", "string_index_of_string_int", {in("abc"), in("c"), in(4)}, "-1"},
               {"lastIndexOf", "string_last_index_of_string_int", {in("abc"), in("c"), in(30)}, "-1"},
               {"reverse", "string_reverse", {in("abc")}, "error: no such overload"}});
}

TEST_CASE("the last occurrence of a long text is found in linear time") {
  std::string needle(40, 'a'), text(1000, 'a');
  text[900] = 'b';
  bool out_of_memory = false;
  Arena arena;
  CHECK(find_last_text(text, needle, std::string_view::npos, arena, out_of_memory) == 960);
  CHECK(find_last_text(text, needle, 950, arena, out_of_memory) == 950);
  CHECK(find_last_text(text, needle, 899, arena, out_of_memory) == 860);
  CHECK(find_last_text(text, needle + 'c', std::string_view::npos, arena, out_of_memory) == std::string_view::npos);
  needle[0] = 'b';
  CHECK(find_last_text(text, needle, std::string_view::npos, arena, out_of_memory) == 900);
}

TEST_CASE("texts are changed, split and joined") {
  auto test = of_version(4);
  check(test, {
                  {"lowerAscii", "string_lower_ascii", {in("TacoCÆt")}, "\"tacocÆt\""},
                  {"upperAscii", "string_upper_ascii", {in("tacoCαt")}, "\"TACOCαT\""},
                  {"reverse", "string_reverse", {in("Ta©oCαt")}, "\"tαCo©aT\""},
                  {"trim", "string_trim", {in(" \f\n\r\t\vtext  ")}, "\"text\""},
                  {"trim", "string_trim", {in("\u200atext\u2028\u2029\u202F\u205F\u3000\u00a0")}, "\"text\""},
                  {"trim", "string_trim", {in("\u180etext\u200b")}, "\"\u180etext\u200b\""},
                  {"replace", "string_replace_string_string", {in("1 ©αT"), in("αT"), in("o©α")}, "\"1 ©o©α\""},
                  {"replace", "string_replace_string_string", {in("aé"), in(""), in("-")}, "\"-a-é-\""},
                  {"replace", "string_replace_string_string", {in(""), in(""), in("x")}, "\"x\""},
                  {"replace", "string_replace_string_string_int", {in("abc"), in(""), in("-"), in(2)}, "\"-a-bc\""},
                  {"replace", "string_replace_string_string_int", {in("aaa"), in("a"), in("b"), in(2)}, "\"bba\""},
                  {"replace", "string_replace_string_string_int", {in("aaa"), in("a"), in("b"), in(0)}, "\"aaa\""},
                  {"replace", "string_replace_string_string_int", {in("abc"), in("b"), in(""), in(-5)}, "\"ac\""},
                  {"split", "string_split_string", {in("a b c"), in(" ")}, "[\"a\", \"b\", \"c\"]"},
                  {"split", "string_split_string", {in("aé"), in("")}, "[\"a\", \"é\"]"},
                  {"split", "string_split_string", {in(""), in("")}, "[]"},
                  {"split", "string_split_string", {in(""), in(",")}, "[\"\"]"},
                  {"split", "string_split_string_int", {in("a b c"), in(" "), in(2)}, "[\"a\", \"b c\"]"},
                  {"split", "string_split_string_int", {in("abc"), in(""), in(2)}, "[\"a\", \"bc\"]"},
                  {"split", "string_split_string_int", {in("a b c"), in(" "), in(0)}, "[]"},
                  {"split", "string_split_string_int", {in("a b c"), in(" "), in(-1)}, "[\"a\", \"b\", \"c\"]"},
                  {"join", "list_join", {test.list({})}, "\"\""},
                  {"join", "list_join_string", {test.list({in("x"), in("y")}), in("-")}, "\"x-y\""},
                  {"join", "list_join", {test.list({in("x"), in(1)})}, "error: bad argument"},
                  {"strings.quote",
                   "strings_quote",
                   {in("a\"\\\n\a\xFFz")},
                   R"("\"a\\\"\\\\\\n\\a)"
                   "\uFFFD"
                   R"(z\"")"},
                  {"strings.quote", "strings_quote", {in("")}, R"("\"\"")"},
              });
}

TEST_CASE("format writes plain notation from version 4 on") {
  auto test = of_version(4);
  auto map_of = [&](std::initializer_list<MapEntry> entries) {
    MapBuilder builder(test.plain.arena(), entries.size());
    for (auto& [key, value] : entries) builder.add(key, value);
    return *builder.finish();
  };
  auto moment = Value::timestamp({1675467080, 0});
  check_formatted(
      test, {{"percent signs", "%%%s%%", {in("text")}, "%text%"},
             {"nothing to replace", "abc", {}, "abc"},
             {"more arguments than clauses", "%d", {in(1), in(2)}, "1"},
             {"bases", "%b %o %x %X", {in(-5), in(11), in(30u), in(30)}, "-101 13 1e 1E"},
             {"a bool in binary", "%b", {in(true)}, "1"},
             {"texts and bytes in hex", "%x %X", {in("é"), Value::bytes("\xff\n")}, "c3a9 FF0A"},
             {"decimals", "%d %d %d", {in(-1), in(2u), in(1234567.5)}, "-1 2 1234567.5"},
             {"fixed", "%f %.3f %.0f %.0f", {in(2), in(123.4999), in(1.5), in(0.5)}, "2.000000 123.500 2 0"},
             {"many digits", "%.20f", {in(0.1)}, "0.10000000000000000555"},
             {"scientific", "%e %.2e %.0e", {in(3u), in(-0.00012345), in(0.0)}, "3.000000e+00 -1.23e-04 0e+00"},
             {"no numbers", "%d %f %e", {in(infinity), in(-infinity), in(0.0 * infinity)}, "Infinity -Infinity NaN"},
             {"large and small doubles", "%s %s", {in(1e21), in(1.5e-7)}, "1000000000000000000000 0.00000015"},
             {"a list",
              "%s",
              {test.list({in("abc"), in(3.14), Value(), test.list({in(9)}), moment, Value::bytes("x")})},
              "[abc, 3.14, null, [9], 2023-02-03T23:31:20Z, x]"},
             {"a map in order of its keys as they are written",
              "%s",
              {map_of({{in("strKey"), in("x")}, {in(6), Value::duration({422, 0})}, {in(true), in(42)}})},
              "{6: 422s, strKey: x, true: 42}"},
             {"no clause", "%a", {in(1)}, "error"},
             {"the end", "%", {in(1)}, "error"},
             {"precision without digits", "%.f", {in(1.0)}, "error"},
             {"precision without end", "%.5", {in(1.0)}, "error"},
             {"too much precision", "%.100000000000f", {in(1.0)}, "error"},
             {"too few arguments", "%d %d", {in(1)}, "error"},
             {"a text in binary", "%b", {in("abc")}, "error"},
             {"null in hex", "%x", {Value()}, "error"},
             {"a text as a number", "%f", {in("NaN")}, "error"},
             {"an optional", "%s", {Value::optional_none()}, "error"}});
}

TEST_CASE("format writes American English before version 4") {
  auto test = of_version(2);
  check_formatted(
      test, {{"groups", "%.3f %f", {in(1234567.5), in(-123.0)}, "1,234,567.500 -123.000000"},
             {"powers of ten", "%e %.2e", {in(1234.5), in(-0.00012345)}, "1.234500×10⁰³ -1.234500×10⁻⁰⁴"},
             {"no numbers",
              "%f %f %e %e",
              {in("NaN"), in(-infinity), in(0.0 * infinity), in(infinity)},
              "NaN -∞    NaN      ∞"},
             {"decimals are not grouped", "%d", {in(1234567)}, "1234567"},
             {"no integers as doubles", "%f", {in(1)}, "error"},
             {"a double", "%s", {in(1e20)}, "1e+20"},
             {"literals in lists",
              "%s",
              {test.list({in(1), in(2.5), in("a\"b"), Value::bytes("x"), Value::duration({3600, 0}), in(infinity)})},
              "[1, 2.500000, \"a\\\"b\", b\"x\", duration(\"3600s\"), \"+Inf\"]"}});
}

TEST_CASE("costs of texts are those of Kubernetes") {
  auto test = of_version(2);
  auto text = in("ABCDEFGHIJ abcdefghij");
  CHECK(test.cost("lowerAscii", "string_lower_ascii", {text}) == 3);
  CHECK(test.cost("replace", "string_replace_string_string", {in("abc 123 def 123"), in(""), in("x")}) == 3);
  CHECK(test.cost("split", "string_split_string", {in("abc 123 def 123"), in(" ")}) == 3);
  CHECK(test.cost("substring", "string_substring_int", {in("abc 123 def 123"), in(5)}) == 2);
  CHECK(test.cost("indexOf", "string_index_of_string", {text, in("j")}) == 2);
  CHECK(test.cost("strings.quote", "strings_quote", {text}) == 3);
  CHECK(test.cost("charAt", "string_char_at_int", {text, in(1)}) == 1);
}

TEST_CASE("what grows past the budget is an error") {
  auto test = of_version(4);
  test.plain.limit(1 << 16);
  std::string text(40'000, 'x');
  check(test,
        {{"replace", "string_replace_string_string", {in(text.c_str()), in(""), in("yy")}, "error: out of memory"},
         {"split", "string_split_string", {in(text.c_str()), in("")}, "error: out of memory"}});
}
