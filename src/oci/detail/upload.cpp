#include "oci/detail/upload.h"

#include "base/text.h"
#include "oci/detail/retry.h"

namespace seawall::oci::detail {
namespace {

constexpr std::size_t max_answer = std::size_t{1} << 20;

Call push_call(std::string method, std::string url) {
  return {.request = {.method = std::move(method), .url = std::move(url)}, .access = Access::push};
}

Result<> hold_against(const net::Response& response, const crypto::Digest& wanted) {
  auto got = response.header("docker-content-digest");
  if (!got || *got == wanted.text()) return {};
  return fail(Code::corrupt, "the registry stored " + to_utf8(got->substr(0, 200)) + " instead of " + wanted.text());
}

}  // namespace

Result<std::optional<Upload>> Upload::begin(const Endpoint& endpoint, const crypto::Digest* wanted,
                                            const std::string& mount_from) {
  auto call = push_call("POST", "blobs/uploads/");
  if (wanted != nullptr && !mount_from.empty()) {
    call.request.url += "?mount=" + net::url_encode(wanted->text()) + "&from=" + net::url_encode(mount_from);
    call.more_scope = "repository:" + mount_from + ":pull";
  }
  auto response = SW_TRY(endpoint.send(call, max_answer));
  if (response.status == 201) return std::nullopt;
  if (response.status != 202) return std::unexpected(error_of(response, response.body).in("upload"));
  Upload upload(endpoint);
  SW_TRY(upload.take_location(response));
  upload.least_chunk_ = to_u64(response.header("oci-chunk-min-length").value_or("")).value_or(0);
  return upload;
}

Result<> Upload::take_location(const net::Response& response) {
  auto header = response.header("location");
  if (!header) return fail(Code::unavailable, "upload: the registry gives no Location");
  auto url = SW_TRY(in("upload", net::resolve_url(response.url, *header)));
  location_ = std::move(url.text);
  return {};
}

Result<net::Response> Upload::patch(std::string_view bytes) {
  auto call = push_call("PATCH", location_);
  call.request.headers = {
      {"Content-Type", "application/octet-stream"},
      {"Content-Range", std::to_string(offset_) + "-" + std::to_string(offset_ + bytes.size() - 1)}};
  call.request.body = bytes;
  return endpoint_->send_once(call, max_answer);
}

// "Range: 0-1023" says that 1024 bytes came.
Result<std::uint64_t> Upload::offset_at_registry() {
  auto response = SW_TRY(endpoint_->send(push_call("GET", location_), max_answer));
  if (response.status != 204 && response.status != 202)
    return std::unexpected(error_of(response, response.body).in("upload"));
  SW_TRY(take_location(response));
  const auto header = response.header("range").value_or("");
  auto range = cut(header, "-");
  auto last = range ? to_u64(range->right) : std::nullopt;
  return last && *last > 0 ? *last + 1 : std::uint64_t{0};
}

Result<> Upload::chunk(std::string_view bytes) {
  if (bytes.empty()) return {};
  const auto end = offset_ + bytes.size();
  for (Retry retry(endpoint_->pacing()); offset_ < end;) {
    auto rest = bytes.substr(bytes.size() - (end - offset_));
    auto response = patch(rest);
    if (response && (response->status == 202 || response->status == 204)) {
      SW_TRY(take_location(*response));
      offset_ = end;
      return {};
    }
    const bool again = response ? retry.after(*response) : retry.after(response.error());
    if (!again && response) return std::unexpected(error_of(*response, response->body).in("upload"));
    if (!again) return std::unexpected(std::move(response.error()));
    auto there = SW_TRY(offset_at_registry());
    if (there < end - bytes.size() || there > end) return fail(Code::unavailable, "upload: the registry lost a part");
    offset_ = there;
  }
  return {};
}

Result<> Upload::finish(std::string_view bytes, const crypto::Digest& digest) {
  char separator = location_.find('?') == std::string::npos ? '?' : '&';
  auto call = push_call("PUT", location_ + separator + "digest=" + net::url_encode(digest.text()));
  call.request.headers = {{"Content-Type", "application/octet-stream"}};
  call.request.body = bytes;
  auto response = SW_TRY(endpoint_->send_once(call, max_answer));
  if (response.status != 201 && response.status != 204)
    return std::unexpected(error_of(response, response.body).in("upload"));
  return hold_against(response, digest);
}

}  // namespace seawall::oci::detail
