#include "rulebook/rule_file.h"

#include <doctest/doctest.h>

using namespace seawall;
using namespace seawall::rulebook;

namespace {

struct Read {
  RuleHeader header;
  std::vector<std::string> mistakes;
};

Read header_of(std::string text) {
  std::vector<Mistake> mistakes;
  RuleFile file("a.yaml", std::move(text), mistakes);
  Read read;
  for (const auto& document : file.documents()) {
    Fields root(file, document, document.root(), 0);
    (void)root.text("kind");
    auto metadata = root.below("metadata");
    auto spec = root.below("spec");
    read.header = read_header(metadata, spec);
    metadata.finish();
    spec.finish();
    root.finish();
  }
  for (const auto& each : mistakes) read.mistakes.push_back(each.text());
  return read;
}

}  // namespace

TEST_CASE("a header is read") {
  auto read = header_of(
      "kind: Policy\nmetadata: {name: pod-security/privileged}\nspec:\n  title: Not privileged\n  severity: high\n"
      "  knownAs: [trivy/KSV-0017]\n");
  CHECK(read.mistakes.empty());
  CHECK(read.header.id == "pod-security/privileged");
  CHECK(read.header.severity == model::Severity::high);
  CHECK(read.header.known_as == std::vector<std::string>{"trivy/KSV-0017"});
}

TEST_CASE("every mistake is told with its place") {
  struct Case {
    std::string_view name, text;
    std::vector<std::string> mistakes;
  };
  const Case cases[] = {
      {"missing keys", "metadata: {}\nspec: {title: t}\n", {"a.yaml:1:11: name: is missing"}},
      {"an id with capitals",
       "metadata: {name: A}\nspec: {title: t}\n",
       {"a.yaml:1:18: name: 'A' is no id: lower case letters, digits, '-', '.' and '/'"}},
      {"a word that is none",
       "metadata: {name: a}\nspec: {title: t, severity: bad}\n",
       {"a.yaml:2:28: severity: 'bad' is none of low, medium, high, critical"}},
      {"unknown keys",
       "metadata: {name: a}\nspec:\n  title: t\n  sevrity: low\n",
       {"a.yaml:4:3: unknown key 'sevrity'"}},
      {"the wrong kinds",
       "metadata: {name: a}\nspec: {title: [t], knownAs: x}\n",
       {"a.yaml:2:15: title: expected text, found a list", "a.yaml:2:29: knownAs: expected a list, found text"}},
      {"a mapping that is none",
       "metadata: {name: a}\nspec: 1\n",
       {"a.yaml:2:7: expected a mapping, found a number", "a.yaml:2:7: title: is missing"}},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    CHECK(header_of(std::string(each.text)).mistakes == each.mistakes);
  }
}

TEST_CASE("a document that is no YAML does not hide the others") {
  auto read = header_of("a: [\n---\nmetadata: {name: b}\nspec: {title: t}\n");
  CHECK(read.header.id == "b");
  REQUIRE(read.mistakes.size() == 1);
  CHECK(read.mistakes[0].starts_with("a.yaml:"));
}
