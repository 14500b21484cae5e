// A source cut into tar's 512-byte blocks, read in large pieces. Inside the room only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/stream.h"

namespace seawall::archive {

class TarInput {
 public:
  explicit TarInput(Source&);
  // The next block, valid until the next call; empty at the end. Fails: corrupt where the end cuts a block.
  Result<std::string_view> block();
  // Up to the whole buffer; 0 at the end.
  Result<std::size_t> read(std::span<char> buffer);
  // Gives what could not be skipped because the input ended.
  Result<std::uint64_t> skip(std::uint64_t count);

 private:
  Result<bool> fill();

  Source& source_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace seawall::archive
