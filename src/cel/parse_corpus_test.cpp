// Every expression of the shared conformance cases is parsed, written and parsed again.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/text.h"
#include "cel/parse.h"
#include "codec/json.h"

namespace seawall::cel {
namespace {

std::filesystem::path shared() {
  const char* stated = std::getenv("SEAWALL_SHARED");
  return stated ? stated : "../shared";
}

void check_round_trip(std::string_view source) {
  CAPTURE(source);
  auto ast = parse(source);
  REQUIRE_MESSAGE(ast, ast.error().what);
  auto written = text(ast->root());
  CAPTURE(written);
  auto again = parse(written);
  REQUIRE_MESSAGE(again, again.error().what);
  CHECK(text(again->root()) == written);
  CHECK(again->root().height == ast->root().height);
}

// Expressions of a file that is one JSON document with `tests`, or a document a line.
std::vector<std::string> expressions(const std::filesystem::path& file) {
  std::vector<std::string> found;
  auto content = read_file(file.string(), std::size_t{1} << 26);
  REQUIRE(content);
  auto add = [&](codec::Value test) { found.emplace_back(test.text_or("expr")); };
  if (file.extension() == ".json") {
    auto document = codec::parse_json(*content);
    REQUIRE(document);
    for (auto test : document->root()["tests"].items()) add(test);
    return found;
  }
  for (auto line : lines(*content)) {
    auto document = codec::parse_json(line);
    REQUIRE(document);
    add(document->root());
  }
  return found;
}

TEST_CASE("the expressions of the conformance cases are parsed and written") {
  std::size_t count = 0;
  for (const auto* folder : {"spec/cel", "spec/cel-kubernetes"}) {
    if (!std::filesystem::exists(shared() / folder)) {
      MESSAGE("no shared data at ", (shared() / folder).string());
      return;
    }
    for (const auto& entry : std::filesystem::directory_iterator(shared() / folder)) {
      auto extension = entry.path().extension();
      if (extension != ".json" && extension != ".jsonl") continue;
      CAPTURE(entry.path().string());
      for (const auto& source : expressions(entry.path())) {
        check_round_trip(source);
        ++count;
      }
    }
  }
  CHECK(count > 1600);
}

}  // namespace
}  // namespace seawall::cel
