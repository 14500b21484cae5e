// Zip in memory (or mapped), by its central directory; stored and deflated members, zip64, a prefix before the
// archive (self-executing jars).
// Threads: reading members from several threads is safe. Owns: nothing; the bytes outlive it.
// Limits: entries, the size asked for at each read (checked against what really comes out), and what all reads give
// together, because entries may overlap.
// Fails: corrupt, exhausted, unsupported (encryption, other methods).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace seawall::archive {

struct ZipEntry {
  std::string path;  // as written, '/'-separated
  std::uint64_t size = 0, packed_size = 0;
  std::uint64_t offset = 0;  // of the local header
  std::uint16_t method = 0, flags = 0;
  std::uint32_t checksum = 0;  // CRC-32 of the content
};

class ZipReader {
 public:
  static Result<ZipReader> open(std::string_view bytes, std::size_t max_entries = 200'000,
                                std::uint64_t max_output = std::uint64_t{4} << 30);
  ZipReader(ZipReader&&) noexcept;
  ZipReader& operator=(ZipReader&&) noexcept;
  ~ZipReader();
  const std::vector<ZipEntry>& entries() const noexcept;
  Result<std::string> read(const ZipEntry&, std::size_t limit) const;

 private:
  ZipReader();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seawall::archive
