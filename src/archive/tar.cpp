#include "archive/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>

#include "archive/tar_path.h"

namespace seawall::archive {
namespace {

constexpr std::size_t block_buffer_size = 256 << 10;
constexpr std::size_t first_step = 64 << 10;

struct FreeArchive {
  void operator()(::archive* a) const noexcept { archive_read_free(a); }
};

EntryKind kind_of(::archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return EntryKind::hardlink;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return EntryKind::file;
    case AE_IFDIR:
      return EntryKind::directory;
    case AE_IFLNK:
      return EntryKind::symlink;
    default:
      return EntryKind::other;
  }
}

}  // namespace

struct TarReader::Impl {
  Impl(Source& source_in, const TarLimits& limits_in)
      : source(source_in), limits(limits_in), buffer(new char[block_buffer_size]) {
    SW_CHECK(reader != nullptr);
    SW_CHECK(archive_read_support_format_tar(reader.get()) == ARCHIVE_OK);
    SW_CHECK(archive_read_support_format_empty(reader.get()) == ARCHIVE_OK);
  }

  static la_ssize_t give_block(::archive* a, void* self, const void** block) {
    auto& impl = *static_cast<Impl*>(self);
    auto got = impl.source.read({impl.buffer.get(), block_buffer_size});
    if (!got) {
      impl.source_error = std::move(got.error());
      archive_set_error(a, EIO, "source failed");
      return -1;
    }
    *block = impl.buffer.get();
    return static_cast<la_ssize_t>(*got);
  }

  std::unexpected<Error> failed() {
    if (source_error) return std::unexpected(*source_error);
    const char* why = archive_error_string(reader.get());
    return fail(Code::corrupt, std::string("tar: ") + (why != nullptr ? why : "bad data"));
  }

  Result<bool> advance(::archive_entry*& raw) {
    if (!opened && archive_read_open(reader.get(), this, nullptr, give_block, nullptr) != ARCHIVE_OK) return failed();
    opened = true;
    int status = archive_read_next_header(reader.get(), &raw);
    if (status == ARCHIVE_EOF) return false;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return failed();
    if (++entries > limits.entries)
      return fail(Code::exhausted, "tar: more than " + std::to_string(limits.entries) + " entries");
    return true;
  }

  // False for what is not given: names that leave the root, and the root itself.
  bool take(::archive_entry* raw) {
    const char* name = archive_entry_pathname(raw);
    auto path = name != nullptr ? inside_path(name) : std::nullopt;
    entry = {};
    entry.kind = kind_of(raw);
    if (path && path->empty() && entry.kind == EntryKind::directory) return false;
    bool good = path && !path->empty() && path->size() <= limits.path && take_link(raw);
    if (!good) {
      ++rejected;
      return false;
    }
    entry.path = std::move(*path);
    entry.size = entry.kind == EntryKind::file ? static_cast<std::uint64_t>(archive_entry_size(raw)) : 0;
    entry.mode = static_cast<std::uint32_t>(archive_entry_perm(raw));
    entry.modified = archive_entry_mtime(raw);
    return true;
  }

  bool take_link(::archive_entry* raw) {
    if (const char* target = archive_entry_hardlink(raw); target != nullptr) {
      auto path = inside_path(target);
      if (!path) return false;
      entry.link = std::move(*path);
    } else if (const char* to = archive_entry_symlink(raw); to != nullptr) {
      entry.link = to;
    }
    return entry.link.size() <= limits.path;
  }

  Source& source;
  TarLimits limits;
  std::unique_ptr<char[]> buffer;
  std::unique_ptr<::archive, FreeArchive> reader{archive_read_new()};
  std::optional<Error> source_error;
  bool opened = false;
  TarEntry entry;
  std::uint64_t entries = 0, rejected = 0;
};

TarReader::TarReader(Source& source, const TarLimits& limits) : impl_(std::make_unique<Impl>(source, limits)) {}
TarReader::TarReader(TarReader&&) noexcept = default;
TarReader::~TarReader() = default;

Result<const TarEntry*> TarReader::next() {
  ::archive_entry* raw = nullptr;
  while (true) {
    if (!SW_TRY(impl_->advance(raw))) return nullptr;
    if (impl_->take(raw)) return &impl_->entry;
  }
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
    if (got == 0) return fail(Code::corrupt, impl_->entry.path + ": shorter than its header says");
    filled += got;
  }
  return bytes;
}

Result<std::size_t> TarReader::read(std::span<char> buffer) {
  auto got = archive_read_data(impl_->reader.get(), buffer.data(), buffer.size());
  if (got < 0) return impl_->failed();
  return static_cast<std::size_t>(got);
}

std::uint64_t TarReader::rejected() const noexcept { return impl_->rejected; }

}  // namespace seawall::archive
