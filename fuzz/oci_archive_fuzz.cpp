#include <sys/mman.h>
#include <unistd.h>

#include "base/stream.h"
#include "fuzz.h"
#include "oci/archive_image.h"

using namespace seawall;

namespace {

// The bytes as a file that a path leads to, in memory.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : fd_(::memfd_create("fuzz", 0)) {
    while (!bytes.empty()) {
      auto n = ::write(fd_, bytes.data(), bytes.size());
      if (n <= 0) __builtin_trap();
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(fd_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

void read_all_layers(const Result<std::vector<std::unique_ptr<oci::Image>>>& images) {
  if (!images) return;
  for (auto& image : *images)
    for (std::size_t i = 0; i < image->layers().size() && i < 8; ++i)
      if (auto layer = image->open_layer(i)) (void)read_all(**layer, std::size_t{1} << 20);
}

}  // namespace

SW_FUZZ(docker_archive,
        "fixtures/images/go-containerregistry/tarball/testdata/*.tar fixtures/images/osv-scalibr/*.tar") {
  MemoryFile file(data);
  read_all_layers(oci::open_docker_archive(file.path(), {}, "fuzz"));
}

SW_FUZZ(oci_archive, "fixtures/images/stereoscope/oci/testdata/valid-oci.tar") {
  MemoryFile file(data);
  read_all_layers(oci::open_oci_archive(file.path(), {.platforms = oci::Choice::Platforms::all}, "fuzz"));
}
