// Streaming decompression with a budget: gzip (ISA-L; many members, so estargz too), zstd (many frames, skippable
// ones too), xz, bzip2.
// Threads: one stream, one thread. Owns: nothing of its input; the inner source outlives it.
// Limits: output bytes, and output per input (bombs), both checked as the stream goes.
// Fails: corrupt (bad or truncated data), exhausted (budget), and what the inner source fails with.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/stream.h"

namespace seawall::archive {

enum class Compression : unsigned char { none, gzip, zstd, xz, bzip2 };

// By magic number; `none` for anything else. Eight bytes are enough.
Compression detect_compression(std::string_view head) noexcept;

struct DecompressLimits {
  std::uint64_t output = std::uint64_t{64} << 30;
  // Output may be at most this many times the input once it exceeds `ratio_from` bytes.
  std::uint64_t ratio = 1100;
  std::uint64_t ratio_from = std::uint64_t{64} << 20;
};

std::unique_ptr<Source> decompress(Source& inner, Compression, const DecompressLimits& = {});

// Whole members in memory.
Result<std::string> decompress_all(std::string_view, Compression, std::size_t limit);
Result<std::string> gzip(std::string_view, int level = 6);
Result<std::string> zstd(std::string_view, int level = 3);

}  // namespace seawall::archive
