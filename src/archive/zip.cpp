#include "archive/zip.h"

#include <libdeflate.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <string_view>

#include "archive/zip_directory.h"

namespace seawall::archive {
namespace {

// APPNOTE.TXT 4.3.7: the local header; what it says of sizes is not used, writers leave it 0 when they stream.
constexpr std::string_view local_signature = "PK\x03\x04";
constexpr std::size_t local_length = 30, local_name_length = 26, local_extra_length = 28;

constexpr std::uint16_t stored = 0, deflated = 8, encrypted_flag = 1;
// No deflate stream expands more: 258 bytes by two bits.
constexpr std::uint64_t max_deflate_ratio = 1032;

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const noexcept { libdeflate_free_decompressor(decompressor); }
};

Result<std::string> inflate(std::string_view packed, std::uint64_t size) {
  if (size / max_deflate_ratio > packed.size()) return fail(Code::corrupt, "claims more than deflate can hold");
  std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(libdeflate_alloc_decompressor());
  SW_CHECK(decompressor != nullptr);
  std::string content(static_cast<std::size_t>(size), '\0');
  auto status = libdeflate_deflate_decompress(decompressor.get(), packed.data(), packed.size(), content.data(),
                                              content.size(), nullptr);
  if (status != LIBDEFLATE_SUCCESS) return fail(Code::corrupt, "bad deflate data or size");
  return content;
}

Result<std::string> unpack(std::string_view packed, const ZipEntry& entry) {
  if (entry.method == deflated) return inflate(packed, entry.size);
  if (packed.size() != entry.size) return fail(Code::corrupt, "stored with two sizes");
  return std::string(packed);
}

}  // namespace

struct ZipReader::Impl {
  // Local headers lie behind the bytes at `offset`; nothing but the directory's size is believed.
  Result<std::string_view> packed_content(const ZipEntry& entry) const {
    if (entry.offset > bytes.size() || bytes.size() - entry.offset < local_length)
      return fail(Code::corrupt, "local header lies outside");
    auto local = bytes.substr(static_cast<std::size_t>(entry.offset));
    if (!local.starts_with(local_signature)) return fail(Code::corrupt, "no local header");
    auto data = local_length + little_u16(local, local_name_length) + little_u16(local, local_extra_length);
    if (data > local.size() || entry.packed_size > local.size() - data)
      return fail(Code::corrupt, "content lies outside");
    return local.substr(data, static_cast<std::size_t>(entry.packed_size));
  }

  // Entries may share their bytes (bombs of overlapping entries), so that what all reads give together has a limit.
  Result<> spend(std::uint64_t size) const {
    if (given.fetch_add(size, std::memory_order_relaxed) + size > max_output)
      return fail(Code::exhausted, "all members together unpack to more than " + std::to_string(max_output) + " bytes");
    return {};
  }

  std::string_view bytes;
  std::uint64_t max_output = 0;
  std::vector<ZipEntry> entries;
  mutable std::atomic<std::uint64_t> given = 0;
};

ZipReader::ZipReader() : impl_(std::make_unique<Impl>()) {}
ZipReader::ZipReader(ZipReader&&) noexcept = default;
ZipReader& ZipReader::operator=(ZipReader&&) noexcept = default;
ZipReader::~ZipReader() = default;

Result<ZipReader> ZipReader::open(std::string_view bytes, std::size_t max_entries, std::uint64_t max_output) {
  ZipReader reader;
  reader.impl_->bytes = bytes;
  reader.impl_->max_output = max_output;
  reader.impl_->entries = SW_TRY(read_zip_directory(bytes, max_entries));
  return reader;
}

const std::vector<ZipEntry>& ZipReader::entries() const noexcept { return impl_->entries; }

Result<std::string> ZipReader::read(const ZipEntry& entry, std::size_t limit) const {
  if ((entry.flags & encrypted_flag) != 0) return fail(Code::unsupported, "zip: encrypted member");
  if (entry.method != stored && entry.method != deflated)
    return fail(Code::unsupported, "zip: compression method " + std::to_string(entry.method));
  if (entry.size > limit) return fail(Code::exhausted, "zip: longer than " + std::to_string(limit) + " bytes");
  SW_TRY(impl_->spend(entry.size));
  auto packed = SW_TRY(in("zip", impl_->packed_content(entry)));
  auto content = SW_TRY(in("zip", unpack(packed, entry)));
  if (libdeflate_crc32(0, content.data(), content.size()) != entry.checksum)
    return fail(Code::corrupt, "zip: checksum does not match");
  return content;
}

}  // namespace seawall::archive
