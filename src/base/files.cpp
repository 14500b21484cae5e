#include "base/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/detail/descriptor.h"
#include "base/input_file.h"
#include "base/text.h"

namespace seawall {

using detail::Descriptor;

static std::unexpected<Error> system_failure(std::string_view what) {
  return std::unexpected(system_error(errno, what));
}

namespace {

Result<> write_whole(int fd, std::string_view content, std::string_view what) {
  while (!content.empty()) {
    auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_failure(what);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string folder_of(const std::string& path) {
  auto folder = std::string(parent_path(path));
  return folder.empty() ? "." : folder;
}

// Makes a rename in this directory last. Some file systems can't sync a directory; that is no failure of the write.
void sync_directory(const std::string& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) ::fsync(fd.get());
}

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  return path + ".part-" + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1));
}

// What can be done about a file that can't be made or replaced.
std::string_view advice(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return "; its folder must exist";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; a new file is made in its folder, which must be writable: name another folder, or /dev/stdout";
    case EBUSY:
      return "; it is mounted by itself and can't be replaced: mount its folder, or name /dev/stdout";
    case EISDIR:
      return "; name a file in it";
    case ELOOP:
      return "; links point to one another: remove them";
    default:
      return "";
  }
}

std::unexpected<Error> cannot_write(int error_number, const std::string& path) {
  auto error = system_error(error_number, path);
  error.what += advice(error_number);
  return std::unexpected(std::move(error));
}

// Where content for a path goes.
struct Destination {
  std::string path;
  enum class Way : unsigned char { replace, in_place, descriptor } way = Way::replace;
  int descriptor = -1;
};

constexpr unsigned max_links = 40;  // as many as the kernel follows
constexpr long proc_file_system = 0x9fa0;

// A link of /proc leads to what a process has open, whatever its text says: to a file that has lost its name, or to a
// pipe. Our own descriptor is written through, so that what others wrote to it before and write later stays.
Destination through_proc(const std::string& link) {
  struct stat folder{}, own{};
  auto number = to_u64(base_name(link));
  bool is_own = ::stat(folder_of(link).c_str(), &folder) == 0 && ::stat("/proc/self/fd", &own) == 0 &&
                folder.st_dev == own.st_dev && folder.st_ino == own.st_ino;
  if (is_own && number && *number <= INT_MAX)
    return {.path = link, .way = Destination::Way::descriptor, .descriptor = static_cast<int>(*number)};
  return {.path = link, .way = Destination::Way::in_place};
}

bool is_on_proc(const std::string& link) {
  struct statfs system{};
  return ::statfs(folder_of(link).c_str(), &system) == 0 && system.f_type == proc_file_system;
}

// From link to link, to a name that is none or does not exist yet. Step by step, as only so a dangling link has an end.
Result<Destination> destination_of(const std::string& named) {
  auto path = named;
  for (unsigned links = 0; links <= max_links; ++links) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) {
      if (errno == ENOENT) return Destination{.path = path};
      return cannot_write(errno, named);
    }
    if (S_ISDIR(status.st_mode)) return cannot_write(EISDIR, named);
    if (S_ISREG(status.st_mode)) return Destination{.path = path};
    if (!S_ISLNK(status.st_mode)) return Destination{.path = path, .way = Destination::Way::in_place};
    if (is_on_proc(path)) return through_proc(path);
    auto target = SW_TRY(read_link(path));
    path = target.starts_with('/') ? target : path_join(parent_path(path), target);
  }
  return cannot_write(ELOOP, named);
}

Result<> write_in_place(const Destination& to, const std::string& named, std::string_view content) {
  Descriptor fd(to.way == Destination::Way::descriptor ? ::fcntl(to.descriptor, F_DUPFD_CLOEXEC, 0)
                                                       : ::open(to.path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
  if (!fd) return system_failure(named);
  SW_TRY(write_whole(fd.get(), content, named));
  if (::close(fd.release()) != 0) return system_failure(named);
  return {};
}

Result<> write_and_rename(const std::string& path, const std::string& temporary, std::string_view content,
                          unsigned mode, Durable durable) {
  // A leftover of a killed process that had our number may be replaced.
  ::unlink(temporary.c_str());
  Descriptor fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!fd) return cannot_write(errno, path);
  SW_TRY(write_whole(fd.get(), content, path));
  if (durable == Durable::yes && ::fsync(fd.get()) != 0) return system_failure(path);
  if (::close(fd.release()) != 0) return system_failure(path);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return cannot_write(errno, path);
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  return SW_TRY(InputFile::open(path)).read(limit);
}

Result<std::string> read_head(const std::string& path, std::uint64_t limit) {
  return SW_TRY(InputFile::open(path)).head(limit);
}

Result<> write_file(const std::string& path, std::string_view content, unsigned mode, Durable durable) {
  auto to = SW_TRY(destination_of(path));
  if (to.way != Destination::Way::replace) return write_in_place(to, path, content);
  auto temporary = temporary_name(to.path);
  auto done = write_and_rename(to.path, temporary, content, mode, durable);
  if (!done) {
    ::unlink(temporary.c_str());
    return to.path == path ? std::move(done) : in(path, std::move(done));
  }
  if (durable == Durable::yes) sync_directory(folder_of(to.path));
  return {};
}

Result<> make_directories(const std::string& path, unsigned mode) {
  for (std::size_t end = 0; end < path.size();) {
    end = path.find('/', end + 1);
    if (end == std::string::npos) end = path.size();
    auto part = path.substr(0, end);
    if (::mkdir(part.c_str(), mode) == 0) continue;
    auto error = errno;
    struct stat status{};
    // A directory that is there may refuse mkdir with EROFS or EACCES as well as with EEXIST.
    if (::stat(part.c_str(), &status) != 0) return std::unexpected(system_error(error, part));
    if (!S_ISDIR(status.st_mode)) return fail(Code::conflict, part + ": exists and is not a directory");
  }
  return {};
}

Result<> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return system_failure(path);
  return {};
}

