#include "crypto/digest.h"

#include <doctest/doctest.h>

#include <string>

using namespace seawall;
using crypto::Algorithm;
using crypto::Digest;
using crypto::Hasher;

TEST_CASE("the published vectors of FIPS 180-4 and RFC 1321 come out") {
  struct Case {
    std::string_view name;
    Algorithm algorithm;
    std::string_view hex;
  };
  constexpr Case cases[] = {
      {"sha256", Algorithm::sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"sha512", Algorithm::sha512,
       "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80"
       "e2"
       "a9ac94fa54ca49f"},
      {"sha1", Algorithm::sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
      {"md5", Algorithm::md5, "900150983cd24fb0d6963f7d28e17f72"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Hasher hasher(c.algorithm);
    hasher.update("a");
    hasher.update("");
    hasher.update("bc");
    CHECK(hasher.finish_hex() == c.hex);
  }
  CHECK(crypto::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a moved hasher goes on where the first one stopped") {
  Hasher first;
  first.update("ab");
  Hasher second = std::move(first);
  second.update("c");
  CHECK(second.finish().size() == 32);
}

TEST_CASE("digests are read as OCI writes them") {
  const std::string a64(64, 'a'), a128(128, 'a');
  struct Case {
    std::string_view name;
    std::string text;
    bool good;
    Code code;
  };
  const Case cases[] = {
      {"sha256 is known", "sha256:" + a64, true, {}},
      {"sha512 is known", "sha512:" + a128, true, {}},
      {"upper case is not allowed", "sha256:" + std::string(64, 'A'), false, Code::invalid},
      {"one digit short", "sha256:" + a64.substr(1), false, Code::invalid},
      {"one digit more", "sha256:" + a64 + "a", false, Code::invalid},
      {"a path is no digest", "sha256:../../" + a64.substr(6), false, Code::invalid},
      {"no algorithm", a64, false, Code::invalid},
      {"empty algorithm", ":" + a64, false, Code::invalid},
      {"empty text", "", false, Code::invalid},
      {"another algorithm", "blake3:" + a64, false, Code::unsupported},
      {"md5 never names content", "md5:" + a64.substr(32), false, Code::unsupported},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto digest = Digest::parse(c.text);
    REQUIRE(digest.has_value() == c.good);
    if (c.good) CHECK(digest->text() == c.text);
    if (!c.good) CHECK(digest.error().code == c.code);
  }
}

TEST_CASE("a digest knows its parts") {
  auto digest = Digest::of("abc");
  CHECK(digest.hex() == crypto::sha256_hex("abc"));
  CHECK(digest.algorithm() == Algorithm::sha256);
  CHECK(digest == Digest::from_sha256_hex(crypto::sha256_hex("abc")));
  auto long_digest = Digest::parse("sha512:" + std::string(128, '0'));
  REQUIRE(long_digest);
  CHECK(long_digest->algorithm() == Algorithm::sha512);
  CHECK(long_digest->hex().size() == 128);
}
