#include "oci/detail/tar_index.h"

#include <array>
#include <optional>

#include "base/files.h"
#include "base/text.h"

namespace seawall::oci::detail {
namespace {

constexpr std::uint64_t block = 512;
constexpr std::size_t max_members = 1'000'000, max_extension = std::size_t{1} << 20;
constexpr int max_links = 8;

std::unexpected<Error> cut_off() { return fail(Code::corrupt, "the archive is cut off"); }

std::string_view until_nul(std::string_view field) { return field.substr(0, field.find('\0')); }

// Octal text, or big-endian binary where the first bit is set (GNU, for sizes from 8 GiB).
std::optional<std::uint64_t> number_of(std::string_view field) {
  if (static_cast<unsigned char>(field.front()) & 0x80) {
    std::uint64_t value = static_cast<unsigned char>(field.front()) & 0x7f;
    for (char c : field.substr(1)) {
      if (value >> 55) return std::nullopt;
      value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
  }
  std::uint64_t value = 0;
  for (char c : trim(until_nul(field))) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value << 3 | static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

struct Header {
  std::string path, link;
  std::uint64_t size = 0;
  char type = '0';
};

bool checksum_fits(std::string_view raw) {
  auto stored = number_of(raw.substr(148, 8));
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < raw.size(); ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(raw[i]);
  return stored == sum;
}

Result<Header> header_of(std::string_view raw) {
  if (!checksum_fits(raw)) return fail(Code::corrupt, "not a tar archive, or a damaged one: header checksum");
  auto size = number_of(raw.substr(124, 12));
  if (!size) return fail(Code::corrupt, "tar header with an impossible size");
  Header header{.path = std::string(until_nul(raw.substr(0, 100))),
                .link = std::string(until_nul(raw.substr(157, 100))),
                .size = *size,
                .type = raw[156]};
  auto prefix = until_nul(raw.substr(345, 155));
  if (raw.substr(257, 6) == std::string_view("ustar\0", 6) && !prefix.empty())
    header.path.insert(0, std::string(prefix) + "/");
  return header;
}

// What the members before the next one say about it.
struct Extension {
  std::optional<std::string> path, link;
  std::optional<std::uint64_t> size;
  bool sparse = false;
};

// "LENGTH key=value\n" records.
Result<> read_pax(std::string_view text, Extension& into) {
  while (!text.empty() && text.front() != '\0') {
    auto space = text.find(' ');
    auto length = space == text.npos ? std::nullopt : to_u64(text.substr(0, space));
    if (!length || *length <= space + 1 || *length > text.size()) return fail(Code::corrupt, "malformed pax header");
    auto record = text.substr(space + 1, *length - space - 1);
    text.remove_prefix(*length);
    if (record.ends_with('\n')) record.remove_suffix(1);
    auto halves = cut(record, "=");
    if (!halves) continue;
    if (halves->left == "path") into.path = halves->right;
    if (halves->left == "linkpath") into.link = halves->right;
    if (halves->left == "size") into.size = to_u64(halves->right);
    if (halves->left.starts_with("GNU.sparse.")) into.sparse = true;
  }
  return {};
}

class Indexer {
 public:
  Indexer(const SeekableFile& file, std::map<std::string, TarIndex::Member, std::less<>>& members)
      : file_(file), members_(members) {}

  Result<> run() {
    std::array<char, block> raw;
    for (;;) {
      auto n = SW_TRY(file_.read_at(raw, at_));
      if (n == 0 || (n == block && is_zero(raw))) return {};
      if (n < block) return cut_off();
      auto header = SW_TRY(header_of({raw.data(), raw.size()}));
      at_ += block;
      SW_TRY(take(std::move(header)));
    }
  }

 private:
  static bool is_zero(const std::array<char, block>& raw) {
    for (char c : raw)
      if (c != '\0') return false;
    return true;
  }

  Result<> take(Header header) {
    if (header.type == 'L' || header.type == 'K' || header.type == 'x') return take_extension(header);
    if (header.type == 'g') return skip(header.size);
    if (next_.path) header.path = std::move(*next_.path);
    if (next_.link) header.link = std::move(*next_.link);
    if (next_.size) header.size = *next_.size;
    const bool sparse = next_.sparse || header.type == 'S';
    next_ = {};
    if (sparse) return fail(Code::unsupported, "sparse member in an image archive");
    const bool has_content = header.type == '0' || header.type == '\0' || header.type == '7';
    if (has_content || header.type == '1' || header.type == '2') SW_TRY(keep(header));
    return skip(has_content ? header.size : 0);
  }

  Result<> take_extension(const Header& header) {
    if (header.size > max_extension) return fail(Code::exhausted, "tar header extension larger than 1 MiB");
    std::string text(header.size, '\0');
    if (SW_TRY(file_.read_at(text, at_)) < text.size()) return cut_off();
    if (header.type == 'x') SW_TRY(read_pax(text, next_));
    if (header.type == 'L') next_.path = until_nul(text);
    if (header.type == 'K') next_.link = until_nul(text);
    return skip(header.size);
  }

  Result<> keep(const Header& header) {
    if (members_.size() == max_members) return fail(Code::exhausted, "more than 1 M members");
    auto path = normal_path(header.path);
    TarIndex::Member member{.offset = at_, .size = header.size};
    if (header.type == '1') member.link = normal_path(header.link);
    if (header.type == '2')
      member.link = header.link.starts_with('/') ? normal_path(header.link)
                                                 : normal_path(path_join(parent_path(path), header.link));
    members_.insert_or_assign(std::move(path), std::move(member));
    return {};
  }

  Result<> skip(std::uint64_t size) {
    if (size > file_.size() || at_ + size > file_.size()) return cut_off();
    at_ += (size + block - 1) / block * block;
    return {};
  }

  const SeekableFile& file_;
  std::map<std::string, TarIndex::Member, std::less<>>& members_;
  std::uint64_t at_ = 0;
  Extension next_;
};

}  // namespace

Result<TarIndex> TarIndex::open(std::shared_ptr<const SeekableFile> file) {
  TarIndex index;
  index.file_ = std::move(file);
  SW_TRY(Indexer(*index.file_, index.members_).run());
  return index;
}

bool TarIndex::contains(std::string_view path) const { return members_.contains(normal_path(path)); }

Result<TarIndex::Member> TarIndex::find(std::string_view path) const {
  auto at = normal_path(path);
  for (int links = 0; links <= max_links; ++links) {
    auto found = members_.find(at);
    if (found == members_.end()) return fail(Code::not_found, to_utf8(path) + " is not in the archive");
    if (found->second.link.empty()) return found->second;
    at = found->second.link;
  }
  return fail(Code::corrupt, to_utf8(path) + ": links lead nowhere");
}

Result<std::unique_ptr<Source>> TarIndex::open_member(std::string_view path) const {
  auto member = SW_TRY(find(path));
  return part_of(file_, member.offset, member.size);
}

Result<std::string> TarIndex::read(std::string_view path, std::size_t limit) const {
  auto member = SW_TRY(find(path));
  if (member.size > limit) return fail(Code::exhausted, to_utf8(path) + ": larger than " + human_size(limit));
  auto source = part_of(file_, member.offset, member.size);
  return read_all(*source, limit);
}

}  // namespace seawall::oci::detail
