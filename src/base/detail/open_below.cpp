#include "base/detail/open_below.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include <cerrno>
#include <string_view>

namespace seawall::detail {

// A link in the place of a folder is ENOTDIR with O_DIRECTORY; openat2 calls it ELOOP, and so do we.
static Descriptor open_folder(int parent, const std::string& name) {
  Descriptor fd(::openat(parent, name.c_str(), O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC));
  if (fd || errno != ENOTDIR) return fd;
  char target[1];
  errno = ::readlinkat(parent, name.c_str(), target, sizeof target) >= 0 ? ELOOP : ENOTDIR;
  return {};
}

Descriptor open_below_by_parts(int directory, const std::string& path, int flags) {
  Descriptor folder;
  std::string_view rest = path;
  for (;;) {
    auto slash = rest.find('/');
    std::string part(rest.substr(0, slash));
    if (part.empty() || part == "..") {
      errno = EXDEV;
      return {};
    }
    int parent = folder ? folder.get() : directory;
    if (slash == std::string_view::npos) return Descriptor(::openat(parent, part.c_str(), flags | O_NOFOLLOW));
    folder = open_folder(parent, part);
    if (!folder) return {};
    rest.remove_prefix(slash + 1);
  }
}

Descriptor open_below(int directory, const std::string& path, int flags) {
  struct open_how how{};
  how.flags = static_cast<unsigned>(flags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  Descriptor fd(static_cast<int>(::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how)));
  // Sandboxes refuse calls that they don't know with EPERM.
  if (!fd && (errno == ENOSYS || errno == EPERM)) return open_below_by_parts(directory, path, flags);
  return fd;
}

}  // namespace seawall::detail
