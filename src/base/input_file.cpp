#include "base/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/detail/open_below.h"

namespace seawall {

using detail::Descriptor;

namespace {

// Never waits: a pipe without a writer would hold us forever.
constexpr int open_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

// read(2) at a place, again where a signal came between.
ssize_t read_at(int fd, char* data, std::size_t size, std::uint64_t offset) {
  ssize_t got;
  do got = ::pread(fd, data, size, static_cast<off_t>(offset));
  while (got < 0 && errno == EINTR);
  return got;
}

std::unexpected<Error> longer_than(std::uint64_t limit, const std::string& name) {
  return fail(Code::exhausted, name + ": longer than " + std::to_string(limit) + " bytes");
}

}  // namespace

Result<Directory> Directory::open(const std::string& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return std::unexpected(system_error(errno, path));
  return Directory(std::move(fd));
}

Result<InputFile> InputFile::regular(Descriptor fd, std::string name) {
  if (!fd) return std::unexpected(system_error(errno, name));
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) return std::unexpected(system_error(errno, name));
  if (!S_ISREG(status.st_mode)) return fail(Code::invalid, name + ": not a regular file");
  return InputFile(std::move(fd), std::move(name), static_cast<std::uint64_t>(status.st_size));
}

Result<InputFile> InputFile::open(const std::string& path) {
  return regular(Descriptor(::open(path.c_str(), open_flags)), path);
}

Result<InputFile> InputFile::open_below(const Directory& directory, const std::string& path) {
  auto fd = detail::open_below(directory.descriptor(), path, open_flags);
  if (!fd && (errno == ELOOP || errno == EXDEV))
    return fail(Code::invalid, path + ": a symbolic link on the way, or a way out of the tree");
  return regular(std::move(fd), path);
}

// The size that the system states is a hint only: files of /proc state 0, others grow and shrink.
Result<std::string> InputFile::head(std::uint64_t most) const {
  constexpr std::uint64_t step = 64 << 10;
  std::string content;
  bool at_end = false;
  while (!at_end && content.size() < most) {
    auto expected = size_ > content.size() ? size_ - content.size() : 0;
    // One byte more than expected: the read that would find the end is saved for most files.
    auto want = std::min(most - content.size(), content.empty() ? std::max(expected + 1, std::uint64_t{512}) : step);
    auto had = content.size();
    int error = 0;
    content.resize_and_overwrite(had + want, [&](char* data, std::size_t) {
      auto got = read_at(descriptor_.get(), data + had, want, had);
      if (got < 0) error = errno;
      at_end = got <= 0 || (static_cast<std::uint64_t>(got) == expected && expected != 0);
      return had + (got > 0 ? static_cast<std::size_t>(got) : 0);
    });
    if (error != 0) return std::unexpected(system_error(error, name_));
  }
  return content;
}

Result<std::string> InputFile::read(std::uint64_t limit) const {
  if (size_ > limit) return longer_than(limit, name_);
  auto content = SW_TRY(head(limit == UINT64_MAX ? limit : limit + 1));
  if (content.size() > limit) return longer_than(limit, name_);
  return content;
}

Result<FileSnapshot> InputFile::snapshot(const SnapshotLimits& limits) const {
  if (size_ > limits.file) return longer_than(limits.file, name_);
  if (size_ > limits.memory) return copy(limits);
  auto content = read(limits.memory);
  if (content) return FileSnapshot(std::move(*content));
  // Grown since it was opened.
  if (content.error().code == Code::exhausted && limits.memory < limits.file) return copy(limits);
  return std::unexpected(std::move(content.error()));
}

Result<FileSnapshot> InputFile::copy(const SnapshotLimits& limits) const {
  auto to = SW_TRY(UnlinkedFile::create(limits.temporary_directory));
  std::string buffer(256U << 10, '\0');
  for (;;) {
    auto got = read_at(descriptor_.get(), buffer.data(), buffer.size(), to.size());
    if (got < 0) return std::unexpected(system_error(errno, name_));
    if (got == 0) break;
    if (to.size() + static_cast<std::uint64_t>(got) > limits.file) return longer_than(limits.file, name_);
    SW_TRY(to.append(std::string_view(buffer).substr(0, static_cast<std::size_t>(got))));
  }
  return FileSnapshot(SW_TRY(to.map()));
}

Result<PartialCopy> PartialCopy::of(const InputFile& file, const SnapshotLimits& limits) {
  if (file.size() > limits.file) return longer_than(limits.file, file.name_);
  auto copy = SW_TRY(UnlinkedFile::create(limits.temporary_directory));
  SW_TRY(copy.extend(file.size()));
  auto mapped = SW_TRY(copy.map());
  return PartialCopy(file, std::move(copy), std::move(mapped));
}

Result<> PartialCopy::fetch(std::string_view part) {
  auto at = static_cast<std::uint64_t>(part.data() - view().data());
  std::string buffer;
  for (auto left = part.size(); left > 0;) {
    buffer.resize(std::min<std::size_t>(left, 256U << 10));
    auto got = read_at(file_->descriptor(), buffer.data(), buffer.size(), at);
    if (got < 0) return std::unexpected(system_error(errno, file_->name_));
    if (got == 0) break;
    SW_TRY(copy_.write_at(at, std::string_view(buffer).substr(0, static_cast<std::size_t>(got))));
    at += static_cast<std::uint64_t>(got);
    left -= static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace seawall
