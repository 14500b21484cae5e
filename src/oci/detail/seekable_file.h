// A file that is read by offset, and streams over parts of it; a compressed one is unpacked into an unlinked file
// first. Threads: safe; a stream belongs to one. Owns: its descriptor; streams share it. Fails: not_found, denied,
// invalid (no regular file), exhausted (disk, decompression budget), unavailable.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/stream.h"

namespace seawall::oci::detail {

class SeekableFile {
 public:
  static Result<std::shared_ptr<const SeekableFile>> open(const std::string& path);
  // As it is, compressed or not.
  static Result<std::shared_ptr<const SeekableFile>> open_plain(const std::string& path);
  SeekableFile(const SeekableFile&) = delete;
  ~SeekableFile();
  std::uint64_t size() const noexcept { return size_; }
  // Fills the buffer but for the end of the file.
  Result<std::size_t> read_at(std::span<char>, std::uint64_t offset) const;

 private:
  SeekableFile(int fd, std::uint64_t size) : fd_(fd), size_(size) {}
  static Result<std::shared_ptr<const SeekableFile>> unpacked(const SeekableFile& packed, std::string_view head);
  int fd_;
  std::uint64_t size_;
};

std::unique_ptr<Source> part_of(std::shared_ptr<const SeekableFile>, std::uint64_t offset, std::uint64_t size);

}  // namespace seawall::oci::detail
