#include "oci/detail/blob_stream.h"

#include <algorithm>

#include "base/text.h"

namespace seawall::oci::detail {
namespace {

// What has to come between two breaks for the second to count as the first: dripping by breaks has an end.
constexpr std::uint64_t worth_a_break = std::uint64_t{256} << 10;

// "bytes 100-199/200"
struct ContentRange {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> total;
};

std::optional<ContentRange> parse_content_range(std::string_view header) {
  auto unit = cut(trim(header), " ");
  if (!unit || !equal_ignoring_case(unit->left, "bytes")) return std::nullopt;
  auto whole = cut(unit->right, "/");
  auto range = whole ? cut(whole->left, "-") : std::nullopt;
  auto first = range ? to_u64(trim(range->left)) : std::nullopt;
  if (!first) return std::nullopt;
  return ContentRange{.first = *first, .total = to_u64(trim(whole->right))};
}

Error announces_other_size(std::uint64_t wanted, std::uint64_t got) {
  return {Code::corrupt, std::to_string(wanted) + " bytes were announced by the manifest, the server announces " +
                             std::to_string(got)};
}

// Where the answer begins in the blob; corrupt where it belongs to a blob of another size.
Result<std::uint64_t> beginning_of(const net::Response& head, std::uint64_t size, std::uint64_t asked) {
  if (head.status == 206) {
    auto range = parse_content_range(head.header("content-range").value_or(""));
    if (!range || range->first > asked) return fail(Code::unavailable, "the server sent another range than asked for");
    if (range->total && *range->total != size) return std::unexpected(announces_other_size(size, *range->total));
    return range->first;
  }
  auto length = to_u64(head.header("content-length").value_or(""));
  if (length && *length != size) return std::unexpected(announces_other_size(size, *length));
  return std::uint64_t{0};
}

}  // namespace

BlobStream::BlobStream(std::shared_ptr<const Session> session, const Descriptor& descriptor)
    : session_(std::move(session)), descriptor_(descriptor), retry_(session_->origin().pacing()) {}

Result<std::unique_ptr<Source>> BlobStream::open(std::shared_ptr<const Session> session, const Descriptor& descriptor) {
  std::unique_ptr<BlobStream> blob(new BlobStream(std::move(session), descriptor));
  SW_TRY(blob->open_somewhere());
  return blob;
}

// The first place that has it; where none does, the error of the last one that was asked.
Result<> BlobStream::open_somewhere() {
  for (;; ++place_) {
    auto opened = open_here();
    if (opened || !leads_elsewhere(opened.error())) return opened;
  }
}

// Any failure of a mirror leads on. Foreign URLs are for what the registry says it doesn't hold.
bool BlobStream::leads_elsewhere(const Error& error) const {
  if (place_ + 1 >= session_->places(descriptor_)) return false;
  return !session_->is_origin(place_) || error.code == Code::not_found;
}

Result<> BlobStream::open_here() {
  stream_ = SW_TRY(session_->blob_from(descriptor_, place_, offset_));
  auto begins = SW_TRY(beginning_of(stream_->head(), descriptor_.size, offset_));
  return skip(offset_ - begins);
}

// What a server sends again although we have it.
Result<> BlobStream::skip(std::uint64_t bytes) {
  std::string scratch(std::min<std::uint64_t>(bytes, 256 << 10), '\0');
  while (bytes > 0) {
    auto n = SW_TRY(stream_->read(std::span(scratch).first(std::min<std::uint64_t>(bytes, scratch.size()))));
    if (n == 0) return fail(Code::unavailable, "the server ended the blob early");
    bytes -= n;
  }
  return {};
}

bool BlobStream::may_go_on_after(const Error& error) {
  if (retry_.after(error)) return true;
  if (!leads_elsewhere(error)) return false;
  ++place_;
  retry_.progress();
  return true;
}

Result<std::size_t> BlobStream::next(std::span<char> buffer) {
  if (!stream_) SW_TRY(open_somewhere());
  return stream_->read(buffer);
}

Result<std::size_t> BlobStream::read(std::span<char> buffer) {
  for (;;) {
    auto n = next(buffer);
    if (n) {
      offset_ += *n;
      since_break_ += *n;
      if (since_break_ >= worth_a_break) retry_.progress();
      return n;
    }
    stream_.reset();
    since_break_ = 0;
    // All came, and only the end was not said properly: the digest decides.
    if (offset_ == descriptor_.size) return std::size_t{0};
    if (!may_go_on_after(n.error())) return n;
  }
}

}  // namespace seawall::oci::detail
