// A set of values by the language's equality, in an arena: what makes `distinct` and the set functions linear.
#pragma once

#include <cstdint>

#include "cel/arena.h"
#include "cel/value.h"

namespace seawall::cel {

// Equal values have equal hashes: 1, 1u and 1.0 too. Of lists and maps only a bounded part counts.
std::uint64_t hash(const Value& value) noexcept;

class ValueSet {
 public:
  // Room for `capacity` values; is_ready() is false where the arena has none.
  ValueSet(Arena& arena, std::size_t capacity) noexcept;
  bool is_ready() const noexcept { return buckets_ != nullptr; }
  // False where it is there already.
  bool insert(const Value& value) noexcept;
  bool contains(const Value& value) const noexcept;

 private:
  struct Bucket {
    std::uint64_t hash;  // 0: free
    Value value;
  };
  Bucket& bucket_of(const Value& value, std::uint64_t hash) const noexcept;
  Bucket* buckets_ = nullptr;
  std::size_t mask_ = 0;
};

}  // namespace seawall::cel
