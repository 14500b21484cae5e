#include "archive/zip_directory.h"

#include <algorithm>
#include <optional>

namespace seawall::archive {
namespace {

// PKWARE APPNOTE.TXT 6.3.10, 4.3.12 to 4.3.16 and 4.5.3.
constexpr std::string_view entry_signature = "PK\x01\x02", end_signature = "PK\x05\x06", end64_signature = "PK\x06\x06",
                           locator64_signature = "PK\x06\x07";
constexpr std::size_t entry_length = 46, end_length = 22, end64_length = 56, locator64_length = 20;
constexpr std::size_t max_comment = 0xffff;
constexpr std::uint64_t in_zip64_16 = 0xffff, in_zip64_32 = 0xffffffff;
constexpr std::uint16_t zip64_extra = 1;

struct Directory {
  std::uint64_t end = 0;  // where the record lies that ends the directory
  std::uint64_t entries = 0, size = 0, offset = 0;
};

std::unexpected<Error> corrupt(std::string_view what) { return fail(Code::corrupt, std::string("zip: ").append(what)); }

std::string_view at(std::string_view bytes, std::uint64_t offset) noexcept {
  return offset <= bytes.size() ? bytes.substr(static_cast<std::size_t>(offset)) : std::string_view{};
}

Directory parse_end(std::string_view bytes, std::size_t position) {
  auto record = bytes.substr(position);
  return {.end = position,
          .entries = little(record, 10, 2),
          .size = little(record, 12, 4),
          .offset = little(record, 16, 4)};
}

// From the back: the record whose comment reaches the end of the file; else the last one that could be one, for files
// with something behind the archive.
std::optional<std::size_t> find_end(std::string_view bytes) {
  if (bytes.size() < end_length) return std::nullopt;
  auto lowest = bytes.size() > end_length + max_comment ? bytes.size() - end_length - max_comment : 0;
  std::optional<std::size_t> loose;
  auto position = bytes.size() - end_length;
  while (true) {
    position = bytes.rfind(end_signature, position);
    if (position == std::string_view::npos || position < lowest) return loose;
    std::size_t comment = little_u16(bytes, position + 20), behind = bytes.size() - position - end_length;
    if (comment == behind) return position;
    auto directory = parse_end(bytes, position);
    bool zip64 = directory.offset == in_zip64_32;
    if (!loose && comment < behind && (zip64 || directory.size + directory.offset <= position)) loose = position;
    if (position == 0) return loose;
    --position;
  }
}

bool needs_zip64(const Directory& directory) noexcept {
  return directory.entries == in_zip64_16 || directory.size == in_zip64_32 || directory.offset == in_zip64_32;
}

// The zip64 record lies where its locator says, or, behind a prefix, right before the locator.
std::optional<Directory> find_zip64_end(std::string_view bytes, std::uint64_t end) {
  if (end < locator64_length) return std::nullopt;
  auto locator = at(bytes, end - locator64_length);
  if (!locator.starts_with(locator64_signature)) return std::nullopt;
  auto before_locator = end - locator64_length >= end64_length ? end - locator64_length - end64_length : 0;
  for (auto position : {little(locator, 8, 8), before_locator}) {
    auto record = at(bytes, position);
    if (record.size() < end64_length || !record.starts_with(end64_signature)) continue;
    return Directory{.end = position,
                     .entries = little(record, 32, 8),
                     .size = little(record, 40, 8),
                     .offset = little(record, 48, 8)};
  }
  return std::nullopt;
}

// What lies before the archive, so that all offsets are short by it.
Result<std::uint64_t> prefix_length(std::string_view bytes, const Directory& directory) {
  if (directory.size > directory.end) return corrupt("directory lies outside");
  auto begin = directory.end - directory.size;
  auto is_directory = [&](std::uint64_t offset) {
    return directory.size == 0 || at(bytes, offset).starts_with(entry_signature);
  };
  if (begin >= directory.offset && is_directory(begin)) return begin - directory.offset;
  if (directory.offset <= bytes.size() && is_directory(directory.offset)) return 0;
  return corrupt("directory is not where it should be");
}

// Sizes and offset that do not fit their fields, in this order, in the extra field 1.
Result<> apply_zip64_extra(ZipEntry& entry, std::string_view extra) {
  while (extra.size() >= 4) {
    auto id = little_u16(extra, 0), length = little_u16(extra, 2);
    auto body = extra.substr(4, length);
    extra.remove_prefix(std::min<std::size_t>(extra.size(), 4U + length));
    if (id != zip64_extra) continue;
    for (auto* field : {&entry.size, &entry.packed_size, &entry.offset}) {
      if (*field != in_zip64_32) continue;
      if (body.size() < 8) return corrupt("short zip64 field");
      *field = little(body, 0, 8);
      body.remove_prefix(8);
    }
    return {};
  }
  return {};
}

// Takes one entry from the front of the directory.
Result<ZipEntry> take_entry(std::string_view& rest) {
  if (rest.size() < entry_length) return corrupt("directory is cut");
  ZipEntry entry;
  entry.size = little(rest, 24, 4);
  entry.packed_size = little(rest, 20, 4);
  entry.offset = little(rest, 42, 4);
  entry.flags = little_u16(rest, 8);
  entry.method = little_u16(rest, 10);
  entry.checksum = static_cast<std::uint32_t>(little(rest, 16, 4));
  std::size_t name = little_u16(rest, 28), extra = little_u16(rest, 30), comment = little_u16(rest, 32);
  if (rest.size() - entry_length < name + extra + comment) return corrupt("directory is cut");
  entry.path = rest.substr(entry_length, name);
  SW_TRY(apply_zip64_extra(entry, rest.substr(entry_length + name, extra)));
  rest.remove_prefix(entry_length + name + extra + comment);
  return entry;
}

}  // namespace

Result<std::vector<ZipEntry>> read_zip_directory(std::string_view bytes, std::size_t max_entries) {
  auto end = find_end(bytes);
  if (!end) return corrupt("no end record");
  auto directory = parse_end(bytes, *end);
  if (needs_zip64(directory)) directory = find_zip64_end(bytes, *end).value_or(directory);
  auto prefix = SW_TRY(prefix_length(bytes, directory));
  auto rest = at(bytes, directory.offset + prefix).substr(0, static_cast<std::size_t>(directory.size));
  std::vector<ZipEntry> entries;
  // The count is a claim, and 16 bits short of the truth in old writers: the signatures decide.
  while (rest.starts_with(entry_signature)) {
    if (entries.size() >= max_entries)
      return fail(Code::exhausted, "zip: more than " + std::to_string(max_entries) + " entries");
    auto entry = SW_TRY(take_entry(rest));
    entry.offset += prefix;
    entries.push_back(std::move(entry));
  }
  if (entries.empty() && directory.entries > 0) return corrupt("directory is empty");
  return entries;
}

}  // namespace seawall::archive
