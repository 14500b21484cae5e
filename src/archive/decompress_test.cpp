#include "archive/decompress.h"

#include <bzlib.h>
#include <doctest/doctest.h>
#include <lzma.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace seawall;
using archive::Compression;

namespace {

constexpr std::size_t no_limit = std::size_t{1} << 30;
constexpr std::array all_formats = {Compression::gzip, Compression::zstd, Compression::xz, Compression::bzip2};

std::string text_like(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "line " + std::to_string(i * 2654435761U % 10007) + "\n";
  text.resize(size);
  return text;
}

std::string xz(std::string_view text, unsigned preset = 0) {
  std::string packed(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  REQUIRE(lzma_easy_buffer_encode(preset, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()),
                                  text.size(), reinterpret_cast<std::uint8_t*>(packed.data()), &size,
                                  packed.size()) == LZMA_OK);
  packed.resize(size);
  return packed;
}

std::string bzip2(std::string text) {
  std::string packed(text.size() + text.size() / 50 + 700, '\0');
  auto size = static_cast<unsigned>(packed.size());
  REQUIRE(BZ2_bzBuffToBuffCompress(packed.data(), &size, text.data(), static_cast<unsigned>(text.size()), 1, 0, 0) ==
          BZ_OK);
  packed.resize(size);
  return packed;
}

std::string pack(Compression compression, const std::string& text) {
  switch (compression) {
    case Compression::gzip:
      return archive::gzip(text).value();
    case Compression::zstd:
      return archive::zstd(text).value();
    case Compression::xz:
      return xz(text);
    case Compression::bzip2:
      return bzip2(text);
    case Compression::none:
      break;
  }
  return text;
}

// Gives a few bytes at a time, and tells whether its end was seen.
class Dripping final : public Source {
 public:
  Dripping(std::string_view bytes, std::size_t step) : inner_(bytes), step_(step) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    auto got = inner_.read(buffer.first(std::min(buffer.size(), step_)));
    ended = got.has_value() && *got == 0;
    return got;
  }
  bool ended = false;

 private:
  MemorySource inner_;
  std::size_t step_;
};

Result<std::string> unpack_slowly(std::string_view packed, Compression compression, std::size_t in_step,
                                  std::size_t out_step) {
  Dripping inner(packed, in_step);
  auto source = archive::decompress(inner, compression);
  std::string all, piece(out_step, '\0');
  while (true) {
    auto got = SW_TRY(source->read(piece));
    if (got == 0) break;
    all.append(piece, 0, got);
  }
  CHECK(inner.ended);
  return all;
}

Code failure(std::string_view packed, Compression compression) {
  auto got = archive::decompress_all(packed, compression, no_limit);
  REQUIRE(!got);
  return got.error().code;
}

}  // namespace