Result<FileStatus> status_of(const std::string& path, Links links) {
  struct stat status{};
  if ((links == Links::followed ? ::stat(path.c_str(), &status) : ::lstat(path.c_str(), &status)) != 0)
    return system_failure(path);
  FileStatus out{.size = static_cast<std::uint64_t>(status.st_size),
                 .mode = status.st_mode & 07777U,
                 .device = status.st_dev,
                 .inode = status.st_ino,
                 .modified = status.st_mtim.tv_sec};
  if (S_ISREG(status.st_mode))
    out.kind = FileKind::regular;
  else if (S_ISDIR(status.st_mode))
    out.kind = FileKind::directory;
  else if (S_ISLNK(status.st_mode))
    out.kind = FileKind::symlink;
  return out;
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Result<std::vector<std::string>> list_directory(const std::string& path) {
  std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
  if (!directory) return system_failure(path);
  std::vector<std::string> names;
  errno = 0;
  while (auto* entry = ::readdir(directory.get())) {
    std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return system_failure(path);
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> read_link(const std::string& path) {
  char target[PATH_MAX];
  auto size = ::readlink(path.c_str(), target, sizeof target);
  if (size < 0) return system_failure(path);
  return std::string(target, static_cast<std::size_t>(size));
}

Result<MappedFile> MappedFile::open(const std::string& path) {
  auto file = SW_TRY(InputFile::open(path));
  return in(path, of_descriptor(file.descriptor(), file.size()));
}

Result<MappedFile> MappedFile::of_descriptor(int fd, std::uint64_t size) {
  MappedFile out;
  if (size == 0) return out;  // mmap refuses an empty range
  auto length = static_cast<std::size_t>(size);
  void* data = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, fd, 0);
  if (data == MAP_FAILED) return system_failure("mmap");
  out.data_ = static_cast<const char*>(data);
  out.size_ = length;
  return out;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (size_ != 0) ::munmap(const_cast<char*>(data_), size_);
}

static std::string temporary_directory() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
}

// For file systems without O_TMPFILE: a name for a moment.
static Descriptor create_and_unlink(const std::string& directory) {
  auto name = directory + "/seawall-XXXXXX";
  Descriptor fd(::mkostemp(name.data(), O_CLOEXEC));
  if (fd) ::unlink(name.c_str());
  return fd;
}

Result<UnlinkedFile> UnlinkedFile::create(const std::string& directory) {
  auto place = directory.empty() ? temporary_directory() : directory;
  Descriptor fd(::open(place.c_str(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
  if (!fd && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) fd = create_and_unlink(place);
  if (!fd) return system_failure("temporary file in " + place);
  UnlinkedFile out;
  out.fd_ = fd.release();
  return out;
}

UnlinkedFile::UnlinkedFile(UnlinkedFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), size_(std::exchange(other.size_, 0)) {}

UnlinkedFile& UnlinkedFile::operator=(UnlinkedFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(size_, other.size_);
  return *this;
}

UnlinkedFile::~UnlinkedFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<> UnlinkedFile::append(std::string_view content) {
  SW_TRY(write_whole(fd_, content, "temporary file"));
  size_ += content.size();
  return {};
}

Result<> UnlinkedFile::extend(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return system_failure("temporary file");
  size_ = size;
  return {};
}

Result<> UnlinkedFile::write_at(std::uint64_t offset, std::string_view content) {
  while (!content.empty()) {
    auto written = ::pwrite(fd_, content.data(), content.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_failure("temporary file");
    content.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<MappedFile> UnlinkedFile::map() const { return MappedFile::of_descriptor(fd_, size_); }

Result<FileLock> FileLock::acquire(const std::string& path, Wait wait) {
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!fd) return system_failure(path);
  int locked;
  do locked = ::flock(fd.get(), wait == Wait::yes ? LOCK_EX : LOCK_EX | LOCK_NB);
  while (locked != 0 && errno == EINTR);
  if (locked != 0 && errno == EWOULDBLOCK) return fail(Code::conflict, path + ": locked by another process");
  if (locked != 0) return system_failure(path);
  FileLock out;
  out.fd_ = fd.release();
  return out;
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

Error system_error(int error_number, std::string_view what) {
  const char* description = ::strerrordesc_np(error_number);
  std::string text(what);
  text.append(": ").append(description != nullptr ? description : "unknown error");
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return {Code::not_found, std::move(text)};
    case EACCES:
    case EPERM:
    case EROFS:
      return {Code::denied, std::move(text)};
    case EEXIST:
    case ENOTEMPTY:
    case EBUSY:
      return {Code::conflict, std::move(text)};
    case EISDIR:
    case EINVAL:
    case ELOOP:
    case ENAMETOOLONG:
      return {Code::invalid, std::move(text)};
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return {Code::exhausted, std::move(text)};
    case ETIMEDOUT:
      return {Code::timeout, std::move(text)};
    default:
      return {Code::unavailable, std::move(text)};
  }
}

}  // namespace seawall
