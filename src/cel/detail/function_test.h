// Calls single overloads in tests, without parser, checker or evaluator.
#pragma once

#include <doctest/doctest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cel/detail/plain_call.h"

namespace seawall::cel {

// A value in a table of cases.
inline Value in(int number) { return Value::integer(number); }
inline Value in(long number) { return Value::integer(number); }
inline Value in(unsigned number) { return Value::unsigned_integer(number); }
inline Value in(unsigned long number) { return Value::unsigned_integer(number); }
inline Value in(double number) { return Value::floating(number); }
inline Value in(bool value) { return Value::boolean(value); }
inline Value in(const char* text) { return Value::string(text); }
inline Value in(const Value& value) { return value; }

class FunctionTest {
 public:
  template <class... Libraries>
  explicit FunctionTest(Libraries... libraries) {
    (libraries(environment), ...);
  }

  // The result of one overload, by name and id; constants are prepared as a compiler would. An error among the
  // arguments is the result, as in an expression.
  Value call(std::string_view name, std::string_view id, std::vector<Value> arguments) {
    for (auto& argument : arguments)
      if (argument.is_error()) return argument;
    auto& overload = find(name, id);
    std::vector<const Value*> constants;
    for (auto& argument : arguments) constants.push_back(&argument);
    std::string error;
    prepared = overload.prepare ? overload.prepare(constants, error) : nullptr;
    if (!error.empty()) return plain.fail(ErrorCode::bad_argument, error);
    plain.set_prepared(prepared.get());
    return overload.run(plain, arguments);
  }
  // As text; "error: overflow" for an error.
  std::string operator()(std::string_view name, std::string_view id, std::vector<Value> arguments) {
    auto result = call(name, id, std::move(arguments));
    return result.is_error() ? "error: " + std::string(cel::text(result.as_error().code)) : cel::text(result);
  }
  std::uint64_t cost(std::string_view name, std::string_view id, std::vector<Value> arguments) {
    auto result = call(name, id, arguments);
    auto& overload = find(name, id);
    return overload.cost ? overload.cost(arguments, result) : 1;
  }
  Value list(std::initializer_list<Value> items) { return plain.list(std::vector<Value>(items)); }

  Environment environment;
  PlainCall plain;
  std::shared_ptr<const void> prepared;

 private:
  const Overload& find(std::string_view name, std::string_view id) const {
    for (auto style : {Style::global, Style::method})
      if (auto* set = environment.find_function(name, style))
        for (auto& overload : set->overloads)
          if (overload.id == id) return overload;
    static const Overload none{.run = [](Call& call, std::span<const Value>) {
      return call.fail(ErrorCode::no_such_overload, "no overload of that id");
    }};
    return none;
  }
};

// One line of a table.
struct FunctionCase {
  std::string_view name, id;
  std::vector<Value> arguments;
  std::string_view expected;
};

inline void check(FunctionTest& test, std::initializer_list<FunctionCase> cases) {
  for (auto& each : cases) {
    std::string shown;
    for (auto& argument : each.arguments) shown += text(argument) + ' ';
    CAPTURE(each.name);
    CAPTURE(each.id);
    CAPTURE(shown);
    CHECK(test(each.name, each.id, each.arguments) == each.expected);
  }
}

}  // namespace seawall::cel
