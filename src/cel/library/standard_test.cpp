#include <doctest/doctest.h>

#include <limits>

#include "cel/detail/function_test.h"

using namespace seawall::cel;

namespace {

Value moment(std::int64_t seconds, std::int32_t nanos = 0) { return Value::timestamp({seconds, nanos}); }
Value stretch(std::int64_t seconds, std::int32_t nanos = 0) { return Value::duration({seconds, nanos}); }

}  // namespace

TEST_CASE("arithmetic ends in an error instead of wrapping") {
  FunctionTest test;
  check(test, {
                  {"_+_", "add_int64", {in(1), in(2)}, "3"},
                  {"_+_", "add_int64", {in(INT64_MAX), in(1)}, "error: overflow"},
                  {"_-_", "subtract_int64", {in(INT64_MIN), in(1)}, "error: overflow"},
                  {"_*_", "multiply_int64", {in(INT64_MIN), in(-1)}, "error: overflow"},
                  {"_/_", "divide_int64", {in(7), in(-2)}, "-3"},
                  {"_/_", "divide_int64", {in(7), in(0)}, "error: divide by zero"},
                  {"_/_", "divide_int64", {in(INT64_MIN), in(-1)}, "error: overflow"},
                  {"_%_", "modulo_int64", {in(-7), in(2)}, "-1"},
                  {"_%_", "modulo_int64", {in(INT64_MIN), in(-1)}, "error: overflow"},
                  {"_%_", "modulo_uint64", {in(7u), in(0u)}, "error: modulus by zero"},
                  {"_-_", "subtract_uint64", {in(1u), in(2u)}, "error: overflow"},
                  {"_+_", "add_uint64", {in(UINT64_MAX), in(1u)}, "error: overflow"},
                  {"-_", "negate_int64", {in(INT64_MIN)}, "error: overflow"},
                  {"_/_", "divide_double", {in(1.0), in(0.0)}, "Infinity"},
              });
}

TEST_CASE("numbers of different types are ordered by their mathematical value, and NaN by none") {
  FunctionTest test;
  auto nan = in(std::numeric_limits<double>::quiet_NaN());
  check(test, {
                  {"_<_", "less_int64_uint64", {in(-1), in(UINT64_MAX)}, "true"},
                  {"_<_", "less_uint64_double", {in(1u), in(1.5)}, "true"},
                  {"_>_", "greater_int64_double", {in(INT64_MAX), in(9223372036854775808.0)}, "false"},
                  {"_<=_", "less_equals_double", {nan, nan}, "false"},
                  {"_>=_", "greater_equals_double", {nan, in(1.0)}, "false"},
                  {"_<_", "less_string", {in("a"), in("ab")}, "true"},
                  {"_<_", "less_bool", {in(false), in(true)}, "true"},
                  {"_==_", "equals", {in(1), in(1.0)}, "true"},
                  {"_!=_", "not_equals", {nan, nan}, "true"},
                  {"@in", "in_list", {in(2u), test.list({in(1), in(2)})}, "true"},
              });
}

TEST_CASE("an index is any whole number in the list") {
  FunctionTest test;
  auto list = test.list({in("a"), in("b")});
  check(test, {
                  {"_[_]", "index_list", {list, in(1)}, "\"b\""},
                  {"_[_]", "index_list", {list, in(1u)}, "\"b\""},
                  {"_[_]", "index_list", {list, in(0.0)}, "\"a\""},
                  {"_[_]", "index_list", {list, in(0.5)}, "error: out of range"},
                  {"_[_]", "index_list", {list, in(-1)}, "error: out of range"},
                  {"_[_]", "index_list", {list, in(2)}, "error: out of range"},
                  {"_[_]", "index_list", {list, in("0")}, "error: no such overload"},
                  {"_+_", "add_list", {list, list}, "[\"a\", \"b\", \"a\", \"b\"]"},
              });
}

