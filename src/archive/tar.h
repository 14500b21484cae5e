// Tar (v7, ustar, star, pax, GNU; sparse files of all four kinds) front to back.
//
// Reads exactly what Go's archive/tar reads, and fails where that fails: container runtimes unpack layers with it, so
// an archive that another reader understands differently could hide files from us. Paths come out cleaned as text, as
// runtimes do it: no leading '/', no "." or empty parts, "a/../b" is "b". An entry whose path climbs above the root, is
// longer than the limit or empty is not given; it is counted in `rejected`. The root directory itself is left out.
// The archive ends at its end mark; what the source holds behind that is for the caller to read (digests).
// Threads: one reader, one thread. Owns: nothing; the source outlives it.
// Limits: see TarLimits; an extended header may have 1 MiB, a sparse map 2^20 parts. Fails: corrupt, exhausted.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/stream.h"

namespace seawall::archive {

enum class EntryKind : unsigned char { file, directory, symlink, hardlink, other };

struct TarEntry {
  std::string path;
  EntryKind kind = EntryKind::other;
  std::uint64_t size = 0;  // as a program would see it; a claim until read
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
  // Content of the current entry: whole (exhausted where longer than limit; may then be read bit by bit) ...
  Result<std::string> content(std::size_t limit);
  // ... or bit by bit; 0 at its end. Holes of sparse files are zeros.
  Result<std::size_t> read(std::span<char>);
  std::uint64_t rejected() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Writes a plain pax/ustar archive in memory; same calls, same bytes: all entries have one time, and root as owner.
class TarWriter {
 public:
  explicit TarWriter(std::int64_t modified = 0);
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
