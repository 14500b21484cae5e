#include "oci/detail/seekable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "archive/decompress.h"
#include "base/files.h"

namespace seawall::oci::detail {
namespace {

constexpr std::size_t copy_buffer = std::size_t{1} << 20;

// Reads a file that is borrowed.
class PartSource final : public Source {
 public:
  PartSource(const SeekableFile& file, std::uint64_t offset, std::uint64_t size)
      : file_(file), at_(offset), left_(size) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    auto want = std::min<std::uint64_t>(buffer.size(), left_);
    if (want == 0) return std::size_t{0};
    auto n = SW_TRY(file_.read_at(buffer.first(want), at_));
    if (n == 0) return fail(Code::corrupt, "the archive is cut off");
    at_ += n;
    left_ -= n;
    return n;
  }

 private:
  const SeekableFile& file_;
  std::uint64_t at_, left_;
};

class SharedPart final : public Source {
 public:
  SharedPart(std::shared_ptr<const SeekableFile> file, std::uint64_t offset, std::uint64_t size)
      : file_(std::move(file)), part_(*file_, offset, size) {}
  Result<std::size_t> read(std::span<char> buffer) override { return part_.read(buffer); }

 private:
  std::shared_ptr<const SeekableFile> file_;
  PartSource part_;
};

std::string temporary_directory() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen == nullptr || *chosen == '\0' ? "/tmp" : chosen;
}

Result<int> unlinked_file() {
  auto name = temporary_directory() + "/seawall-XXXXXX";
  int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) return std::unexpected(system_error(errno, name));
  ::unlink(name.c_str());
  return fd;
}

Result<> write_whole(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(system_error(errno, "temporary file"));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const SeekableFile>> SeekableFile::open_plain(const std::string& path) {
  // Non-blocking, so that a named pipe is told by its kind instead of being waited for.
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return std::unexpected(system_error(errno, path));
  std::shared_ptr<SeekableFile> file(new SeekableFile(fd, 0));
  struct stat status{};
  if (::fstat(fd, &status) != 0) return std::unexpected(system_error(errno, path));
  if (!S_ISREG(status.st_mode)) return fail(Code::invalid, path + ": not a regular file");
  file->size_ = static_cast<std::uint64_t>(status.st_size);
  return file;
}

Result<std::shared_ptr<const SeekableFile>> SeekableFile::open(const std::string& path) {
  auto file = SW_TRY(open_plain(path));
  char head[8];
  auto n = SW_TRY(in(path, file->read_at(head, 0)));
  std::string_view magic(head, n);
  if (archive::detect_compression(magic) == archive::Compression::none) return file;
  return in(path, unpacked(*file, magic));
}

Result<std::shared_ptr<const SeekableFile>> SeekableFile::unpacked(const SeekableFile& packed, std::string_view head) {
  std::shared_ptr<SeekableFile> file(new SeekableFile(SW_TRY(unlinked_file()), 0));
  PartSource source(packed, 0, packed.size());
  auto plain = archive::decompress(source, archive::detect_compression(head));
  std::string buffer(copy_buffer, '\0');
  for (;;) {
    auto n = SW_TRY(plain->read(buffer));
    if (n == 0) return file;
    SW_TRY(write_whole(file->fd_, std::string_view(buffer).substr(0, n)));
    file->size_ += n;
  }
}

SeekableFile::~SeekableFile() { ::close(fd_); }

Result<std::size_t> SeekableFile::read_at(std::span<char> buffer, std::uint64_t offset) const {
  std::size_t done = 0;
  while (done < buffer.size()) {
    auto n = ::pread(fd_, buffer.data() + done, buffer.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(system_error(errno, "archive"));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

std::unique_ptr<Source> part_of(std::shared_ptr<const SeekableFile> file, std::uint64_t offset, std::uint64_t size) {
  return std::make_unique<SharedPart>(std::move(file), offset, size);
}

}  // namespace seawall::oci::detail
