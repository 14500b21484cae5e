#include <bzlib.h>
#include <lzma.h>

#include <algorithm>
#include <array>
#include <string>

#include "archive/ar.h"
#include "archive/cpio.h"
#include "archive/decompress.h"
#include "archive/tar.h"
#include "archive/zip.h"
#include "base/result.h"
#include "fuzz.h"

using namespace seawall;
using archive::Compression;

namespace {

constexpr std::uint64_t most_output = 1 << 20;
constexpr std::size_t most_content = 64 << 10;

// Pieces of changing size, taken from the data itself, so that cuts fall everywhere.
class Pieces final : public Source {
 public:
  explicit Pieces(std::string_view data) : data_(data) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    auto seed = data_.empty() ? 0U : static_cast<unsigned char>(data_[position_ % data_.size()]);
    auto got = data_.copy(buffer.data(), std::min<std::size_t>(buffer.size(), seed * 8 + 1), position_);
    position_ += got;
    return got;
  }

 private:
  std::string_view data_;
  std::size_t position_ = 0;
};

void check_path(const std::string& path) {
  SW_CHECK(!path.empty() && path.front() != '/' && path.back() != '/');
  SW_CHECK(path != ".." && !path.starts_with("../") && path.find("/../") == std::string::npos);
  SW_CHECK(path.find('\0') == std::string::npos);
}

void drain(Source& source) {
  std::array<char, 3000> buffer{};
  std::uint64_t total = 0;
  while (total < most_output) {
    auto got = source.read(buffer);
    if (!got || *got == 0) return;
    SW_CHECK(*got <= buffer.size());
    total += *got;
  }
}

void walk_tar(Source& source) {
  archive::TarReader reader(source, {.entries = 1000});
  while (true) {
    auto entry = reader.next();
    if (!entry || *entry == nullptr) return;
    check_path((*entry)->path);
    if ((*entry)->kind != archive::EntryKind::file) continue;
    auto content = reader.content(most_content);
    if (content) SW_CHECK(content->size() == (*entry)->size);
  }
}

std::string pack_xz(std::string_view data) {
  std::string packed(lzma_stream_buffer_bound(data.size()), '\0');
  std::size_t size = 0;
  SW_CHECK(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, nullptr, reinterpret_cast<const std::uint8_t*>(data.data()),
                                   data.size(), reinterpret_cast<std::uint8_t*>(packed.data()), &size,
                                   packed.size()) == LZMA_OK);
  packed.resize(size);
  return packed;
}

std::string pack_bzip2(std::string data) {
  std::string packed(data.size() + data.size() / 50 + 700, '\0');
  auto size = static_cast<unsigned>(packed.size());
  SW_CHECK(BZ2_bzBuffToBuffCompress(packed.data(), &size, data.data(), static_cast<unsigned>(data.size()), 1, 0, 0) ==
           BZ_OK);
  packed.resize(size);
  return packed;
}

std::string pack(std::string_view data, Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return archive::gzip(data, 1).value();
    case Compression::zstd:
      return archive::zstd(data, 1).value();
    case Compression::xz:
      return pack_xz(data);
    case Compression::bzip2:
      return pack_bzip2(std::string(data));
    case Compression::none:
      break;
  }
  return std::string(data);
}

// Mutations of compressed bytes mostly die at a magic number. Data that begins with '+' is compressed here instead, all
// but its last eight bytes: those are four places and what to change there.
std::string compressed_form(std::string_view data, Compression compression) {
  if (!data.starts_with('+') || data.size() < 10 || data.size() > (16 << 10)) return std::string(data);
  auto edits = data.substr(data.size() - 8);
  auto packed = pack(data.substr(1, data.size() - 9), compression);
  for (std::size_t i = 0; i < 8; i += 2) {
    auto place = static_cast<unsigned char>(edits[i]) * packed.size() / 256;
    packed[place] = static_cast<char>(packed[place] ^ edits[i + 1]);
  }
  return packed;
}

// The same data whole and in pieces must give the same: codecs keep state over the cuts.
void unpack(std::string_view given, Compression compression) {
  auto data = compressed_form(given, compression);
  MemorySource whole(data);
  Pieces pieces(data);
  constexpr archive::DecompressLimits limits = {.output = most_output, .ratio = 200, .ratio_from = 256 << 10};
  auto first = read_all(*archive::decompress(whole, compression, limits), most_output);
  auto second = read_all(*archive::decompress(pieces, compression, limits), most_output);
  SW_CHECK(first.has_value() == second.has_value());
  if (first) SW_CHECK(*first == *second);
}

}  // namespace

SW_FUZZ(tar, "fixtures/images/**/*.tar") {
  Pieces source(data);
  walk_tar(source);
}

SW_FUZZ(tar_gz, "fixtures/images/**/*.tar.gz") {
  Pieces source(data);
  auto tar = archive::decompress(source, archive::detect_compression(data), {.output = 8 * most_output});
  walk_tar(*tar);
}

// Every header's checksum is set right: mutations then reach what lies behind it.
SW_FUZZ(tar_headers, "fixtures/images/osv-scalibr/*.tar fixtures/images/claircore/*.tar") {
  std::string blocks(data.substr(0, 64 << 10));
  for (std::size_t at = 0; at + 512 <= blocks.size(); at += 512) {
    if (blocks.compare(at + 257, 5, "ustar") != 0) continue;
    blocks.replace(at + 148, 8, 8, ' ');
    unsigned sum = 0;
    for (std::size_t i = at; i < at + 512; ++i) sum += static_cast<unsigned char>(blocks[i]);
    for (std::size_t i = 0; i < 6; ++i, sum >>= 3U) blocks[at + 153 - i] = static_cast<char>('0' + (sum & 7U));
  }
  Pieces source(blocks);
  walk_tar(source);
}

SW_FUZZ(gzip, "=+text fixtures/images/**/*.tar.gz") { unpack(data, Compression::gzip); }
SW_FUZZ(zstd, "=+text feeds/**/*.zst") { unpack(data, Compression::zstd); }
SW_FUZZ(xz, "=+text") { unpack(data, Compression::xz); }
SW_FUZZ(bzip2, "=+text") { unpack(data, Compression::bzip2); }

SW_FUZZ(zip, "fixtures/packages/files/**/*.jar fixtures/packages/files/**/*.war fixtures/packages/files/**/*.whl") {
  auto zip = archive::ZipReader::open(data, 1000, most_output);
  if (!zip) return;
  for (const auto& entry : zip->entries()) {
    auto content = zip->read(entry, most_content);
    if (content) SW_CHECK(content->size() == entry.size);
  }
}

SW_FUZZ(ar, "=!<arch>\ndebian-binary") {
  Pieces source(data);
  archive::ArReader reader(source);
  while (true) {
    auto member = reader.next();
    if (!member || *member == nullptr) return;
    drain(reader.content());
  }
}

SW_FUZZ(cpio, "=070701") {
  Pieces source(data);
  archive::CpioReader reader(source, {.entries = 1000});
  while (true) {
    auto entry = reader.next();
    if (!entry || *entry == nullptr) return;
    check_path((*entry)->path);
    drain(reader.content());
  }
}
