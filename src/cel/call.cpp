#include <algorithm>

#include "cel/environment.h"

namespace seawall::cel {

Value Call::fail(ErrorCode code, std::string_view message) noexcept {
  auto kept = arena_->copy(message);
  if (kept.data() == nullptr) return out_of_memory();
  auto* failure = arena_->make(Failure{code, kept});
  return failure ? Value::error(failure) : out_of_memory();
}

Value Call::out_of_memory() noexcept {
  static constexpr Failure failure{ErrorCode::out_of_memory, "memory budget exceeded"};
  return Value::error(&failure);
}

Value Call::string(std::string_view text) noexcept {
  auto kept = arena_->copy(text);
  return kept.data() ? Value::string(kept) : out_of_memory();
}

Value Call::bytes(std::string_view text) noexcept {
  auto kept = arena_->copy(text);
  return kept.data() ? Value::bytes(kept) : out_of_memory();
}

Value Call::list(std::span<const Value> items) noexcept {
  auto* kept = arena_->array<Value>(items.size());
  if (kept == nullptr) return out_of_memory();
  std::copy(items.begin(), items.end(), kept);
  return Value::list(kept, items.size());
}

Value Call::optional(const Value& held) noexcept {
  auto* kept = arena_->make(held);
  return kept ? Value::optional_of(kept) : out_of_memory();
}

}  // namespace seawall::cel
