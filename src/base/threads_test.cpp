#include "base/threads.h"

#include <doctest/doctest.h>

#include <set>
#include <vector>

#include "base/random.h"

namespace seawall {
namespace {

TEST_CASE("every index is visited once, however many workers") {
  for (unsigned workers : {0U, 1U, 2U, 9U}) {
    CAPTURE(workers);
    Guarded<std::multiset<std::size_t>> seen;
    parallel_for(100, workers, [&](std::size_t i) { seen.with([&](auto& set) { set.insert(i); }); });
    seen.with([](const auto& set) {
      CHECK(set.size() == 100);
      CHECK(std::set(set.begin(), set.end()).size() == 100);
    });
  }
  parallel_for(0, 4, [](std::size_t) { FAIL("nothing to do"); });
  CHECK(processor_count() >= 1);
}

TEST_CASE("random bytes are as many as asked for and not the same twice") {
  CHECK(random_bytes(0).empty());
  CHECK(random_bytes(1000).size() == 1000);
  CHECK(random_bytes(16) != random_bytes(16));
}

}  // namespace
}  // namespace seawall
