#include <doctest/doctest.h>

#include "cel/parse.h"

namespace seawall::cel {
namespace {

TEST_CASE("what is wrong is shown where it is") {
  struct Case {
    std::string_view name, source, place;  // "line, column"
  };
  constexpr Case cases[] = {
      {"nothing at all", "", "line 1, column 1"},
      {"nothing but a comment", " // a", "line 1, column 1"},
      {"an operand is missing", "a + ", "line 1, column 4"},
      {"two operands", "a b", "line 1, column 3"},
      {"a parenthesis that opens nothing", "a)", "line 1, column 2"},
      {"a parenthesis that is never closed", "f(a", "line 1, column 4"},
      {"the end of an expression is before blanks", "f(a\n \n", "line 1, column 4"},
      {"a comma after the last argument", "f(a,)", "line 1, column 5"},
      {"a conditional without its end", "a ? b", "line 1, column 6"},
      {"a conditional in the middle of one", "a ? b ? c : d : e", "line 1, column 7"},
      {"a single equals sign", "a = b", "line 1, column 3"},
      {"a single ampersand", "a\n& b", "line 2, column 1"},
      {"a selection of nothing", "a.", "line 1, column 3"},
      {"a selection of a keyword", "a.true", "line 1, column 3"},
      {"a selection of a number", "a.5", "line 1, column 2"},
      {"a call of an optional method", "a.?b()", "line 1, column 5"},
      {"a reserved word as a variable", "1 + while", "line 1, column 5"},
      {"a reserved word as a function", "if(a)", "line 1, column 1"},
      {"a name in backticks as a variable", "`a`", "line 1, column 1"},
      {"backticks around nothing", "a.``", "line 1, column 3"},
      {"backticks around what is no name", "a.`b$`", "line 1, column 3"},
      {"a map entry without a value", "{1}", "line 1, column 3"},
      {"a record with keys", "A{1: 2}", "line 1, column 3"},
      {"a call is no record's name", "a().b{}", "line 1, column 6"},
      {"two commas", "[1,,2]", "line 1, column 4"},
      {"a sign before another", "!-a", "line 1, column 2"},
      {"an integer out of range", "1 + 9223372036854775808", "line 1, column 5"},
      {"a negative one too", "-9223372036854775809", "line 1, column 1"},
      {"two minus signs do not belong to the number", "--9223372036854775808", "line 1, column 3"},
      {"an unsigned integer out of range", "18446744073709551616u", "line 1, column 1"},
      {"hexadecimal out of range", "0x10000000000000000", "line 1, column 1"},
      {"a double out of range", "1e309", "line 1, column 1"},
      {"another way to write one", "1000000000000000000000e+300", "line 1, column 1"},
      {"a number runs into a name", "12ab", "line 1, column 3"},
      {"a text that is never closed", "a + 'b", "line 1, column 5"},
      {"a text that goes on in the next line", "'a\nb'", "line 1, column 1"},
      {"a backslash doesn't help it", "'a\\\nb'", "line 1, column 1"},
      {"a text of three quotes that is never closed", "'''a''", "line 1, column 1"},
      {"an unknown escape", "'ab\\c'", "line 1, column 4"},
      {"an escape that is cut short", "'\\x4'", "line 1, column 2"},
      {"an escape that is no number", "'\\u00g0'", "line 1, column 2"},
      {"an octal escape that is too large", "'\\400'", "line 1, column 2"},
      {"an octal escape that is cut short", "'\\07'", "line 1, column 2"},
      {"the first half of a surrogate pair", "'\\uD83D\\uDC31'", "line 1, column 2"},
      {"the second half", "'\\uDC31'", "line 1, column 2"},
      {"a code point too far", "'\\U00110000'", "line 1, column 2"},
      {"a code point in bytes", "b'\\u0041'", "line 1, column 3"},
      {"a NUL", std::string_view("a \0", 3), "line 1, column 3"},
      {"bytes that are no UTF-8", "'\xC3\x28'", "line 1, column 2"},
      {"columns are code points", "'héé' + 'æ' = 1", "line 1, column 13"},
      {"a letter that is none here", "é", "line 1, column 1"},
      {"a later line", "a &&\r\n  b &&\r\n  )", "line 3, column 3"},
      {"has without a selection", "has(a)", "line 1, column 5"},
      {"has of an optional selection", "has(a.?b)", "line 1, column 8"},
      {"has of an index", "has(a['b'])", "line 1, column 6"},
      {"a loop over no simple name", "a.all(b.c, d)", "line 1, column 9"},
      {"a loop over an absolute name", "a.all(.b, d)", "line 1, column 8"},
      {"a loop over the accumulator", "a.map(__result__, d)", "line 1, column 7"},
      {"two variables of one name", "a.all(b, b, d)", "line 1, column 10"},
      {"bind to no simple name", "cel.bind(a.b, 1, 2)", "line 1, column 12"},
      {"a block without slots", "cel.block(a, b)", "line 1, column 11"},
      {"a block with an optional slot", "cel.block([?a], b)", "line 1, column 11"},
      {"a slot without number", "cel.index(-1)", "line 1, column 11"},
      {"optMap over no simple name", "a.optMap(1, 2)", "line 1, column 10"},
      {"the greatest of nothing", "math.greatest()", "line 1, column 1"},
      {"the greatest of a text", "math.greatest(1, 'a')", "line 1, column 18"},
      {"the least of a list with a text", "math.least([1, 'a'])", "line 1, column 12"},
      {"the least of an empty list", "math.least([])", "line 1, column 12"},
      {"a sorted text", "'a'.sortBy(x, x)", "line 1, column 1"},
      {"an extension that is no name", "proto.getExt(a, b().c)", "line 1, column 21"},
      {"an extension that is one word", "proto.hasExt(a, b)", "line 1, column 17"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto ast = parse(c.source);
    REQUIRE_FALSE(ast);
    CHECK(ast.error().code == Code::invalid);
    auto what = std::string_view(ast.error().what);
    CHECK(what.substr(0, what.find(':')) == c.place);
  }
}

TEST_CASE("optional syntax can be switched off") {
  for (std::string_view source : {"a.?b", "a[?b]", "[?a]", "{?a: b}", "A{?a: b}"}) {
    CAPTURE(source);
    CHECK(parse(source));
    CHECK_FALSE(parse(source, {.optional_syntax = false}));
  }
}

TEST_CASE("a message has the line and a caret") {
  CHECK(with_place("size( )", 6, "unexpected ')'") ==
        "line 1, column 7: unexpected ')'\n"
        " | size( )\n"
        " | ......^");
  CHECK(with_place("a &&\n\tb c\n|| d", 8, "no") ==
        "line 2, column 4: no\n"
        " |  b c\n"
        " | ...^");
  CHECK(with_place("'日本' = 1", 9, "no") ==
        "line 1, column 6: no\n"
        " | '日本' = 1\n"
        " | .......^");
  CHECK(with_place("a\x1B[2J", 1, "no") ==
        "line 1, column 2: no\n"
        " | a?[2J\n"
        " | .^");
  CHECK(with_place("ab\xFFz", 2, "no") ==
        "line 1, column 3: no\n"
        " | ab\xEF\xBF\xBDz\n"
        " | ..^");
  CHECK(with_place("", 5, "no") == "line 1, column 1: no\n | \n | ^");
  CHECK(with_place("a\r\nb", 1, "no") == "line 1, column 2: no\n | a\n | .^");
}

TEST_CASE("a long line is shown in part") {
  std::string line(100'000, 'a');
  line[50'000] = ')';
  auto message = with_place(line, 50'000, "no");
  CHECK(message.size() < 400);
  CHECK(message.find("...aaa") != std::string::npos);
  CHECK(message.find("aaa...") != std::string::npos);
}

}  // namespace
}  // namespace seawall::cel
