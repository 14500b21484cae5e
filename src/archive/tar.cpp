#include "archive/tar.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "archive/buffered_input.h"
#include "archive/tar_header.h"
#include "archive/tar_path.h"
#include "archive/tar_sparse.h"

namespace seawall::archive {
namespace {

// Go's archive/tar, by which container runtimes read layers, takes no more either.
constexpr std::uint64_t max_special_size = 1 << 20;
constexpr std::size_t first_step = 64 << 10;

EntryKind kind_of(char type) noexcept {
  using namespace tar_type;
  switch (type) {
    case old_file:
    case file:
    case contiguous:
    case gnu_sparse:
      return EntryKind::file;
    case hardlink:
      return EntryKind::hardlink;
    case symlink:
      return EntryKind::symlink;
    case directory:
      return EntryKind::directory;
    default:
      return EntryKind::other;
  }
}

std::uint64_t padding_of(std::uint64_t size) noexcept { return (tar_block - size % tar_block) % tar_block; }

Result<std::uint64_t> content_size(const TarHeader& header) {
  if (has_no_content(header.type)) return 0;
  if (header.size < 0) return fail(Code::corrupt, "tar: negative size");
  return static_cast<std::uint64_t>(header.size);
}

// The headers before an entry that change it. A second one of a kind replaces the first.
struct Overrides {
  std::optional<PaxRecords> pax;
  std::string long_name, long_link;
};

void apply_overrides(TarHeader& header, const Overrides& overrides) {
  if (overrides.pax) {
    const auto& pax = *overrides.pax;
    if (!pax.path.empty()) header.name = pax.path;
    if (!pax.link.empty()) header.link = pax.link;
    if (pax.size) header.size = *pax.size;
    if (pax.modified) header.modified = *pax.modified;
  }
  // Over pax, in whatever order they come: so do the runtimes.
  if (!overrides.long_name.empty()) header.name = overrides.long_name;
  if (!overrides.long_link.empty()) header.link = overrides.long_link;
  // Before the type flag had a value for them, a slash told directories.
  if (header.type == tar_type::old_file && header.name.ends_with('/')) header.type = tar_type::directory;
}

}  // namespace

struct TarReader::Impl {
  Impl(Source& source, const TarLimits& limits_in) : input(source), limits(limits_in) {}

  // The header block of the next entry or special header; empty at the end of the archive.
  Result<std::string_view> header_block() {
    auto block = SW_TRY(input.take(tar_block));
    if (block.empty() || !is_zero_block(block)) return block;
    auto second = SW_TRY(input.take(tar_block));
    if (!second.empty() && !is_zero_block(second)) return fail(Code::corrupt, "tar: data behind half an end mark");
    return std::string_view{};
  }

  Result<std::string> special_content(const TarHeader& header) {
    auto size = SW_TRY(content_size(header));
    if (size > max_special_size) return fail(Code::exhausted, "tar: extended header longer than 1 MiB");
    std::string body(static_cast<std::size_t>(size), '\0');
    for (std::size_t filled = 0; filled < body.size();) {
      auto got = SW_TRY(input.read({body.data() + filled, body.size() - filled}));
      if (got == 0) return fail(Code::corrupt, "tar: ends within an extended header");
      filled += got;
    }
    SW_TRY(input.skip(padding_of(size)));
    return body;
  }

  // False where the header is of an entry itself.
  Result<bool> take_special(const TarHeader& header, Overrides& overrides) {
    switch (header.type) {
      case tar_type::pax:
        overrides.pax = SW_TRY(parse_pax(SW_TRY(special_content(header))));
        return true;
      case tar_type::pax_global:
        // Runtimes do not apply it, and forget what came before it.
        SW_TRY(parse_pax(SW_TRY(special_content(header))));
        overrides = {};
        return true;
      case tar_type::gnu_long_name:
        overrides.long_name = tar_text(SW_TRY(special_content(header)));
        return true;
      case tar_type::gnu_long_link:
        overrides.long_link = tar_text(SW_TRY(special_content(header)));
        return true;
      default:
        return false;
    }
  }

  Result<> finish_entry() {
    if (SW_TRY(input.skip(physical_left)) > 0) return fail(Code::corrupt, "tar: ends within " + entry.path);
    // The padding of a last file may be missing.
    SW_TRY(input.skip(padding));
    physical_left = padding = 0;
    sparse.reset();
    return {};
  }

  Result<> begin_content(TarHeader& header, const Overrides& overrides, std::string_view block) {
    position = 0;
    part = 0;
    std::optional<OldGnuSparse> old_sparse;
    if (header.type == tar_type::gnu_sparse) old_sparse = SW_TRY(read_old_gnu_sparse(block, input));
    physical_left = real_size = SW_TRY(content_size(header));
    padding = padding_of(physical_left);
    if (old_sparse) {
      real_size = old_sparse->real_size;
      sparse = std::move(old_sparse->map);
    } else if (overrides.pax) {
      SW_TRY(begin_pax_sparse(header, overrides.pax->sparse));
    }
    if (sparse && (has_no_content(header.type) || !is_valid(*sparse, real_size)))
      return fail(Code::corrupt, "tar: bad sparse map");
    return {};
  }

