// Files of trees that others may change while we read: opened without following a link, read as they were once.
// Threads: a Directory may be shared; an InputFile belongs to one thread at a time.
// Owns: its descriptor; a FileSnapshot its bytes.
// Fails: not_found, denied, invalid (not a regular file; a link on the way or a way out of the directory), exhausted
// (limit reached, temporary disk full), unavailable (I/O).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/detail/descriptor.h"
#include "base/files.h"
#include "base/result.h"

namespace seawall {

// A directory held open: what lies below it is reached through it, whatever becomes of its name and of those below.
class Directory {
 public:
  static Result<Directory> open(const std::string& path);
  int descriptor() const noexcept { return descriptor_.get(); }

 private:
  explicit Directory(detail::Descriptor d) : descriptor_(std::move(d)) {}
  detail::Descriptor descriptor_;
};

struct SnapshotLimits {
  std::uint64_t memory;  // larger files are copied to an unlinked temporary file
  std::uint64_t file;    // larger ones are `exhausted`
  std::string temporary_directory = {};
};

// The bytes of a file as they were when they were copied. A mapping of the file itself would change under its reader
// and fault (SIGBUS) when somebody cuts the file; this can't.
class FileSnapshot {
 public:
  explicit FileSnapshot(std::string bytes) : bytes_(std::move(bytes)) {}
  explicit FileSnapshot(MappedFile copy) : copy_(std::move(copy)) {}
  std::string_view view() const noexcept { return copy_ ? copy_->view() : std::string_view(bytes_); }

 private:
  std::string bytes_;
  std::optional<MappedFile> copy_;
};

class InputFile {
 public:
  // Does not wait (a pipe without a writer would hold us forever) and refuses what is no regular file.
  static Result<InputFile> open(const std::string& path);
  // By its path within the directory. No part of it may be a symbolic link, and none may lead out.
  static Result<InputFile> open_below(const Directory&, const std::string& path);

  int descriptor() const noexcept { return descriptor_.get(); }
  std::uint64_t size() const noexcept { return size_; }  // when it was opened, as the system states it
  // Up to `most` bytes from the start.
  Result<std::string> head(std::uint64_t most) const;
  // All of it; what is longer than `limit` is `exhausted`.
  Result<std::string> read(std::uint64_t limit) const;
  Result<FileSnapshot> snapshot(const SnapshotLimits&) const;

 private:
  InputFile(detail::Descriptor d, std::string name, std::uint64_t size)
      : descriptor_(std::move(d)), name_(std::move(name)), size_(size) {}
  friend class PartialCopy;
  static Result<InputFile> regular(detail::Descriptor, std::string name);
  Result<FileSnapshot> copy(const SnapshotLimits&) const;

  detail::Descriptor descriptor_;
  std::string name_;  // for messages
  std::uint64_t size_;
};

// A large file of which only some parts matter: as long as the file, zeros where nothing was fetched. What was fetched
// stays as it was, as in a FileSnapshot.
class PartialCopy {
 public:
  // `file` outlives it; `exhausted` where that is longer than `limits.file`.
  static Result<PartialCopy> of(const InputFile& file, const SnapshotLimits& limits);
  std::string_view view() const noexcept { return mapped_.view(); }
  // Fetches a part of view(). Where the file has been cut meanwhile, zeros stay.
  Result<> fetch(std::string_view part);

 private:
  PartialCopy(const InputFile& file, UnlinkedFile copy, MappedFile mapped)
      : file_(&file), copy_(std::move(copy)), mapped_(std::move(mapped)) {}
  const InputFile* file_;
  UnlinkedFile copy_;
  MappedFile mapped_;
};

}  // namespace seawall
