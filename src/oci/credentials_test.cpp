#include "oci/credentials.h"

#include <doctest/doctest.h>

using namespace seawall;
using namespace seawall::oci;

namespace {

// "YW5uOnBhc3M=" is "ann:pass", "Ym9iOnA6cQ==" is "bob:p:q".
constexpr std::string_view config = R"({
  "auths": {
    "https://index.docker.io/v1/": {"auth": "YW5uOnBhc3M="},
    "ghcr.io": {"auth": "Ym9iOnA6cQ=="},
    "ghcr.io/team": {"username": "team", "password": "t"},
    "ghcr.io/team/app": {"username": "app", "password": "a"},
    "acr.example": {"auth": "YW5uOg==", "identitytoken": "id"},
    "raw.example": {"registrytoken": "bearer"},
    "https://old.example:5000/v2/": {"auth": "YW5uOnBhc3M="},
    "empty.example": {}
  },
  "credHelpers": {"helped.example": "test", "gone.example": "missing"}
})";

Result<std::string> helper(const std::string& name, const std::string& server) {
  if (name == "missing") return fail(Code::not_found, "no such program");
  if (name == "broken") return fail(Code::denied, "exit code 1");
  if (server == "token.example") return R"({"Username":"<token>","Secret":"id2"})";
  return R"({"Username":"helped","Secret":"for )" + server + "\"}";
}

std::string found(std::string_view json, std::string_view registry, std::string_view repository = "x/y") {
  auto result = credentials_in(json, registry, repository, helper);
  if (!result) return "error " + std::string(text(result.error().code));
  if (!*result) return "none";
  auto& c = **result;
  if (!c.registry_token.empty()) return "bearer " + c.registry_token;
  if (!c.identity_token.empty()) return "identity " + c.identity_token;
  return c.user + ":" + c.password;
}

}  // namespace

TEST_CASE("docker's config gives each registry its credentials") {
  struct Case {
    std::string_view registry, repository, gets;
  };
  constexpr Case cases[] = {
      {"docker.io", "library/alpine", "ann:pass"},
      {"ghcr.io", "else/x", "bob:p:q"},
      {"ghcr.io", "team/other", "team:t"},
      {"ghcr.io", "team/app", "app:a"},
      {"ghcr.io", "team/app/deep", "app:a"},
      {"ghcr.io", "team/apple", "team:t"},
      {"ghcr.io", "teams/x", "bob:p:q"},
      {"acr.example", "x", "identity id"},
      {"raw.example", "x", "bearer bearer"},
      {"old.example:5000", "x", "ann:pass"},
      {"old.example", "x", "none"},
      {"empty.example", "x", "none"},
      {"unknown.example", "x", "none"},
      {"helped.example", "x", "helped:for helped.example"},
      {"gone.example", "x", "none"},
  };
  for (auto& c : cases) {
    CAPTURE(c.registry);
    CAPTURE(c.repository);
    CHECK(found(config, c.registry, c.repository) == c.gets);
  }
}

TEST_CASE("a credentials store is asked for every registry, docker.io by its first name") {
  constexpr std::string_view store = R"({"credsStore":"desktop","auths":{"a.example":{}}})";
  CHECK(found(store, "a.example") == "helped:for a.example");
  CHECK(found(store, "docker.io") == "helped:for https://index.docker.io/v1/");
  CHECK(found(store, "token.example") == "identity id2");
  CHECK(found(R"({"credsStore":"broken"})", "a.example") == "error denied");
}

TEST_CASE("malformed config files are errors, not anonymous access") {
  CHECK(found("", "a.example") == "error invalid");
  CHECK(found("{", "a.example") == "error invalid");
  CHECK(found(R"({"auths":{"a.example":{"auth":"%%%"}}})", "a.example") == "error invalid");
  CHECK(found(R"({"auths":{"a.example":{"auth":"YW5u"}}})", "a.example") == "error invalid");
  CHECK(found(R"({"credsStore":"../../bin/sh"})", "a.example") == "error invalid");
  CHECK(found("[]", "a.example") == "none");
  CHECK(found(R"({"auths":[1,2],"credHelpers":"x"})", "a.example") == "none");
}
