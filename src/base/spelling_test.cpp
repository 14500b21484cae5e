#include "base/spelling.h"

#include <doctest/doctest.h>

using namespace seawall;

namespace {

const std::vector<std::string_view> known{"workload/privileged", "workload/host-ports", "rbac/wildcard-verbs",
                                          "trivy/KSV-0017",      "polaris/host-port",   "default"};

struct Case {
  std::string_view name, typed, first;
};
constexpr Case cases[] = {
    {"a letter left out", "workload/priviledged", "workload/privileged"},
    {"two letters exchanged", "workload/privileegd", "workload/privileged"},
    {"the set left out", "privileged", "workload/privileged"},
    {"the wrong set", "polaris/wildcard-verbs", "rbac/wildcard-verbs"},
    {"another case", "trivy/ksv-0017", "trivy/KSV-0017"},
    {"the whole name counts more than its end", "workload/host-port", "workload/host-ports"},
    {"a set", "defautl", "default"},
    {"short names have to be nearer", "zzz", ""},
    {"nothing like it", "something-else-altogether", ""},
    {"no letters", "", ""},
};

}  // namespace

TEST_CASE("the nearest name is the one that was meant") {
  for (const auto& each : cases) {
    CAPTURE(each.name);
    auto names = nearest_names(each.typed, known);
    CHECK((names.empty() ? "" : names.front()) == each.first);
  }
}

TEST_CASE("suggestions read as a question") {
  CHECK(did_you_mean("privileged", known) == " Did you mean 'workload/privileged'?");
  CHECK(did_you_mean("host-ports", known) == " Did you mean 'workload/host-ports' or 'polaris/host-port'?");
  CHECK(did_you_mean("zzzzzzzzz", known).empty());
}
