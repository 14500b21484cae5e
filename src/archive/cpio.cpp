#include "archive/cpio.h"

#include <charconv>
#include <optional>

#include "archive/buffered_input.h"
#include "archive/tar_path.h"

namespace seawall::archive {
namespace {

// cpio(5), "New ASCII Format": magic, then 13 numbers of eight hexadecimal digits; name and content padded to 4 bytes.
constexpr std::size_t header_length = 110, magic_length = 6, number_length = 8;
constexpr std::string_view last_name = "TRAILER!!!";
constexpr std::size_t max_name = BufferedInput::max_take, max_link = 4096;
enum class Number : unsigned char { inode, mode, uid, gid, links, modified, size, d1, d2, d3, d4, name_size, checksum };

std::optional<std::uint32_t> number_of(std::string_view header, Number which) {
  auto digits = header.substr(magic_length + static_cast<std::size_t>(which) * number_length, number_length);
  std::uint32_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::uint64_t padding_of(std::uint64_t size) noexcept { return (4 - size % 4) % 4; }

EntryKind kind_of(std::uint32_t mode) noexcept {
  switch (mode & 0170000U) {
    case 0100000:
      return EntryKind::file;
    case 0040000:
      return EntryKind::directory;
    case 0120000:
      return EntryKind::symlink;
    default:
      return EntryKind::other;
  }
}

struct Header {
  std::uint32_t inode, mode, links, modified, size, name_size;
};

Result<Header> parse_header(std::string_view bytes) {
  auto magic = bytes.substr(0, magic_length);
  if (magic == "070707" || magic == "07070X") return fail(Code::unsupported, "cpio: not the new ASCII format");
  if (magic != "070701" && magic != "070702") return fail(Code::corrupt, "cpio: bad header");
  auto inode = number_of(bytes, Number::inode), mode = number_of(bytes, Number::mode),
       links = number_of(bytes, Number::links), modified = number_of(bytes, Number::modified),
       size = number_of(bytes, Number::size), name_size = number_of(bytes, Number::name_size);
  if (!inode || !mode || !links || !modified || !size || !name_size || *name_size == 0)
    return fail(Code::corrupt, "cpio: bad number");
  if (*name_size > max_name) return fail(Code::exhausted, "cpio: name too long");
  return Header{*inode, *mode, *links, *modified, *size, *name_size};
}

}  // namespace

struct CpioReader::Impl {
  Impl(Source& source, const CpioLimits& limits_in) : input(source), limits(limits_in) {}

  Result<std::string> take_name(const Header& header) {
    auto name = SW_TRY(input.take(header.name_size));
    if (name.empty()) return fail(Code::corrupt, "cpio: ends within a name");
    std::string text(name.substr(0, name.find('\0')));
    SW_TRY(input.skip(padding_of(header_length + header.name_size)));
    return text;
  }

  Result<> take_entry(const Header& header, std::string path) {
    entry = {};
    entry.path = std::move(path);
    entry.kind = kind_of(header.mode);
    entry.mode = header.mode & 07777U;
    entry.modified = header.modified;
    entry.inode = header.inode;
    entry.links = header.links;
    content.begin(header.size, padding_of(header.size));
    if (entry.kind == EntryKind::file) entry.size = header.size;
    if (entry.kind == EntryKind::symlink) entry.link = SW_TRY(read_all(content, max_link));
    return {};
  }

  // False at the end.
  Result<bool> advance() {
    while (!ended) {
      SW_TRY(content.finish());
      auto header = SW_TRY(parse_header(SW_TRY(next_header())));
      auto name = SW_TRY(take_name(header));
      ended = name == last_name;
      if (ended) break;
      if (++entries > limits.entries)
        return fail(Code::exhausted, "cpio: more than " + std::to_string(limits.entries) + " entries");
      auto path = inside_path(name);
      bool is_root = path && path->empty() && kind_of(header.mode) == EntryKind::directory;
      if (path && !path->empty()) {
        SW_TRY(take_entry(header, std::move(*path)));
        return true;
      }
      if (!is_root) ++rejected;
      content.begin(header.size, padding_of(header.size));
    }
    return false;
  }

  Result<std::string_view> next_header() {
    auto bytes = SW_TRY(input.take(header_length));
    if (bytes.empty()) return fail(Code::corrupt, "cpio: no end mark");
    return bytes;
  }

  BufferedInput input;
  MemberSource content{input};
  CpioLimits limits;
  CpioEntry entry;
  std::uint64_t entries = 0, rejected = 0;
  bool ended = false;
};

CpioReader::CpioReader(Source& source, const CpioLimits& limits) : impl_(std::make_unique<Impl>(source, limits)) {}
CpioReader::CpioReader(CpioReader&&) noexcept = default;
CpioReader::~CpioReader() = default;

Result<const CpioEntry*> CpioReader::next() {
  if (!SW_TRY(impl_->advance())) return nullptr;
  return &impl_->entry;
}

Source& CpioReader::content() noexcept { return impl_->content; }
std::uint64_t CpioReader::rejected() const noexcept { return impl_->rejected; }

}  // namespace seawall::archive