TEST_CASE("conversions refuse what does not fit") {
  FunctionTest test;
  check(test, {
                  {"int", "double_to_int64", {in(-3.5)}, "-3"},
                  {"int", "double_to_int64", {in(9223372036854775808.0)}, "error: out of range"},
                  {"int", "double_to_int64", {in(std::numeric_limits<double>::quiet_NaN())}, "error: out of range"},
                  {"int", "uint64_to_int64", {in(UINT64_MAX)}, "error: out of range"},
                  {"int", "string_to_int64", {in("+12")}, "12"},
                  {"int", "string_to_int64", {in("+-12")}, "error: bad argument"},
                  {"int", "string_to_int64", {in("12 ")}, "error: bad argument"},
                  {"uint", "int64_to_uint64", {in(-1)}, "error: out of range"},
                  {"uint", "double_to_uint64", {in(25.5)}, "25u"},
                  {"uint", "double_to_uint64", {in(18446744073709551616.0)}, "error: out of range"},
                  {"uint", "string_to_uint64", {in("-1")}, "error: bad argument"},
                  {"bool", "string_to_bool", {in("True")}, "true"},
                  {"bool", "string_to_bool", {in("TrUe")}, "error: bad argument"},
                  {"string", "bytes_to_string", {Value::bytes("\xff")}, "error: bad argument"},
                  {"string", "double_to_string", {in(-4.5e-3)}, "\"-0.0045\""},
                  {"string", "double_to_string", {in(1e6)}, "\"1e+06\""},
                  {"string", "double_to_string", {in(100000.0)}, "\"100000\""},
                  {"string", "double_to_string", {in(1e-5)}, "\"1e-05\""},
                  {"string", "double_to_string", {in(-std::numeric_limits<double>::infinity())}, "\"-Inf\""},
                  {"string", "int64_to_string", {in(INT64_MIN)}, "\"-9223372036854775808\""},
                  {"string", "bool_to_string", {in(true)}, "\"true\""},
              });
}

TEST_CASE("texts become doubles in every notation of the language") {
  FunctionTest test;
  struct Case {
    const char* text;
    std::string_view expected;
  };
  for (auto& [text, expected] : std::initializer_list<Case>{{"6.02214e23", "6.02214e+23"},
                                                            {"-84.32e7", "-843200000.0"},
                                                            {".5", "0.5"},
                                                            {"1.", "1.0"},
                                                            {"+.5e1", "5.0"},
                                                            {"0x1p-2", "0.25"},
                                                            {"-0X1.8P+1", "-3.0"},
                                                            {"1_000", "1000.0"},
                                                            {"0x_1p4", "16.0"},
                                                            {"1e-400", "0.0"},
                                                            {"infinity", "Infinity"},
                                                            {"-Inf", "-Infinity"},
                                                            {"nan", "NaN"},
                                                            {"-0", "-0.0"},
                                                            {"-nan", "error: bad argument"},
                                                            {"1e400", "error: bad argument"},
                                                            {"1e", "error: bad argument"},
                                                            {"", "error: bad argument"},
                                                            {"1__0", "error: bad argument"},
                                                            {"0x10", "error: bad argument"},
                                                            {" 1", "error: bad argument"},
                                                            {"1_", "error: bad argument"},
                                                            {"_1", "error: bad argument"},
                                                            {"1.2.3", "error: bad argument"}}) {
    CAPTURE(text);
    CHECK(test("double", "string_to_double", {in(text)}) == expected);
  }
}

