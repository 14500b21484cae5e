// Lists, sets, math, optionals, encoders.
#include <doctest/doctest.h>

#include <limits>

#include "cel/detail/function_test.h"
#include "cel/detail/value_set.h"

using namespace seawall::cel;

namespace {

FunctionTest all_libraries() {
  return FunctionTest([](Environment& environment) { add_lists(environment); }, add_sets, add_math, add_encoders,
                      add_optionals);
}

const double nan_value = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("lists are cut, turned, sorted and flattened") {
  auto test = all_libraries();
  auto list = test.list({in(3), in(1), in(2), in(1.0)});
  auto nested = test.list({in(1), test.list({in(2), test.list({in(3)})}), test.list({})});
  check(
      test,
      {
          {"slice", "list_slice", {list, in(1), in(3)}, "[1, 2]"},
          {"slice", "list_slice", {list, in(4), in(4)}, "[]"},
          {"slice", "list_slice", {list, in(3), in(1)}, "error: out of range"},
          {"slice", "list_slice", {list, in(0), in(5)}, "error: out of range"},
          {"slice", "list_slice", {list, in(-1), in(1)}, "error: out of range"},
          {"lists.range", "lists_range", {in(3)}, "[0, 1, 2]"},
          {"lists.range", "lists_range", {in(-1)}, "error: out of range"},
          {"lists.range", "lists_range", {in(1'000'001)}, "error: out of range"},
          {"reverse", "list_reverse", {list}, "[1.0, 2, 1, 3]"},
          {"distinct", "list_distinct", {list}, "[3, 1, 2]"},
          {"distinct", "list_distinct", {test.list({nested, nested, in("a"), in("a")})}, "[[1, [2, [3]], []], \"a\"]"},
          {"flatten", "list_flatten", {nested}, "[1, 2, [3]]"},
          {"flatten", "list_flatten_int", {nested, in(5)}, "[1, 2, 3]"},
          {"flatten", "list_flatten_int", {nested, in(0)}, "[1, [2, [3]], []]"},
          {"flatten", "list_flatten_int", {nested, in(-1)}, "error: out of range"},
          {"sort", "list_int_sort", {test.list({in(3), in(1), in(2)})}, "[1, 2, 3]"},
          {"sort",
           "list_double_sort",
           {test.list({in(nan_value), in(1.5), in(nan_value), in(-1.0)})},
           "[-1.0, 1.5, NaN, NaN]"},
          {"sort", "list_string_sort", {test.list({in("b"), in("a")})}, "[\"a\", \"b\"]"},
          {"sort", "list_int_sort", {test.list({in(3), in("a")})}, "error: bad argument"},
          {"sort", "list_int_sort", {test.list({Value(), Value()})}, "error: bad argument"},
          {"sort", "list_int_sort", {test.list({})}, "[]"},
          {"@sortByAssociatedKeys",
           "list_int_sortByAssociatedKeys",
           {test.list({in("foo"), in("bar"), in("baz")}), test.list({in(3), in(1), in(1)})},
           "[\"bar\", \"baz\", \"foo\"]"},
          {"@sortByAssociatedKeys",
           "list_int_sortByAssociatedKeys",
           {test.list({in("foo")}), test.list({})},
           "error: bad argument"},
      });
}

TEST_CASE("lists that share their parts can't be unfolded for ever") {
  auto test = all_libraries();
  auto list = test.list({});
  for (int i = 0; i < 60; ++i) list = test.list({list, list});
  CHECK(test("flatten", "list_flatten_int", {list, in(100)}) == "error: out of range");
}

TEST_CASE("sets go by equality, whatever the types and the sizes") {
  auto test = all_libraries();
  auto small = test.list({in(1), in(2u)});
  std::vector<Value> many, same;
  for (int i = 0; i < 1000; ++i) {
    many.push_back(in(i));
    same.push_back(in(static_cast<double>(999 - i)));
  }
  auto large = test.plain.list(many), doubles = test.plain.list(same);
  check(test, {
                  {"sets.contains", "list_sets_contains_list", {small, test.list({in(2.0)})}, "true"},
                  {"sets.contains", "list_sets_contains_list", {small, test.list({in("1")})}, "false"},
                  {"sets.contains", "list_sets_contains_list", {test.list({}), test.list({})}, "true"},
                  {"sets.intersects", "list_sets_intersects_list", {small, test.list({in(3), in(1.0)})}, "true"},
                  {"sets.intersects", "list_sets_intersects_list", {test.list({}), small}, "false"},
                  {"sets.equivalent", "list_sets_equivalent_list", {large, doubles}, "true"},
                  {"sets.equivalent", "list_sets_equivalent_list", {large, small}, "false"},
                  {"sets.contains", "list_sets_contains_list", {large, test.list({in(0.5)})}, "false"},
              });
  CHECK(test.cost("sets.contains", "list_sets_contains_list", {small, small}) == 5);
  CHECK(test.cost("sets.equivalent", "list_sets_equivalent_list", {small, small}) == 9);
}

TEST_CASE("equal values have equal hashes") {
  PlainCall call;
  Value zero = in(0), map_value = in(1);
  MapBuilder left(call.arena(), 2), right(call.arena(), 2);
  left.add(in("a"), zero);
  left.add(in("b"), map_value);
  right.add(in("b"), in(1.0));
  right.add(in("a"), in(0u));
  CHECK(hash(in(1)) == hash(in(1.0)));
  CHECK(hash(in(1u)) == hash(in(1.0)));
  CHECK(hash(in(-1)) == hash(in(-1.0)));
  CHECK(hash(in(0.0)) == hash(in(-0.0)));
  CHECK(hash(in(UINT64_C(1) << 63)) == hash(in(9223372036854775808.0)));
  CHECK(hash(*left.finish()) == hash(*right.finish()));
}

TEST_CASE("math") {
  auto test = all_libraries();
  check(test, {
                  {"math.@min", "math_@min_int_double", {in(1), in(1.0)}, "1"},
                  {"math.@max", "math_@max_double_int", {in(-1.5), in(-1)}, "-1"},
                  {"math.@min", "math_@min_double_double", {in(1.0), in(nan_value)}, "error: bad argument"},
                  {"math.@max", "math_@max_list_int", {test.list({in(5.4), in(10u), in(3)})}, "10u"},
                  {"math.@max", "math_@max_list_int", {test.list({})}, "error: bad argument"},
                  {"math.@max", "math_@max_list_int", {test.list({in("a")})}, "error: no such overload"},
                  {"math.round", "math_round_double", {in(-1.5)}, "-2.0"},
                  {"math.trunc", "math_trunc_double", {in(-1.5)}, "-1.0"},
                  {"math.abs", "math_abs_int", {in(INT64_MIN)}, "error: overflow"},
                  {"math.abs", "math_abs_double", {in(-11.5)}, "11.5"},
                  {"math.sign", "math_sign_double", {in(-0.0)}, "0.0"},
                  {"math.sign", "math_sign_double", {in(nan_value)}, "NaN"},
                  {"math.sign", "math_sign_uint", {in(7u)}, "1u"},
                  {"math.isFinite", "math_isFinite_double", {in(nan_value)}, "false"},
                  {"math.bitNot", "math_bitNot_uint_uint", {in(1u)}, "18446744073709551614u"},
                  {"math.bitXor", "math_bitXor_int_int", {in(-1), in(1)}, "-2"},
                  {"math.bitShiftLeft", "math_bitShiftLeft_int_int", {in(1), in(200)}, "0"},
                  {"math.bitShiftLeft", "math_bitShiftLeft_int_int", {in(1), in(63)}, "-9223372036854775808"},
                  {"math.bitShiftRight", "math_bitShiftRight_int_int", {in(-1), in(63)}, "1"},
                  {"math.bitShiftRight", "math_bitShiftRight_uint_int", {in(1u), in(-1)}, "error: bad argument"},
                  {"math.sqrt", "math_sqrt_int", {in(49)}, "7.0"},
              });
}

TEST_CASE("optionals") {
  auto test = all_libraries();
  auto one = test.plain.optional(in(1)), none = Value::optional_none();
  auto list = test.list({in(7), in(8)});
  auto maybe_list = test.plain.optional(list);
  check(test, {
                  {"optional.of", "optional_of", {Value()}, "optional.of(null)"},
                  {"optional.ofNonZeroValue", "optional_ofNonZeroValue", {in("")}, "optional.none()"},
                  {"optional.ofNonZeroValue", "optional_ofNonZeroValue", {in(42)}, "optional.of(42)"},
                  {"optional.ofNonZeroValue",
                   "optional_ofNonZeroValue",
                   {Value::timestamp({0, 0})},
                   "optional.of(timestamp(\"1970-01-01T00:00:00Z\"))"},
                  {"value", "optional_value", {one}, "1"},
                  {"value", "optional_value", {none}, "error: bad argument"},
                  {"hasValue", "optional_hasValue", {none}, "false"},
                  {"or", "optional_or_optional", {none, one}, "optional.of(1)"},
                  {"orValue", "optional_orValue_value", {one, in(2)}, "1"},
                  {"_[?_]", "list_optindex_optional_int", {list, in(1)}, "optional.of(8)"},
                  {"_[?_]", "list_optindex_optional_int", {list, in(-1)}, "optional.none()"},
                  {"_[?_]", "list_optindex_optional_int", {list, in(0.5)}, "optional.none()"},
                  {"_[?_]", "list_optindex_optional_int", {list, in("a")}, "error: no such overload"},
                  {"_[?_]", "optional_list_optindex_optional_int", {maybe_list, in(0)}, "optional.of(7)"},
                  {"_[_]", "optional_list_index_int", {none, in(0)}, "optional.none()"},
                  {"first", "list_first", {list}, "optional.of(7)"},
                  {"last", "list_last", {test.list({})}, "optional.none()"},
                  {"optional.unwrap", "optional_unwrap", {test.list({one, none})}, "[1]"},
                  {"optional.unwrap", "optional_unwrap", {list}, "error: bad argument"},
              });
}

TEST_CASE("base64") {
  auto test = all_libraries();
  check(test, {
                  {"base64.encode", "base64_encode_bytes", {Value::bytes("")}, "\"\""},
                  {"base64.encode", "base64_encode_bytes", {Value::bytes("a")}, "\"YQ==\""},
                  {"base64.encode", "base64_encode_bytes", {Value::bytes("ab")}, "\"YWI=\""},
                  {"base64.encode", "base64_encode_bytes", {Value::bytes("\xFF\xFE\xFD")}, "\"//79\""},
                  {"base64.decode", "base64_decode_string", {in("aGVsbG8=")}, "b\"hello\""},
                  {"base64.decode", "base64_decode_string", {in("aGVs\nbG8")}, "b\"hello\""},
                  {"base64.decode", "base64_decode_string", {in("YQ")}, "b\"a\""},
                  {"base64.decode", "base64_decode_string", {in("Y")}, "error: bad argument"},
                  {"base64.decode", "base64_decode_string", {in("YQ=")}, "error: bad argument"},
                  {"base64.decode", "base64_decode_string", {in("YQ==YQ==")}, "error: bad argument"},
                  {"base64.decode", "base64_decode_string", {in("Y!==")}, "error: bad argument"},
              });
}

TEST_CASE("costs of lists are those of version 3") {
  auto test = all_libraries();
  auto numbers = test.list({in(1), in(2), in(3)});
  CHECK(test.cost("lists.range", "lists_range", {in(5)}) == 16);
  CHECK(test.cost("distinct", "list_distinct", {numbers}) == 29);
  CHECK(test.cost("sort", "list_string_sort", {test.list({in("a"), in("b")})}) == 19);
  CHECK(test.cost("flatten", "list_flatten", {test.list({numbers})}) == 12);
  CHECK(test.cost("flatten", "list_flatten_int", {test.list({numbers}), in(3)}) == 14);
}
