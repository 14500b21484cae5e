// The physical bound of a cold scan: the same blobs from the same place by the same client, inflated and hashed (blob
// and content), two at a time; nothing is looked at.
// Rooms: base archive crypto oci
// Usage: bench_fetch_bound IMAGE. Prints wall seconds.
#include <chrono>
#include <cstdio>
#include <memory>

#include "archive/decompress.h"
#include "base/stream.h"
#include "base/threads.h"
#include "crypto/digest.h"
#include "oci/open.h"

using namespace seawall;

namespace {

Result<std::uint64_t> drain(const oci::Image& image, std::size_t index) {
  auto blob = SW_TRY(image.open_layer(index));
  const auto& type = image.layers()[index].blob.media_type;
  auto compression = type.ends_with("gzip")   ? archive::Compression::gzip
                     : type.ends_with("zstd") ? archive::Compression::zstd
                                              : archive::Compression::none;
  auto plain = archive::decompress(*blob, compression);
  crypto::Hasher content;
  auto buffer = std::make_unique<char[]>(256U << 10);
  std::uint64_t total = 0;
  while (auto n = SW_TRY(plain->read({buffer.get(), 256U << 10}))) {
    content.update({buffer.get(), n});
    total += n;
  }
  content.finish();
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_fetch_bound IMAGE\n");
    return 2;
  }
  auto start = std::chrono::steady_clock::now();
  auto images = oci::open_image(argv[1], {});
  if (!images) {
    std::fprintf(stderr, "%s\n", images.error().what.c_str());
    return 3;
  }
  const auto& image = *images->front();
  std::vector<Result<std::uint64_t>> done(image.layers().size(), std::uint64_t{0});
  parallel_for(done.size(), 2, [&](std::size_t i) { done[i] = drain(image, i); });
  std::uint64_t bytes = 0;
  for (const auto& d : done) {
    if (!d) {
      std::fprintf(stderr, "%s\n", d.error().what.c_str());
      return 3;
    }
    bytes += *d;
  }
  auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%.3f s, %.0f MB of content\n", seconds, static_cast<double>(bytes) / 1e6);
  return 0;
}
