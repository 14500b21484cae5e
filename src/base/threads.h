// Locks that live with their data, and a loop over several threads.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>

namespace seawall {

// A value that is reached under its lock only:  seen.with([&](auto& set) { set.insert(id); });
template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}
  template <class Action>
  decltype(auto) with(Action&& action) {
    std::lock_guard lock(mutex_);
    return std::forward<Action>(action)(value_);
  }
  template <class Action>
  decltype(auto) with(Action&& action) const {
    std::lock_guard lock(mutex_);
    return std::forward<Action>(action)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

// Processors that this process may use; at least 1.
unsigned processor_count();

// Calls action(0) to action(count - 1), each once, in any order, from up to `workers` threads (the calling one among
// them); returns when all are done.
void parallel_for(std::size_t count, unsigned workers, const std::function<void(std::size_t)>& action);

}  // namespace seawall
