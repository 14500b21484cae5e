#include "model/exceptions.h"

#include <doctest/doctest.h>

#include "codec/yaml.h"

using namespace seawall;
using namespace seawall::model;

namespace {

const Instant now = *parse_instant("2024-06-15");

Result<Exceptions> from_yaml(std::string_view text) {
  auto document = codec::parse_yaml(text);
  REQUIRE(document);
  return Exceptions::parse(document->root());
}

Finding openssl() {
  Finding f;
  f.id = "CVE-2024-0001";
  f.aliases = {"GHSA-aaaa-bbbb-cccc"};
  f.package.name = "openssl";
  f.package.locations = {{.path = "app/vendor/a"}, {.path = "app/vendor/b/c"}};
  f.purl = "pkg:deb/debian/openssl@3.0.1?arch=amd64";
  return f;
}

TargetInfo image() {
  TargetInfo t;
  t.name = "registry.example/team/app:1";
  return t;
}

}  // namespace

TEST_CASE("a rule silences what all of its scopes fit") {
  struct Case {
    std::string_view rule;
    bool fits;
  };
  constexpr Case cases[] = {
      {"- {reason: r, id: CVE-2024-0001}", true},
      {"- {reason: r, id: ghsa-AAAA-bbbb-cccc}", true},
      {"- {reason: r, id: [CVE-1-1, CVE-2024-*]}", true},
      {"- {reason: r, id: CVE-2023-*}", false},
      {"- {reason: r, package: open*}", true},
      {"- {reason: r, id: CVE-2024-0001, package: libressl}", false},
      {"- {reason: r, purl: 'pkg:deb/debian/openssl@*'}", true},
      {"- {reason: r, path: app/vendor/**}", true},
      {"- {reason: r, path: /app/vendor/**}", true},
      {"- {reason: r, path: app/vendor/a}", false},
      {"- {reason: r, id: CVE-2024-0001, image: 'registry.example/team/*'}", true},
      {"- {reason: r, id: CVE-2024-0001, image: 'registry.example/other/*'}", false},
      {"- {reason: r, id: CVE-2024-0001, until: 2024-06-15}", true},
      {"- {reason: r, id: CVE-2024-0001, until: 2024-06-14}", false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.rule);
    auto rules = from_yaml(c.rule);
    REQUIRE(rules);
    CHECK(rules->match(openssl(), image(), now).has_value() == c.fits);
  }
}

TEST_CASE("wrong rules are named by number and key") {
  struct Case {
    std::string_view rules, named;
  };
  constexpr Case cases[] = {
      {"- {id: CVE-1}", "rule 1: reason"},
      {"- {id: CVE-1, reason: ''}", "rule 1: reason"},
      {"- {reason: r, image: x}", "rule 1: id"},
      {"- {id: CVE-1, reason: r}\n- {id: CVE-1, reason: r, untill: 2024-01-01}", "rule 2: untill"},
      {"- {id: CVE-1, reason: r, until: soon}", "rule 1: until"},
      {"- {id: {a: b}, reason: r}", "rule 1: id"},
      {"- {id: [[a]], reason: r}", "rule 1: id"},
      {"- CVE-1", "rule 1: "},
      {"id: CVE-1", "ignore: wants a list"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.rules);
    auto rules = from_yaml(c.rules);
    REQUIRE_FALSE(rules);
    CHECK(rules.error().code == Code::invalid);
    CHECK(rules.error().what.find(c.named) != std::string::npos);
  }
}

