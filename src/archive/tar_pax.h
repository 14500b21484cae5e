// Records of a pax extended header (POSIX.1-2017 pax, "pax Extended Header") that change what an entry is.
// Inside the room only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace seawall::archive {

struct SparsePart {
  std::uint64_t offset = 0, length = 0;
  std::uint64_t end() const noexcept { return offset + length; }
};
using SparseMap = std::vector<SparsePart>;

// 16 MiB of memory; GNU tar itself writes a map of some thousand parts at most.
constexpr std::size_t max_sparse_parts = 1 << 20;

struct PaxSparse {
  std::string major, minor, name;
  std::optional<std::uint64_t> real_size, parts;
  std::vector<std::uint64_t> numbers;  // offset, length, offset, length ...
};

struct PaxRecords {
  std::string path, link;  // empty: not given
  std::optional<std::int64_t> size, modified;
  PaxSparse sparse;
};

// Fails: corrupt.
Result<PaxRecords> parse_pax(std::string_view body);

}  // namespace seawall::archive
