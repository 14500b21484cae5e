// Files by path: bounded reads, whole writes, mapped and unlinked temporary files, directory listing.
// Threads: free functions are safe; each object belongs to one thread at a time.
// Fails: not_found, denied, exhausted (limit reached, disk full), invalid (not a regular file), unavailable (I/O).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace seawall {

// Whole content of a regular file; `exhausted` where it is longer than `limit` bytes.
Result<std::string> read_file(const std::string& path, std::uint64_t limit);
// Up to `limit` bytes from the start.
Result<std::string> read_head(const std::string& path, std::uint64_t limit);
// Whether what was written must outlast a power failure; waiting for the disk takes milliseconds.
enum class Durable : bool { no, yes };
// The one way in which content gets to a path that somebody names:
// - a regular file or none yet: written beside, then renamed; readers see the old or the new content, never a part;
// - a symbolic link: stays, and so is done with what it points to, which need not exist;
// - a device, a pipe or an open descriptor (/dev/stdout): written where it stands, never replaced.
// The error names the path and what can be done.
Result<> write_file(const std::string& path, std::string_view content, unsigned mode = 0644, Durable = Durable::yes);

Result<> make_directories(const std::string& path, unsigned mode = 0755);
Result<> remove_file(const std::string& path);

enum class FileKind : unsigned char { regular, directory, symlink, other };
struct FileStatus {
  FileKind kind = FileKind::other;
  std::uint64_t size = 0;
  std::uint32_t mode = 0;
  std::uint64_t device = 0, inode = 0;
  std::int64_t modified = 0;  // seconds since 1970
};
enum class Links : bool { as_they_are, followed };
Result<FileStatus> status_of(const std::string& path, Links = Links::as_they_are);
bool exists(const std::string& path);
// Names in a directory, sorted; "." and ".." left out.
Result<std::vector<std::string>> list_directory(const std::string& path);
Result<std::string> read_link(const std::string& path);

// A read-only mapping of a whole file. Its view lives as long as the object. Only for files that nobody cuts (our own,
// replaced by rename): reading past a new end faults. base/input_file.h is for all others.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path);
  // Maps an open descriptor (which may be closed afterwards).
  static Result<MappedFile> of_descriptor(int fd, std::uint64_t size);
  MappedFile(MappedFile&&) noexcept;
  MappedFile& operator=(MappedFile&&) noexcept;
  MappedFile(const MappedFile&) = delete;
  ~MappedFile();
  std::string_view view() const noexcept { return {data_, size_}; }

 private:
  MappedFile() = default;
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

// A temporary file that has no name: gone with the process, however it ends.
class UnlinkedFile {
 public:
  // In `directory`, or TMPDIR, or /tmp.
  static Result<UnlinkedFile> create(const std::string& directory = {});
  UnlinkedFile(UnlinkedFile&&) noexcept;
  UnlinkedFile& operator=(UnlinkedFile&&) noexcept;
  UnlinkedFile(const UnlinkedFile&) = delete;
  ~UnlinkedFile();
  Result<> append(std::string_view);
  // Makes it longer, with zeros that take no room.
  Result<> extend(std::uint64_t size);
  // Within its size.
  Result<> write_at(std::uint64_t offset, std::string_view);
  std::uint64_t size() const noexcept { return size_; }
  // What is written within its size later is seen, too.
  Result<MappedFile> map() const;

 private:
  UnlinkedFile() = default;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

// An exclusive advisory lock on a lock file (flock); released with the object or the process.
class FileLock {
 public:
  enum class Wait : bool { no, yes };
  // `conflict` where somebody else holds it and Wait::no.
  static Result<FileLock> acquire(const std::string& path, Wait);
  FileLock(FileLock&&) noexcept;
  FileLock& operator=(FileLock&&) noexcept;
  FileLock(const FileLock&) = delete;
  ~FileLock();

 private:
  FileLock() = default;
  int fd_ = -1;
};

// "a/b" + "c" = "a/b/c"; an absolute second part stays inside: "a" + "/c" = "a/c".
std::string path_join(std::string_view, std::string_view);
std::string_view base_name(std::string_view path) noexcept;
std::string_view parent_path(std::string_view path) noexcept;
// Without leading '/', "." and empty parts; ".." climbs, but never above the root ("../../etc" is "etc").
std::string normal_path(std::string_view path);

// Text of errno with the code that fits it.
Error system_error(int error_number, std::string_view what);

}  // namespace seawall
