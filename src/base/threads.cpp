#include "base/threads.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace seawall {

unsigned processor_count() { return std::max(1U, std::thread::hardware_concurrency()); }

void parallel_for(std::size_t count, unsigned workers, const std::function<void(std::size_t)>& action) {
  std::atomic<std::size_t> next{0};
  auto work = [&] {
    for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) action(i);
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min<std::size_t>(workers, count); ++i) helpers.emplace_back(work);
  work();
}

}  // namespace seawall