TEST_CASE("durations are read as Go writes them") {
  FunctionTest test;
  struct Case {
    const char* text;
    std::string_view seconds;
  };
  for (auto& [text, seconds] : std::initializer_list<Case>{{"1h30m", "\"5400s\""},
                                                           {"1.5s", "\"1.5s\""},
                                                           {"-0.5s", "\"-0.5s\""},
                                                           {"100ms", "\"0.1s\""},
                                                           {"1us", "\"0.000001s\""},
                                                           {"1\xC2\xB5s", "\"0.000001s\""},
                                                           {"0", "\"0s\""},
                                                           {".5h", "\"1800s\""},
                                                           {"+1m", "\"60s\""},
                                                           {"1", "error: bad argument"},
                                                           {"s", "error: bad argument"},
                                                           {"", "error: bad argument"},
                                                           {"-", "error: bad argument"},
                                                           {"1d", "error: bad argument"},
                                                           {"1s ", "error: bad argument"},
                                                           {"9223372036.854775807s", "\"9223372036.854776s\""},
                                                           {"-320000000000s", "error: out of range"},
                                                           {"99999999999999999999h", "error: out of range"}}) {
    CAPTURE(text);
    auto duration = test.call("duration", "string_to_duration", {in(text)});
    CHECK(test("string", "duration_to_string", {duration}) == seconds);
  }
}

TEST_CASE("timestamps are strict RFC 3339 of the years 1 to 9999") {
  FunctionTest test;
  struct Case {
    const char* text;
    std::string_view expected;
  };
  for (auto& [text, expected] :
       std::initializer_list<Case>{{"2009-02-13T23:31:30Z", "\"2009-02-13T23:31:30Z\""},
                                   {"2009-02-13t23:31:30.120z", "\"2009-02-13T23:31:30.12Z\""},
                                   {"2009-02-13T23:31:30.1234567891+01:30", "\"2009-02-13T22:01:30.123456789Z\""},
                                   {"2024-02-29T00:00:00-23:59", "\"2024-02-29T23:59:00Z\""},
                                   {"0001-01-01T00:00:00Z", "\"0001-01-01T00:00:00Z\""},
                                   {"9999-12-31T23:59:59.999999999Z", "\"9999-12-31T23:59:59.999999999Z\""},
                                   {"0001-01-01T00:00:00+00:01", "error: out of range"},
                                   {"0000-01-01T00:00:00Z", "error: out of range"},
                                   {"2023-02-29T00:00:00Z", "error: bad argument"},
                                   {"10000-01-01T00:00:00Z", "error: bad argument"},
                                   {"2009-02-13T24:00:00Z", "error: bad argument"},
                                   {"2009-02-13T23:59:60Z", "error: bad argument"},
                                   {"2009-02-13T23:31:30", "error: bad argument"},
                                   {"2009-02-13T23:31:30,5Z", "error: bad argument"},
                                   {"2009-02-13T23:31:30.Z", "error: bad argument"},
                                   {"2009-02-13T23:31:30+1:00", "error: bad argument"},
                                   {"2009-02-13T23:31:30Zx", "error: bad argument"},
                                   {"2009-02-13", "error: bad argument"}}) {
    CAPTURE(text);
    auto timestamp = test.call("timestamp", "string_to_timestamp", {in(text)});
    CHECK(test("string", "timestamp_to_string", {timestamp}) == expected);
  }
}

TEST_CASE("sums of times stay in range") {
  FunctionTest test;
  auto last = moment(253402300799, 999999999);
  auto first = moment(-62135596800);
  check(test, {
                  {"_+_", "add_timestamp_duration", {last, stretch(0, 1)}, "error: out of range"},
                  {"_+_", "add_duration_timestamp", {stretch(0, -1), first}, "error: out of range"},
                  {"_-_", "subtract_timestamp_timestamp", {first, last}, "error: out of range"},
                  {"_-_", "subtract_timestamp_timestamp", {moment(5, 1), moment(6)}, "duration(\"-0.999999999s\")"},
                  {"_+_", "add_duration_duration", {stretch(9000000000), stretch(9000000000)}, "error: out of range"},
                  {"int", "duration_to_int64", {stretch(1, 5)}, "1000000005"},
                  {"timestamp", "int64_to_timestamp", {in(253402300800)}, "error: out of range"},
              });
}

