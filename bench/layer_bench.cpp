// What walking a layer costs above its physical bound: inflate alone, with both digests, with a full TarReader walk.
// Rooms: archive crypto
// Usage: bench_layer LAYER.tar.gz [ROUNDS]. Prints CPU seconds (best of the rounds) and the ratio to the bound.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>

#include "archive/decompress.h"
#include "archive/tar.h"
#include "base/files.h"
#include "base/stream.h"
#include "crypto/digest.h"

using namespace seawall;

namespace {

class HashingSource final : public Source {
 public:
  explicit HashingSource(Source& inner) : inner_(inner) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    auto got = SW_TRY(inner_.read(buffer));
    hasher_.update({buffer.data(), got});
    return got;
  }

 private:
  Source& inner_;
  crypto::Hasher hasher_;
};

Result<std::uint64_t> drain(Source& source) {
  auto buffer = std::make_unique<char[]>(256 << 10);
  std::uint64_t total = 0;
  while (true) {
    auto got = SW_TRY(source.read({buffer.get(), 256 << 10}));
    if (got == 0) return total;
    total += got;
  }
}

Result<std::uint64_t> inflate_only(std::string_view layer) {
  MemorySource blob(layer);
  auto tar = archive::decompress(blob, archive::detect_compression(layer));
  return drain(*tar);
}

Result<std::uint64_t> inflate_and_digests(std::string_view layer) {
  MemorySource blob(layer);
  HashingSource hashed(blob);
  auto tar = archive::decompress(hashed, archive::detect_compression(layer));
  HashingSource diff_id(*tar);
  return drain(diff_id);
}

Result<std::uint64_t> walk(std::string_view layer) {
  MemorySource blob(layer);
  HashingSource hashed(blob);
  auto tar = archive::decompress(hashed, archive::detect_compression(layer));
  HashingSource diff_id(*tar);
  archive::TarReader reader(diff_id);
  std::uint64_t entries = 0;
  while (SW_TRY(reader.next()) != nullptr) ++entries;
  SW_TRY(drain(diff_id));
  return entries;
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Way {
  const char* name;
  Result<std::uint64_t> (*run)(std::string_view);
  double best = 1e9;
  std::uint64_t value = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_layer LAYER [ROUNDS]\n");
    return 2;
  }
  auto layer = MappedFile::open(argv[1]);
  if (!layer) {
    std::fprintf(stderr, "%s\n", layer.error().what.c_str());
    return 3;
  }
  std::array ways = {Way{"inflate (bytes)", inflate_only}, Way{"inflate + 2 digests (bytes)", inflate_and_digests},
                     Way{"inflate + 2 digests + walk (entries)", walk}};
  int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  for (int round = 0; round < rounds; ++round) {
    for (auto& way : ways) {
      double begin = cpu_seconds();
      auto value = way.run(layer->view());
      if (!value) {
        std::fprintf(stderr, "%s: %s\n", way.name, value.error().what.c_str());
        return 3;
      }
      way.best = std::min(way.best, cpu_seconds() - begin);
      way.value = *value;
    }
  }
  for (const auto& way : ways)
    std::printf("%-40s %12llu %8.3f s  %.3f of the bound\n", way.name, static_cast<unsigned long long>(way.value),
                way.best, way.best / ways[1].best);
  return 0;
}
