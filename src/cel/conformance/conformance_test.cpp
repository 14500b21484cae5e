// All shared conformance cases pass, and the runner tells when one does not.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "base/files.h"
#include "cel/conformance/runner.h"
#include "codec/json.h"

namespace seawall::cel::conformance {
namespace {

std::string shared() {
  const char* folder = std::getenv("SEAWALL_SHARED");
  return folder != nullptr ? folder : "../shared";
}

std::size_t run_folder(const std::string& folder) {
  std::size_t passed = 0;
  auto names = list_directory(folder);
  REQUIRE(names);
  for (const auto& name : *names) {
    if (!name.ends_with(".json") && !name.ends_with(".jsonl")) continue;
    Suite suite;
    auto added = add_file(suite, folder + "/" + name);
    REQUIRE_MESSAGE(added, added.error().what);
    auto types = types_beside(folder + "/" + name);
    REQUIRE(types);
    Runner runner(types->root());
    for (const auto& test : suite.cases) {
      auto outcome = runner.run(test);
      CHECK_MESSAGE(outcome.passed, test.name, ": expected ", outcome.expected, ", got ", outcome.got);
      passed += outcome.passed;
    }
  }
  return passed;
}

TEST_CASE("all shared conformance cases pass") {
  for (const auto* folder : {"/spec/cel", "/spec/cel-kubernetes"}) {
    if (!exists(shared() + folder)) {
      MESSAGE("no shared data at ", shared(), folder);
      return;
    }
    CHECK(run_folder(shared() + folder) > 100);
  }
}

struct Judged {
  std::string_view name, test;
  bool passed;
};

TEST_CASE("a case is judged by value and type, error and cost") {
  constexpr Judged cases[] = {
      {"the value", R"({"expr": "1 + 1", "expect": {"value": {"int": "2"}}})", true},
      {"another value", R"({"expr": "1 + 1", "expect": {"value": {"int": "3"}}})", false},
      {"the value in another type", R"({"expr": "1 + 1", "expect": {"value": {"double": "2"}}})", false},
      {"another type inside", R"({"expr": "[1u]", "expect": {"value": {"list": [{"int": "1"}]}}})", false},
      {"the type", R"({"expr": "[1]", "check_only": true, "expect": {"type": {"list": "int"}}})", true},
      {"another type", R"({"expr": "[1]", "check_only": true, "expect": {"type": {"list": "uint"}}})", false},
      {"an error", R"({"expr": "1 / 0", "expect": {"error": [{}]}})", true},
      {"no error where one is due", R"({"expr": "1", "expect": {"error": [{}]}})", false},
      {"an error where none is", R"({"expr": "1 / 0", "expect": {"value": {"int": "1"}}})", false},
      {"a mistake is no error of evaluation", R"({"expr": "1 +", "expect": {"error": [{}]}})", false},
      {"a mistake that is due", R"({"expr": "1 + 'a'", "expect": {"compile_error": true}})", true},
      {"no mistake where one is due", R"({"expr": "1", "expect": {"compile_error": true}})", false},
      {"NaN is NaN", R"case({"expr": "double('NaN')", "expect": {"value": {"double": "NaN"}}})case", true},
      {"a bound variable", R"({"expr": "x", "bindings": {"x": {"int": "1"}}, "expect": {"value": {"int": "1"}}})",
       true},
      {"no check asked", R"({"expr": "x || true", "disable_check": true, "expect": {"value": {"bool": true}}})", true},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    auto document = codec::parse_json(each.test);
    REQUIRE(document);
    auto made = case_from("suite", document->root());
    CHECK(Runner({}).run(made).passed == each.passed);
  }
}

TEST_CASE("costs are judged") {
  for (auto [line, passed] : {std::pair(R"({"id": "a", "expr": "'a' + 'b'", "runtime_cost": 1})", true),
                              std::pair(R"({"id": "a", "expr": "'a' + 'b'", "runtime_cost": 2})", false),
                              std::pair(R"({"id": "a", "expr": "'a' + 'b'", "estimated_cost": [1, 1]})", true),
                              std::pair(R"({"id": "a", "expr": "'a' + 'b'", "estimated_cost": [1, 2]})", false)}) {
    auto document = codec::parse_json(line);
    REQUIRE(document);
    CHECK(Runner({}).run(kubernetes_case_from("cost", document->root())).passed == passed);
  }
}

}  // namespace
}  // namespace seawall::cel::conformance
