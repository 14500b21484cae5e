#include "archive/decompress.h"

#include <doctest/doctest.h>

#include <string>

using namespace seawall;
using archive::Compression;

namespace {

std::string text_like(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "line " + std::to_string(i * 2654435761U % 10007) + "\n";
  text.resize(size);
  return text;
}

constexpr std::size_t no_limit = std::size_t{1} << 30;

}  // namespace

TEST_CASE("gzip and zstd come back as they went in, in one or several members") {
  for (std::size_t size : {0U, 1U, 511U, 300'000U, 3'000'000U}) {
    CAPTURE(size);
    auto text = text_like(size);
    for (auto [compression, packed] :
         {std::pair{Compression::gzip, archive::gzip(text)}, std::pair{Compression::zstd, archive::zstd(text)}}) {
      REQUIRE(packed);
      CHECK(archive::detect_compression(*packed) == compression);
      auto once = archive::decompress_all(*packed, compression, no_limit);
      REQUIRE(once);
      CHECK(*once == text);
      auto twice = archive::decompress_all(*packed + *packed, compression, no_limit);
      REQUIRE(twice);
      CHECK(*twice == text + text);
    }
  }
}