TEST_CASE("applied rules move findings, warn of their end and are audited") {
  auto rules = from_yaml(
      "- {id: CVE-2024-0001, reason: not reachable, owner: team, until: 2024-06-18}\n"
      "- {id: CVE-2024-*, reason: old, until: 2024-01-01}\n"
      "- {id: CVE-1999-1, reason: unused}\n");
  REQUIRE(rules);
  Report report;
  report.target = image();
  report.findings = {openssl(), openssl()};
  report.findings[1].id = "CVE-2024-0002";
  report.findings[1].aliases.clear();
  rules->apply(report, now);
  REQUIRE(report.findings.size() == 1);
  REQUIRE(report.ignored.size() == 1);
  CHECK(report.ignored[0].id == "CVE-2024-0001");
  CHECK(report.ignored[0].ignored_by.find("not reachable") != std::string::npos);
  REQUIRE(report.notices.size() == 2);
  CHECK(report.notices[0].level == Notice::Level::info);
  CHECK(report.notices[1].level == Notice::Level::warning);
  auto audit = rules->audit(now);
  REQUIRE(audit.size() == 3);
  using State = Exceptions::AuditLine::State;
  CHECK(audit[0].state == State::used);
  CHECK(audit[1].state == State::expired);
  CHECK(audit[1].matched == 2);
  CHECK(audit[2].state == State::unused);

  Report second;
  rules->apply(second, now);
  CHECK(second.notices.empty());  // told once a run
}

TEST_CASE("no list is no rules") {
  auto rules = from_yaml("");
  REQUIRE(rules);
  CHECK(rules->rules().empty());
}

namespace {

ObjectResults deployment(const RuleInfo& rule) {
  ObjectResults made{{"apps/v1", "Deployment", "shop", "web"}, {"./deploy/app.yaml", 1, 1}, {}};
  made.results.push_back({.rule = &rule, .binding = {}, .verdict = Verdict::fail});
  return made;
}

}  // namespace

TEST_CASE("an exception for policies silences the results that all of its scopes fit") {
  struct Case {
    std::string_view rule;
    bool fits;
  };
  constexpr Case cases[] = {
      {"rule: workload/privileged", true},
      {"rule: workload/*", true},
      {"rule: TRIVY/ksv-0017", true},
      {"rule: workload/other", false},
      {"rule: [workload/other, workload/privileged]", true},
      {"object: Deployment/shop/web", true},
      {"object: deployment/web", true},
      {"object: '*/shop/*'", true},
      {"object: Deployment/prod/web", false},
      {"namespace: sh*", true},
      {"namespace: prod", false},
      {"{rule: workload/privileged, namespace: prod}", false},
      {"{rule: '**', path: deploy/**}", true},
      {"{rule: '**', path: legacy/**}", false},
      {"id: workload/privileged", false},
      {"{rule: workload/privileged, until: 2024-06-14}", false},
      {"{rule: workload/privileged, until: 2024-06-15}", true},
  };
  RuleInfo info{.id = "workload/privileged", .title = {}, .description = {}, .remedy = {}};
  info.known_as = {"trivy/KSV-0017"};
  for (const auto& each : cases) {
    CAPTURE(each.rule);
    auto text = std::string(each.rule);
    text = text.starts_with('{') ? text.insert(1, "reason: known, ") : "{reason: known, " + text + "}";
    auto exceptions = from_yaml("- " + text);
    REQUIRE(exceptions);
    std::vector<ObjectResults> objects{deployment(info)};
    (void)exceptions->apply(objects, now);
    CHECK(objects.front().results.front().exempted.empty() != each.fits);
    CHECK(objects.front().results.front().counts() != each.fits);
  }
}

TEST_CASE("exceptions for policies and for findings do not mix, and tell of their own ends") {
  CHECK_FALSE(from_yaml("- {reason: r, rule: a/b, id: CVE-1}"));
  CHECK_FALSE(from_yaml("- {reason: r, object: web}"));
  CHECK_FALSE(from_yaml("- {rule: a/b}"));
  auto exceptions =
      from_yaml("- {reason: r, rule: a/b, until: 2024-01-01}\n- {reason: r, id: CVE-1, until: 2024-01-01}");
  REQUIRE(exceptions);
  std::vector<ObjectResults> none;
  auto notices = exceptions->apply(none, now);
  REQUIRE(notices.size() == 1);
  CHECK(notices.front().level == Notice::Level::warning);
}
