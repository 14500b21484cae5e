#include <algorithm>
#include <cstring>

#include "archive/tar.h"

namespace seawall::archive {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t name_field = 100, link_field = 100;
constexpr std::uint64_t largest_octal_number = 077777777777;

// POSIX.1-2017, pax, "ustar Interchange Format".
struct Header {
  char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6], version[2],
      uname[32], gname[32], device_major[8], device_minor[8], prefix[155], padding[12];
};
static_assert(sizeof(Header) == block);

template <std::size_t N>
void put_text(char (&field)[N], std::string_view text) {
  text.substr(0, N).copy(field, N);
}

template <std::size_t N>
void put_octal(char (&field)[N], std::uint64_t value) {
  for (std::size_t i = N - 1; i-- > 0; value >>= 3U) field[i] = static_cast<char>('0' + (value & 7U));
}

void put_checksum(Header& header) {
  std::memset(header.checksum, ' ', sizeof header.checksum);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < block; ++i) sum += reinterpret_cast<const unsigned char*>(&header)[i];
  put_octal(header.checksum, sum);
}

// "<length> <key>=<value>\n", where the length counts itself.
std::string pax_record(std::string_view key, std::string_view value) {
  std::size_t rest = key.size() + value.size() + 3, length = rest + 1;
  while (rest + std::to_string(length).size() != length) length = rest + std::to_string(length).size();
  std::string record = std::to_string(length);
  return record.append(" ").append(key).append("=").append(value).append("\n");
}

}  // namespace

struct TarWriter::Impl {
  struct Item {
    char type;
    std::string_view path, link = {}, content = {};
    std::uint32_t mode = 0644;
  };

  void add(const Item& item) {
    std::string pax;
    if (item.path.size() > name_field) pax += pax_record("path", item.path);
    if (item.link.size() > link_field) pax += pax_record("linkpath", item.link);
    if (item.content.size() > largest_octal_number) pax += pax_record("size", std::to_string(item.content.size()));
    if (!pax.empty()) append({.type = 'x', .path = "PaxHeader", .content = pax});
    append(item);
  }

  void append(const Item& item) {
    Header header{};
    put_text(header.name, item.path);
    put_octal(header.mode, item.mode);
    put_octal(header.uid, 0);
    put_octal(header.gid, 0);
    put_octal(header.size, item.content.size() > largest_octal_number ? 0 : item.content.size());
    put_octal(header.mtime, modified);
    header.type = item.type;
    put_text(header.link, item.link);
    std::memcpy(header.magic, "ustar", 6);
    std::memcpy(header.version, "00", 2);
    put_octal(header.device_major, 0);
    put_octal(header.device_minor, 0);
    put_checksum(header);
    bytes.append(reinterpret_cast<const char*>(&header), block).append(item.content);
    bytes.append((block - item.content.size() % block) % block, '\0');
  }

  std::uint64_t modified = 0;
  std::string bytes;
};

TarWriter::TarWriter(std::int64_t modified) : impl_(std::make_unique<Impl>()) {
  impl_->modified = static_cast<std::uint64_t>(std::clamp<std::int64_t>(modified, 0, largest_octal_number));
}
TarWriter::~TarWriter() = default;

TarWriter& TarWriter::directory(std::string_view path, std::uint32_t mode) {
  std::string with_slash(path);
  if (!path.ends_with("/")) with_slash += "/";
  impl_->add({.type = '5', .path = with_slash, .mode = mode});
  return *this;
}

TarWriter& TarWriter::file(std::string_view path, std::string_view content, std::uint32_t mode) {
  impl_->add({.type = '0', .path = path, .content = content, .mode = mode});
  return *this;
}

TarWriter& TarWriter::symlink(std::string_view path, std::string_view target) {
  impl_->add({.type = '2', .path = path, .link = target, .mode = 0777});
  return *this;
}

TarWriter& TarWriter::hardlink(std::string_view path, std::string_view target) {
  impl_->add({.type = '1', .path = path, .link = target});
  return *this;
}

std::string TarWriter::finish() {
  std::string done = std::move(impl_->bytes);
  impl_->bytes.clear();
  return done.append(2 * block, '\0');
}

}  // namespace seawall::archive
