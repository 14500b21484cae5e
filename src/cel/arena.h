// Memory of one compilation or one evaluation: handed out in a line, given back all at once.
//
// Threads: one object, one thread. Owns: everything handed out, until reset() or its end.
// Limits: the budget given; past it allocate() gives null, and whoever asked says so.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace seawall::cel {

class Arena {
 public:
  explicit Arena(std::size_t budget = std::size_t{64} << 20) : budget_(budget) {}
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;

  // Aligned for anything of ours; null past the budget.
  void* allocate(std::size_t bytes) noexcept {
    bytes = (bytes + alignment - 1) & ~(alignment - 1);
    if (bytes > static_cast<std::size_t>(end_ - next_) || next_ == nullptr) return grow(bytes);
    void* given = next_;
    next_ += bytes;
    return given;
  }
  template <class T>
  T* array(std::size_t count) noexcept {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= alignment);
    if (count > budget_ / sizeof(T)) return nullptr;
    auto* memory = static_cast<T*>(allocate(count * sizeof(T)));
    if (memory) std::uninitialized_default_construct_n(memory, count);
    return memory;
  }
  template <class T>
  T* make(const T& value) noexcept {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= alignment);
    void* memory = allocate(sizeof(T));
    return memory ? new (memory) T(value) : nullptr;
  }
  // A copy of the text; empty with data() == nullptr past the budget.
  std::string_view copy(std::string_view text) noexcept {
    auto* memory = static_cast<char*>(allocate(text.size()));
    if (!memory) return {};
    if (!text.empty()) std::memcpy(memory, text.data(), text.size());
    return {memory, text.size()};
  }
  // Everything handed out becomes invalid; the memory is kept for the next use.
  void reset() noexcept {
    if (next_ != start_) rewind();
  }
  std::size_t budget() const noexcept { return budget_; }

 private:
  static constexpr std::size_t alignment = 16;
  struct Chunk {
    std::unique_ptr<char[]> memory;
    std::size_t size;
  };
  void* grow(std::size_t bytes) noexcept;
  void rewind() noexcept;
  void enter(const Chunk& chunk) noexcept;

  char* start_ = nullptr;  // of the first chunk
  char* next_ = nullptr;
  char* end_ = nullptr;
  std::size_t budget_;
  std::size_t held_ = 0;     // in all chunks
  std::size_t current_ = 0;  // chunk in use
  std::vector<Chunk> chunks_;
};

}  // namespace seawall::cel
