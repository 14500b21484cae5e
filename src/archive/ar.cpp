#include "archive/ar.h"

#include "archive/buffered_input.h"
#include "base/text.h"

namespace seawall::archive {
namespace {

// deb(5), ar(5): "!<arch>\n", then for each member 60 characters of text and its content, padded to even length.
constexpr std::string_view magic = "!<arch>\n", header_end = "`\n";
constexpr std::size_t header_length = 60, name_length = 16, size_offset = 48, size_length = 10;
constexpr std::uint64_t max_members = 10'000;

}  // namespace

struct ArReader::Impl {
  explicit Impl(Source& source) : input(source) {}

  Result<> begin() {
    if (started) return {};
    started = true;
    if (SW_TRY(input.take(magic.size())) != magic) return fail(Code::corrupt, "ar: no ar archive");
    return {};
  }

  Result<bool> advance() {
    SW_TRY(begin());
    SW_TRY(content.finish());
    auto header = SW_TRY(input.take(header_length));
    if (header.empty()) return false;
    auto size = to_u64(trim(header.substr(size_offset, size_length)));
    if (!header.ends_with(header_end) || !size) return fail(Code::corrupt, "ar: bad member header");
    if (++members > max_members)
      return fail(Code::exhausted, "ar: more than " + std::to_string(max_members) + " members");
    auto name = trim(header.substr(0, name_length));
    if (name.size() > 1 && name.ends_with('/') && name != "//") name.remove_suffix(1);
    member = {.name = std::string(name), .size = *size};
    content.begin(*size, *size % 2);
    return true;
  }

  BufferedInput input;
  MemberSource content{input};
  ArMember member;
  std::uint64_t members = 0;
  bool started = false;
};

ArReader::ArReader(Source& source) : impl_(std::make_unique<Impl>(source)) {}
ArReader::ArReader(ArReader&&) noexcept = default;
ArReader::~ArReader() = default;

Result<const ArMember*> ArReader::next() {
  if (!SW_TRY(impl_->advance())) return nullptr;
  return &impl_->member;
}

Source& ArReader::content() noexcept { return impl_->content; }

}  // namespace seawall::archive
