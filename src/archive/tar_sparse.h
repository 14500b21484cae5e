// Where the bytes of a sparse file lie: GNU's four ways to say it. Inside the room only.
#pragma once

#include <optional>
#include <string_view>

#include "archive/buffered_input.h"
#include "archive/tar_pax.h"

namespace seawall::archive {

enum class SparseForm : unsigned char { none, in_records, in_content };
SparseForm sparse_form(const PaxSparse&) noexcept;

// Pax versions 0.0 and 0.1: numbers of the records.
Result<SparseMap> sparse_map_of_records(const PaxSparse&);
// Pax version 1.0: decimal lines at the front of the content, padded to whole blocks; takes them from `size`.
Result<SparseMap> read_sparse_map_in_content(BufferedInput&, std::uint64_t& size);
// Type 'S': in the header block and blocks behind it; also gives the real size.
struct OldGnuSparse {
  SparseMap map;
  std::uint64_t real_size = 0;
};
Result<OldGnuSparse> read_old_gnu_sparse(std::string_view header_block, BufferedInput&);

// Parts in order, apart, and inside the file.
bool is_valid(const SparseMap&, std::uint64_t real_size) noexcept;

}  // namespace seawall::archive
