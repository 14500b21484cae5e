#include "cel/arena.h"

#include <algorithm>

namespace seawall::cel {

constexpr std::size_t first_chunk = 4096;

void Arena::enter(const Chunk& chunk) noexcept {
  next_ = chunk.memory.get();
  end_ = next_ + chunk.size;
}

void* Arena::grow(std::size_t bytes) noexcept {
  // A kept chunk that is large enough comes first.
  while (current_ + 1 < chunks_.size()) {
    enter(chunks_[++current_]);
    if (bytes <= chunks_[current_].size) return allocate(bytes);
  }
  if (bytes > budget_ - held_) return nullptr;
  auto size = std::min(std::max({bytes, first_chunk, held_}), budget_ - held_);
  chunks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
  held_ += size;
  current_ = chunks_.size() - 1;
  start_ = chunks_.front().memory.get();
  enter(chunks_.back());
  return allocate(bytes);
}

void Arena::rewind() noexcept {
  current_ = 0;
  enter(chunks_.front());
}

}  // namespace seawall::cel
