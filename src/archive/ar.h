// Common ar archives (.deb packages) front to back. Names are given as written, without blanks and GNU's closing '/';
// tables of long names, which only linkers use, are not looked into.
// Threads: one reader, one thread. Owns: nothing; the source outlives it.
// Limits: 10,000 members. Fails: corrupt, exhausted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/stream.h"

namespace seawall::archive {

struct ArMember {
  std::string name;
  std::uint64_t size = 0;  // a claim until read
};

class ArReader {
 public:
  explicit ArReader(Source&);
  ArReader(ArReader&&) noexcept;
  ~ArReader();
  // The next member, nothing at the end. The reference lives until the next call.
  Result<const ArMember*> next();
  // Content of the current member, front to back; the same object for all of them.
  Source& content() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seawall::archive
