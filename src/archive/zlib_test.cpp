#include "archive/zlib.h"

#include <doctest/doctest.h>

#include "base/text.h"

namespace seawall::archive {

TEST_CASE("zlib: a stream is inflated up to the limit") {
  auto packed = from_hex("78daedc13101000000c2a0aceb5fc2147e4001000000006f034b6f66f2");  // 5000 times 'a'
  REQUIRE(packed);
  auto repeated = inflate_zlib(*packed, 10000);
  REQUIRE(repeated);
  CHECK(*repeated == std::string(5000, 'a'));
  CHECK_FALSE(inflate_zlib(*packed, 4999).has_value());
  // "hello", stored uncompressed: readable without a compressor.
  auto stored = from_hex("7801010500faff68656c6c6f062c0215");
  REQUIRE(stored);
  auto text = inflate_zlib(*stored, 5);
  REQUIRE(text);
  CHECK(*text == "hello");
  auto too_long = inflate_zlib(*stored, 4);
  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().code == Code::exhausted);
}

TEST_CASE("zlib: bad data fails") {
  for (std::string_view bytes : {"", "x", "garbage that is no stream"}) {
    auto text = inflate_zlib(bytes, 1000);
    REQUIRE_FALSE(text);
    CHECK(text.error().code == Code::corrupt);
  }
}

}  // namespace seawall::archive
