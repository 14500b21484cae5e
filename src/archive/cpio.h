// cpio archives in the "new ASCII" format (rpm payloads, initramfs), front to back.
// Paths come out as those of tar do: cleaned, inside the root, else counted in `rejected`.
// Threads: one reader, one thread. Owns: nothing; the source outlives it.
// Limits: see CpioLimits. Fails: corrupt, exhausted, unsupported (older formats, rpm's stripped one).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "archive/tar.h"
#include "base/stream.h"

namespace seawall::archive {

struct CpioEntry {
  std::string path;
  EntryKind kind = EntryKind::other;  // never hardlink: see `inode`
  std::uint64_t size = 0;             // a claim until read
  std::uint32_t mode = 0;
  std::string link;  // target of a symbolic link as written
  std::int64_t modified = 0;
  // Files of one inode and more than one link are one file; only the last of them carries its content.
  std::uint32_t inode = 0, links = 0;
};

struct CpioLimits {
  std::uint64_t entries = 4'000'000;
};

class CpioReader {
 public:
  explicit CpioReader(Source&, const CpioLimits& = {});
  CpioReader(CpioReader&&) noexcept;
  ~CpioReader();
  // The next entry, nothing at the end. The reference lives until the next call.
  Result<const CpioEntry*> next();
  // Content of the current entry, front to back; the same object for all of them.
  Source& content() noexcept;
  std::uint64_t rejected() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seawall::archive