TEST_CASE("every format comes back as it went in, in one or several members") {
  for (auto compression : all_formats) {
    for (std::size_t size : {0U, 1U, 511U, 300'000U, 3'000'000U}) {
      CAPTURE(static_cast<int>(compression));
      CAPTURE(size);
      auto text = text_like(size), packed = pack(compression, text);
      CHECK(archive::detect_compression(packed) == compression);
      auto once = archive::decompress_all(packed, compression, no_limit);
      REQUIRE(once);
      CHECK(*once == text);
      auto twice = archive::decompress_all(packed + packed, compression, no_limit);
      REQUIRE(twice);
      CHECK(*twice == text + text);
    }
  }
}

TEST_CASE("steps of any size give the same bytes") {
  auto text = text_like(20'000);
  for (auto compression :
       {Compression::none, Compression::gzip, Compression::zstd, Compression::xz, Compression::bzip2}) {
    auto packed = pack(compression, text);
    for (std::size_t in_step : {1U, 7U, 4096U}) {
      for (std::size_t out_step : {1U, 511U, 1U << 20U}) {
        CAPTURE(static_cast<int>(compression));
        auto got = unpack_slowly(packed, compression, in_step, out_step);
        REQUIRE(got);
        CHECK(*got == text);
      }
    }
  }
}

TEST_CASE("no compression passes everything through") {
  CHECK(archive::detect_compression("") == Compression::none);
  CHECK(archive::detect_compression("\x1f") == Compression::none);
  CHECK(archive::detect_compression("plain text") == Compression::none);
  CHECK(archive::decompress_all("plain text", Compression::none, 10).value() == "plain text");
}

TEST_CASE("what follows the last member is judged as each format's own program does") {
  using namespace std::string_view_literals;
  struct Case {
    std::string_view name;
    Compression compression;
    std::string_view behind;
    bool good;
  };
  constexpr Case cases[] = {
      {"gzip: zeros are padding", Compression::gzip, "\0\0\0\0\0\0\0\0\0\0"sv, true},
      {"gzip: garbage is passed over", Compression::gzip, "garbage behind", true},
      {"gzip: half a magic is garbage", Compression::gzip, "\x1f", true},
      {"gzip: a member that ends early is not", Compression::gzip, "\x1f\x8b\x08", false},
      {"bzip2: garbage is passed over", Compression::bzip2, "garbage behind", true},
      {"bzip2: a member that ends early is not", Compression::bzip2, "BZh9", false},
      {"zstd: a skippable frame is skipped", Compression::zstd, "\x50\x2a\x4d\x18\x03\0\0\0abc"sv, true},
      {"zstd: a skippable frame that ends early", Compression::zstd, "\x50\x2a\x4d\x18\x04\0\0\0abc"sv, false},
      {"zstd: garbage is an error", Compression::zstd, "garbage behind", false},
      {"xz: padding comes in fours", Compression::xz, "\0\0\0\0"sv, true},
      {"xz: other padding is an error", Compression::xz, "\0\0\0"sv, false},
      {"xz: garbage is an error", Compression::xz, "garbage behind", false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto packed = pack(c.compression, "text").append(c.behind);
    auto got = unpack_slowly(packed, c.compression, 5, 100);
    REQUIRE(got.has_value() == c.good);
    if (c.good) CHECK(*got == "text");
    if (!c.good) CHECK(got.error().code == Code::corrupt);
  }
}

TEST_CASE("a skippable frame in front is zstd too") {
  using namespace std::string_view_literals;
  auto packed = std::string("\x5f\x2a\x4d\x18\x01\0\0\0x"sv) + archive::zstd("text").value();
  CHECK(archive::detect_compression(packed) == Compression::zstd);
  CHECK(archive::decompress_all(packed, Compression::zstd, 10).value() == "text");
}

TEST_CASE("every truncation is corrupt") {
  auto text = text_like(3000);
  for (auto compression : all_formats) {
    auto packed = pack(compression, text);
    for (std::size_t length = 0; length < packed.size(); ++length) {
      CAPTURE(static_cast<int>(compression));
      CAPTURE(length);
      CHECK(failure(std::string_view(packed).substr(0, length), compression) == Code::corrupt);
    }
  }
}

TEST_CASE("no changed byte gives other content") {
  auto text = text_like(2000);
  for (auto compression : {Compression::gzip, Compression::xz, Compression::bzip2}) {
    auto packed = pack(compression, text);
    for (std::size_t i = 0; i < packed.size(); ++i) {
      auto changed = packed;
      changed[i] = static_cast<char>(changed[i] ^ 0x55);
      CAPTURE(i);
      auto got = archive::decompress_all(changed, compression, no_limit);
      // Bits that carry no content (gzip's time, system and flags of text) may change.
      if (got) CHECK(*got == text);
    }
  }
}

TEST_CASE("gzip headers are read with all their fields, and their checksum counts") {
  using namespace std::string_literals;
  auto member = archive::gzip("text").value();
  // RFC 1952: extra field, name, comment and a checksum of the header itself.
  auto header = "\x1f\x8b\x08\x1e"s + std::string(6, '\0') + "\x03\0abc"s + "name\0"s + "comment\0"s;
  auto sum = lzma_crc32(reinterpret_cast<const std::uint8_t*>(header.data()), header.size(), 0);
  std::string sum_bytes = {static_cast<char>(sum & 0xffU), static_cast<char>(sum >> 8U & 0xffU)};
  auto good = header + sum_bytes + member.substr(10);
  CHECK(unpack_slowly(good, Compression::gzip, 1, 100).value() == "text");
  sum_bytes[0] = static_cast<char>(sum_bytes[0] ^ 1);
  CHECK(failure(header + sum_bytes + member.substr(10), Compression::gzip) == Code::corrupt);
}

TEST_CASE("a bomb stops at its budget") {
  // Without end: the same members again and again.
  class Endless final : public Source {
   public:
    explicit Endless(std::string member) : member_(std::move(member)) {}
    Result<std::size_t> read(std::span<char> buffer) override {
      auto got = member_.copy(buffer.data(), buffer.size(), position_);
      position_ = (position_ + got) % member_.size();
      return got;
    }

   private:
    std::string member_;
    std::size_t position_ = 0;
  };
  auto code_of = [](Compression compression, const archive::DecompressLimits& limits) {
    Endless inner(pack(compression, std::string(1 << 20, '\0')));
    auto source = archive::decompress(inner, compression, limits);
    std::vector<char> buffer(256 << 10);
    std::uint64_t total = 0;
    while (true) {
      auto got = source->read(buffer);
      if (!got) return got.error().code;
      total += *got;
      REQUIRE(total <= limits.output);
    }
  };
  for (auto compression : all_formats) {
    CAPTURE(static_cast<int>(compression));
    CHECK(code_of(compression, {.output = 8 << 20}) == Code::exhausted);
    CHECK(code_of(compression, {.ratio = 100, .ratio_from = 4 << 20}) == Code::exhausted);
  }
  CHECK(code_of(Compression::none, {.output = 8 << 20}) == Code::exhausted);
}

TEST_CASE("windows and dictionaries that need too much memory are refused before it is taken") {
  using namespace std::string_literals;
  // RFC 8878 3.1.1.1.2: a window of 2^30.
  CHECK(failure("\x28\xb5\x2f\xfd\x00\xa0\x01\0\0"s, Compression::zstd) == Code::exhausted);
  // The .xz file format 1.0.4: a block that wants a dictionary of 1 GiB.
  auto block = "\x02\0\x21\x01\x24\0\0\0"s;
  auto sum = lzma_crc32(reinterpret_cast<const std::uint8_t*>(block.data()), block.size(), 0);
  for (unsigned i = 0; i < 4; ++i) block += static_cast<char>(sum >> (8 * i) & 0xffU);
  auto packed = xz("text").substr(0, 12) + block + std::string(20, '\0');
  CHECK(failure(packed, Compression::xz) == Code::exhausted);
  CHECK(archive::decompress_all(xz("text", 9), Compression::xz, 10).value() == "text");
}

TEST_CASE("whole members have a limit") {
  for (auto compression : all_formats) {
    auto packed = pack(compression, text_like(1000));
    CHECK(archive::decompress_all(packed, compression, 1000).has_value());
    auto too_long = archive::decompress_all(packed, compression, 999);
    REQUIRE(!too_long);
    CHECK(too_long.error().code == Code::exhausted);
  }
}

TEST_CASE("errors of the inner source come through, and stay") {
  class Failing final : public Source {
   public:
    Result<std::size_t> read(std::span<char> buffer) override {
      if (first_) {
        first_ = false;
        return MemorySource("\x1f\x8b\x08").read(buffer);
      }
      return fail(Code::timeout, "stalled");
    }

   private:
    bool first_ = true;
  };
  Failing inner;
  auto source = archive::decompress(inner, Compression::gzip);
  std::array<char, 100> buffer{};
  CHECK(source->read(buffer).error().code == Code::timeout);
  CHECK(source->read(buffer).error().code == Code::timeout);
}
