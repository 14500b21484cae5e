#include "rulebook/catalogue.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "rulebook/rulebook.h"

using namespace seawall;
using namespace seawall::rulebook;

TEST_CASE("the catalogue of what is shipped names the same rules as the rulebook") {
  auto catalogue = Catalogue::shipped();
  CHECK(catalogue.mistakes().empty());
  Names names;
  for (const auto& rule : catalogue.rules()) names.insert(rule.names.begin(), rule.names.end());
  auto known = Rulebook::shipped_names();
  CHECK(std::ranges::equal(names, known));
}

TEST_CASE("ids of others may have spaces") {
  std::vector<std::string> unknown;
  CHECK(Rulebook::shipped({"kubescape/K8s common labels usage"}, unknown).policies().size() == 1);
}

TEST_CASE("all that is shipped loads without a mistake, and has cases that pass and cases that fail") {
  std::vector<std::string> unknown;
  auto book = Rulebook::shipped({"all"}, unknown);
  CHECK(unknown.empty());
  for (const auto& mistake : book.mistakes()) FAIL_CHECK(mistake.text());
  auto catalogue = Catalogue::shipped();
  CHECK(book.policies().size() == catalogue.rules().size());
  for (const auto& rule : catalogue.rules()) {
    CAPTURE(rule.header.id);
    for (const char* verdict : {"pass", "fail"})
      CHECK(std::ranges::any_of(rule.cases, [&](const RuleCase& each) { return each.expect == verdict; }));
  }
}

TEST_CASE("a shipped rule is shown as it is written") {
  auto catalogue = Catalogue::shipped();
  auto rule = std::ranges::find(catalogue.rules(), "workload/privileged",
                                [](const CatalogueRule& each) { return each.header.id; });
  REQUIRE(rule != catalogue.rules().end());
  CHECK(rule->text.starts_with("apiVersion: seawall.dev/v1\nkind: Policy\n"));
  CHECK(rule->text.contains("metadata: {name: workload/privileged}\n"));
  CHECK(rule->header.where == RulePlace{"rules/admission/workload/privileged.yaml", 3, 18});
}

TEST_CASE("the documents of a file are told apart") {
  std::vector<Mistake> mistakes;
  RuleFile file("a.yaml", "# first\na: 1\n---\n# second\nb: 2\n---\n", mistakes);
  REQUIRE(file.documents().size() == 2);
  CHECK(file.text_of(0) == "# first\na: 1\n");
  CHECK(file.text_of(1) == "# second\nb: 2\n");
}

TEST_CASE("packed files are read as they were; a broken pack is told") {
  auto sources = open_sources("a.yaml\t3\nx:1b\tc.yaml\t0\n");
  REQUIRE(sources);
  REQUIRE(sources->size() == 2);
  CHECK((*sources)[0].text == "x:1");
  CHECK((*sources)[1].file == "b\tc.yaml");
  for (const char* broken : {"a.yaml", "a.yaml\t9\nx", "a.yaml\tx\n", "\n"}) CHECK(!open_sources(broken));
}
