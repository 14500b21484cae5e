// Tar (ustar, pax, GNU) front to back, by libarchive with only its tar format enabled.
//
// Paths come out normalised: no leading '/', no "." or empty parts. An entry whose path climbs out with ".." or is
// longer than the limit is not given; it is counted in `rejected`. Hard and symbolic link targets are given as text.
// Threads: one reader, one thread. Owns: nothing; the source outlives it.
// Limits: see TarLimits. Fails: corrupt, exhausted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/stream.h"

namespace seawall::archive {

enum class EntryKind : unsigned char { file, directory, symlink, hardlink, other };

struct TarEntry {
  std::string path;
  EntryKind kind = EntryKind::other;
  std::uint64_t size = 0;
  std::uint32_t mode = 0;
  std::string link;  // target of a symbolic link as written; of a hard link normalised
  std::int64_t modified = 0;
};

struct TarLimits {
  std::uint64_t entries = 4'000'000;
  std::size_t path = 4096;
};

class TarReader {
 public:
  explicit TarReader(Source&, const TarLimits& = {});
  TarReader(TarReader&&) noexcept;
  ~TarReader();
  // The next entry, nothing at the end. Content not read is skipped. The reference lives until the next call.
  Result<const TarEntry*> next();
  // Content of the current entry: whole (exhausted where longer than limit) ...
  Result<std::string> content(std::size_t limit);
  // ... or bit by bit.
  Result<std::size_t> read(std::span<char>);
  std::uint64_t rejected() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Writes a plain pax/ustar archive in memory; same calls, same bytes (fixed times and owners unless given).
class TarWriter {
 public:
  TarWriter();
  ~TarWriter();
  TarWriter& directory(std::string_view path, std::uint32_t mode = 0755);
  TarWriter& file(std::string_view path, std::string_view content, std::uint32_t mode = 0644);
  TarWriter& symlink(std::string_view path, std::string_view target);
  TarWriter& hardlink(std::string_view path, std::string_view target);
  std::string finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seawall::archive
