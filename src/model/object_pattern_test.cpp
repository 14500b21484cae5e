#include "model/object_pattern.h"

#include <doctest/doctest.h>

using namespace seawall;
using namespace seawall::model;

TEST_CASE("objects are skipped by kind, namespace and name, rules by every id they have") {
  const ObjectRef web{"apps/v1", "Deployment", "shop", "web"}, role{"v1", "ClusterRole", "", "web"},
      shop{"v1", "Namespace", "", "shop"};
  struct Case {
    std::string_view pattern;
    bool web, role, shop, rule;
  };
  constexpr Case cases[] = {
      {"Deployment/shop/web", true, false, false, false},
      {"deployment/web", true, false, false, false},
      {"*/web", true, true, false, false},
      {"*/shop/*", true, false, false, false},
      {"namespace/shop", true, false, true, false},
      {"namespace/sh?p", true, false, true, false},
      {"Namespace/shop", false, false, true, false},
      {"rule/workload/privileged", false, false, false, true},
      {"rule/workload/*", false, false, false, true},
      {"rule/trivy/KSV-0017", false, false, false, true},
      {"rule/workload", false, false, false, false},
  };
  for (const auto& each : cases) {
    CAPTURE(each.pattern);
    auto list = SkipList::parse({std::string(each.pattern)});
    REQUIRE(list);
    CHECK(list->unused().size() == 1);
    CHECK(list->skips(web) == each.web);
    CHECK(list->skips(role) == each.role);
    CHECK(list->skips(shop) == each.shop);
    CHECK(list->skips_rule("workload/privileged", {"trivy/KSV-0017"}) == each.rule);
    CHECK(list->unused().empty() == (each.web || each.role || each.shop || each.rule));
  }
}

TEST_CASE("what is no pattern is refused") {
  for (std::string_view text : {"", "web", "/web", "Deployment/", "Deployment//web", "a/b/c/d"}) {
    CAPTURE(text);
    auto list = SkipList::parse({std::string(text)});
    REQUIRE_FALSE(list);
    CHECK(list.error().code == Code::invalid);
  }
}
