#include "rulebook/rulebook.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>

#include "base/files.h"
#include "codec/json.h"
#include "rulebook/policy_program.h"

using namespace seawall;
using namespace seawall::rulebook;

namespace {

struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/seawall-test-XXXXXX";
    path = ::mkdtemp(name);
  }
  Folder(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
  void put(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories(std::filesystem::path(path + "/" + name).parent_path());
    REQUIRE(write_file(path + "/" + name, text));
  }
};

std::string policy(std::string_view id, std::string_view expression, std::string_view more = "") {
  return "apiVersion: seawall.dev/v1\nkind: Policy\nmetadata: {name: " + std::string(id) +
         "}\nspec:\n  title: t\n  podSpec: true\n" + std::string(more) + "  validations:\n    - expression: \"" +
         std::string(expression) + "\"\n      message: wrong\n";
}

struct Judged {
  std::string verdict, message;
  std::vector<std::string> paths;
};

Judged judged(const std::string& rule, std::string_view object) {
  Folder folder;
  folder.put("a.yaml", rule);
  auto book = Rulebook::load({folder.path});
  REQUIRE_MESSAGE(book.mistakes().empty(), book.mistakes()[0].text());
  auto program = PolicyProgram::compile({{.policy = book.policies()[0]}});
  REQUIRE(program);
  auto document = codec::parse_json(object);
  REQUIRE(document);
  Subject subject{.object = cel::Value::document(document->root()),
                  .pod = cel::Value::document(document->root()),
                  .containers = cel::Value::document(document->root().path("spec", "containers"))};
  PolicyJudge judge(*program);
  judge.begin(subject);
  auto judgement = judge.judge(0);
  Judged told{std::string(text(judgement.verdict)), "", {}};
  if (!judgement.findings.empty()) told = {told.verdict, judgement.findings[0].message, judgement.findings[0].paths};
  return told;
}

constexpr std::string_view pod =
    R"({"metadata": {"name": "web"}, "spec": {"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y"}]}})";

}  // namespace

TEST_CASE("what an optional of unknown type holds may be of any type that a function takes") {
  constexpr auto object = R"({"spec":{"replicas":3}})";
  CHECK(judged(policy("x/a", "double(dyn(object.?spec.?replicas).value()) == 3.0"), object).verdict == "pass");
  CHECK(judged(policy("x/a", "string(dyn(object.?spec.?replicas).value()) == '3'"), object).verdict == "pass");
}

TEST_CASE("folders are read, tests and hidden files are not, ids are unique") {
  Folder folder;
  folder.put("b/one.yaml", policy("x/one", "true", "  knownAs: [other/1]\n"));
  folder.put("a/two.yaml", policy("x/two", "true", "  knownAs: [other/1]\n"));
  folder.put("a/two.test.yaml", "not: a rule\n");
  folder.put(".hidden/three.yaml", policy("x/three", "true"));
  folder.put("z/again.yaml", policy("x/one", "false"));
  auto book = Rulebook::load({folder.path});
  CHECK(book.policies().size() == 2);
  CHECK(book.find("x/one").size() == 1);
  CHECK(book.find("other/1").size() == 2);
  CHECK(book.find("x/three").empty());
  REQUIRE(book.mistakes().size() == 1);
  CHECK(book.mistakes()[0].what.find("is taken by") != std::string::npos);
}

TEST_CASE("a rule with a mistake is told and does not keep the others from loading") {
  Folder folder;
  folder.put("bad.yaml", policy("x/bad", "nothing.here"));
  folder.put("good.yaml", policy("x/good", "true"));
  folder.put("odd.yaml", "kind: Pod\n---\n- 1\n");
  auto book = Rulebook::load({folder.path});
  CHECK(book.find("x/good").size() == 1);
  CHECK(book.mistakes().size() == 3);
}

TEST_CASE("policies judge: verdict, message and the fields that decided") {
  auto fails = judged(policy("x/tag", "object.spec.containers.all(c, c.image.contains(':'))"), pod);
  CHECK(fails.verdict == "fail");
  CHECK(fails.message == "wrong");
  CHECK(fails.paths == std::vector<std::string>{"object.spec.containers[1].image"});
  CHECK(judged(policy("x/name", "object.metadata.name == 'web'"), pod).verdict == "pass");
  CHECK(judged(policy("x/undecided", "object.spec.nodeName == 'n'"), pod).verdict == "undetermined");
  CHECK(judged(policy("x/condition", "false",
                      "  matchConditions: [{name: c, expression: \"object.metadata.name == 'x'\"}]\n"),
               pod)
            .verdict == "not_applicable");
  CHECK(judged(
            policy(
                "x/variable", "variables.bad.size() == 0",
                "  variables: [{name: bad, expression: \"variables.containers.filter(c, !c.image.contains(':'))\"}]\n"),
            pod)
            .verdict == "fail");
}