  Result<> begin_pax_sparse(TarHeader& header, const PaxSparse& records) {
    auto form = sparse_form(records);
    if (form == SparseForm::none) return {};
    if (!records.name.empty()) header.name = records.name;
    if (records.real_size) real_size = *records.real_size;
    sparse = form == SparseForm::in_records ? SW_TRY(sparse_map_of_records(records))
                                            : SW_TRY(read_sparse_map_in_content(input, physical_left));
    return {};
  }

  // Makes the entry; false for what is not given: names that leave the root, and the root itself.
  bool take(const TarHeader& header) {
    entry = {};
    entry.kind = kind_of(header.type);
    entry.mode = header.mode;
    entry.modified = header.modified;
    if (entry.kind == EntryKind::file) entry.size = real_size;
    auto path = inside_path(header.name);
    if (path && path->empty() && entry.kind == EntryKind::directory) return false;
    if (path && !path->empty() && path->size() <= limits.path && take_link(header)) {
      entry.path = std::move(*path);
      return true;
    }
    ++rejected;
    return false;
  }

  bool take_link(const TarHeader& header) {
    if (header.link.size() > limits.path) return false;
    if (entry.kind == EntryKind::symlink) entry.link = header.link;
    if (entry.kind != EntryKind::hardlink) return true;
    auto target = inside_path(header.link);
    if (!target || target->empty()) return false;
    entry.link = std::move(*target);
    return true;
  }

  // False at the end.
  Result<bool> advance() {
    SW_TRY(finish_entry());
    Overrides overrides;
    while (true) {
      auto block = SW_TRY(header_block());
      if (block.empty()) return false;
      auto header = SW_TRY(parse_tar_header(block));
      if (SW_TRY(take_special(header, overrides))) continue;
      if (++entries > limits.entries)
        return fail(Code::exhausted, "tar: more than " + std::to_string(limits.entries) + " entries");
      apply_overrides(header, overrides);
      SW_TRY(begin_content(header, overrides, block));
      if (take(header)) return true;
      SW_TRY(finish_entry());
      overrides = {};
    }
  }

  Result<std::size_t> read_physical(std::span<char> buffer) {
    auto want = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), physical_left));
    if (want == 0) return 0;
    auto got = SW_TRY(input.read(buffer.first(want)));
    if (got == 0) return fail(Code::corrupt, "tar: ends within " + entry.path);
    physical_left -= got;
    return got;
  }

  Result<std::size_t> read_sparse(std::span<char> buffer) {
    const auto& map = *sparse;
    while (part < map.size() && map[part].end() <= position) ++part;
    bool hole = part == map.size() || position < map[part].offset;
    auto end = part == map.size() ? entry.size : hole ? map[part].offset : map[part].end();
    auto chunk = buffer.first(static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), end - position)));
    if (hole) {
      std::memset(chunk.data(), 0, chunk.size());
      position += chunk.size();
      return chunk.size();
    }
    auto got = SW_TRY(read_physical(chunk));
    if (got == 0 && !chunk.empty()) return fail(Code::corrupt, "tar: sparse data is missing in " + entry.path);
    position += got;
    return got;
  }

  BufferedInput input;
  TarLimits limits;
  TarEntry entry;
  std::uint64_t physical_left = 0, padding = 0, real_size = 0;
  std::optional<SparseMap> sparse;
  std::uint64_t position = 0;  // in a sparse file
  std::size_t part = 0;        // the first that does not end before `position`
  std::uint64_t entries = 0, rejected = 0;
  std::optional<Error> failed;
  bool ended = false;
};

TarReader::TarReader(Source& source, const TarLimits& limits) : impl_(std::make_unique<Impl>(source, limits)) {}
TarReader::TarReader(TarReader&&) noexcept = default;
TarReader::~TarReader() = default;

Result<const TarEntry*> TarReader::next() {
  if (impl_->failed) return std::unexpected(*impl_->failed);
  if (impl_->ended) return nullptr;
  auto more = impl_->advance();
  if (!more) {
    impl_->failed = more.error();
    return std::unexpected(std::move(more).error());
  }
  impl_->ended = !*more;
  return *more ? &impl_->entry : nullptr;
}

Result<std::string> TarReader::content(std::size_t limit) {
  if (impl_->entry.size > limit)
    return fail(Code::exhausted, impl_->entry.path + ": longer than " + std::to_string(limit) + " bytes");
  // The size is a claim: room grows as bytes arrive.
  auto size = static_cast<std::size_t>(impl_->entry.size);
  std::string bytes;
  std::size_t filled = 0;
  while (filled < size) {
    if (filled == bytes.size()) bytes.resize(std::min(size, std::max(first_step, filled * 2)));
    auto got = SW_TRY(read({bytes.data() + filled, bytes.size() - filled}));
    if (got == 0) break;
    filled += got;
  }
  bytes.resize(filled);
  return bytes;
}

Result<std::size_t> TarReader::read(std::span<char> buffer) {
  if (impl_->failed) return std::unexpected(*impl_->failed);
  auto got = impl_->sparse ? impl_->read_sparse(buffer) : impl_->read_physical(buffer);
  if (!got) impl_->failed = got.error();
  return got;
}

std::uint64_t TarReader::rejected() const noexcept { return impl_->rejected; }

}  // namespace seawall::archive
