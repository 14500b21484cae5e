#include "base/stream.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/files.h"

namespace seawall {
namespace {

constexpr std::size_t first_step = 64 << 10;

class FileSource final : public Source {
 public:
  FileSource(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override { ::close(fd_); }

  Result<std::size_t> read(std::span<char> buffer) override {
    ssize_t got = 0;
    do {
      got = ::read(fd_, buffer.data(), buffer.size());
    } while (got < 0 && errno == EINTR);
    if (got < 0) return std::unexpected(system_error(errno, path_));
    return static_cast<std::size_t>(got);
  }

 private:
  std::string path_;
  int fd_;
};

}  // namespace

Result<std::string> read_all(Source& source, std::size_t limit) {
  std::string all;
  std::size_t filled = 0;
  // Room is doubled as bytes arrive, never by what somebody claims; the one byte beyond the limit tells "just fits".
  while (true) {
    if (filled == all.size())
      all.resize(std::min(std::max(first_step, filled * 2), limit < SIZE_MAX ? limit + 1 : limit));
    auto got = SW_TRY(source.read({all.data() + filled, all.size() - filled}));
    if (got == 0) break;
    filled += got;
    if (filled > limit) return fail(Code::exhausted, "longer than " + std::to_string(limit) + " bytes");
  }
  all.resize(filled);
  return all;
}

Result<std::unique_ptr<Source>> open_source(const std::string& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::unexpected(system_error(errno, path));
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::make_unique<FileSource>(path, fd);
}

}  // namespace seawall