TEST_CASE("parts of a timestamp follow the zone") {
  FunctionTest test;
  auto at = moment(1234567890, 5'000'000);  // 2009-02-13T23:31:30.005Z
  check(test, {
                  {"getFullYear", "timestamp_to_year", {at}, "2009"},
                  {"getMonth", "timestamp_to_month", {at}, "1"},
                  {"getDate", "timestamp_to_day_of_month_1_based", {at}, "13"},
                  {"getDayOfMonth", "timestamp_to_day_of_month", {at}, "12"},
                  {"getDayOfWeek", "timestamp_to_day_of_week", {at}, "5"},
                  {"getDayOfYear", "timestamp_to_day_of_year", {at}, "43"},
                  {"getHours", "timestamp_to_hours", {at}, "23"},
                  {"getMinutes", "timestamp_to_minutes", {at}, "31"},
                  {"getSeconds", "timestamp_to_seconds", {at}, "30"},
                  {"getMilliseconds", "timestamp_to_milliseconds", {at}, "5"},
                  {"getFullYear", "timestamp_to_year", {moment(-62135596800)}, "1"},
                  {"getHours", "timestamp_to_hours", {moment(-1)}, "23"},
                  {"getHours", "timestamp_to_hours_with_tz", {at, in("02:00")}, "1"},
                  {"getDate", "timestamp_to_day_of_month_1_based_with_tz", {at, in("+11:00")}, "14"},
                  {"getMinutes", "timestamp_to_minutes_with_tz", {at, in("-00:32")}, "59"},
                  {"getSeconds", "timestamp_to_seconds_tz", {at, in("UTC")}, "30"},
                  {"getHours", "timestamp_to_hours_with_tz", {at, in("24:00")}, "error: bad argument"},
                  {"getHours", "timestamp_to_hours_with_tz", {at, in("../UTC")}, "error: bad argument"},
                  {"getHours", "timestamp_to_hours_with_tz", {at, in("Mars/Olympus")}, "error: bad argument"},
                  {"getHours", "duration_to_hours", {stretch(10000)}, "2"},
                  {"getMilliseconds", "duration_to_milliseconds", {stretch(123, 321456789)}, "321"},
              });
}

TEST_CASE("patterns are RE2's, prepared or not") {
  FunctionTest test;
  check(test, {
                  {"matches", "matches_string", {in("hubba"), in("ubb")}, "true"},
                  {"matches", "matches", {in("cows"), in("^[a-z]{4}$")}, "true"},
                  {"matches", "matches", {in("x"), in("(")}, "error: bad argument"},
                  {"contains", "contains_string", {in("abc"), in("bc")}, "true"},
                  {"startsWith", "starts_with_string", {in("abc"), in("")}, "true"},
                  {"endsWith", "ends_with_string", {in("abc"), in("bc")}, "true"},
                  {"size", "size_string", {in("\xC3\xA9t\xC3\xA9")}, "3"},
              });
}

TEST_CASE("costs are those of Kubernetes") {
  FunctionTest test;
  auto ten = in("abcdefghij"), seventy = in("abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij");
  CHECK(test.cost("_==_", "equals", {in(1), in(2)}) == 1);
  CHECK(test.cost("_==_", "equals", {in(""), ten}) == 0);
  CHECK(test.cost("_==_", "equals", {ten, ten}) == 1);
  CHECK(test.cost("_==_", "equals", {seventy, seventy}) == 7);
  CHECK(test.cost("_+_", "add_string", {ten, in("x")}) == 2);
  CHECK(test.cost("contains", "contains_string", {seventy, in("aaaaaaaaaaa")}) == 14);
  CHECK(test.cost("matches", "matches_string", {ten, in("abcde")}) == 4);
  CHECK(test.cost("@in", "in_list", {in(1), test.list({in(3), in(4)})}) == 2);
  CHECK(test.cost("startsWith", "starts_with_string", {seventy, in("a")}) == 1);
}
