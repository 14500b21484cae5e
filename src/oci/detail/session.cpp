#include "oci/detail/session.h"

#include "base/text.h"
#include "oci/detail/blob_stream.h"
#include "oci/detail/retry.h"
#include "oci/detail/verify.h"

namespace seawall::oci::detail {
namespace {

// The registry's word on what it sent, where it gives one.
Result<> hold_against_header(const net::Response& response) {
  auto header = response.header("docker-content-digest");
  if (!header) return {};
  auto digest = crypto::Digest::parse(*header);
  if (!digest) return {};  // some proxies send other things; what we compute is what counts
  return in("Docker-Content-Digest", verify(response.body, *digest, std::nullopt));
}

}  // namespace

Session::Session(Reference reference, std::vector<std::unique_ptr<Endpoint>> endpoints)
    : reference_(std::move(reference)), endpoints_(std::move(endpoints)) {
  SW_CHECK(!endpoints_.empty());
}

Result<Found> Session::resolve_at(const Endpoint& endpoint, std::string_view tag_or_digest) const {
  auto response = SW_TRY(endpoint.send({.request = {.url = "manifests/" + std::string(tag_or_digest),
                                                    .headers = {{"Accept", std::string(media_type::accepted)}}}},
                                       max_manifest));
  if (response.status != 200) return std::unexpected(error_of(response, response.body));
  SW_TRY(refuse_schema_1(response.header("content-type").value_or("")));
  auto digest = crypto::Digest::of(response.body);
  if (auto wanted = crypto::Digest::parse(tag_or_digest)) {
    SW_TRY(verify(response.body, *wanted, std::nullopt));
    digest = *wanted;
  } else {
    SW_TRY(hold_against_header(response));
  }
  return Found{.descriptor = {.media_type = response.header("content-type").value_or(""),
                              .digest = std::move(digest),
                              .size = response.body.size()},
               .text = std::move(response.body)};
}

Result<Found> Session::resolve(std::string_view tag_or_digest) const {
  for (auto& endpoint : endpoints_) {
    auto found = resolve_at(*endpoint, tag_or_digest);
    if (found || endpoint == endpoints_.back()) return in(endpoint->host(), std::move(found));
  }
  return fail(Code::internal, "no endpoint");
}

Result<std::string> Session::manifest(const Descriptor& descriptor) const {
  auto found = SW_TRY(resolve(descriptor.digest.text()));
  SW_TRY(verify(found.text, descriptor.digest, descriptor.size));
  return std::move(found.text);
}

Result<std::unique_ptr<Source>> Session::open_blob(const Descriptor& descriptor) const {
  return BlobStream::open(shared_from_this(), descriptor);
}

std::size_t Session::places(const Descriptor& descriptor) const { return endpoints_.size() + descriptor.urls.size(); }

Result<std::unique_ptr<net::Stream>> Session::blob_from(const Descriptor& descriptor, std::size_t place,
                                                        std::uint64_t offset) const {
  net::Request request{.url = "blobs/" + descriptor.digest.text()};
  if (offset > 0) request.headers.emplace_back("Range", "bytes=" + std::to_string(offset) + "-");
  const bool foreign = place >= endpoints_.size();
  auto stream = foreign ? SW_TRY(foreign_blob(descriptor.urls[place - endpoints_.size()], std::move(request)))
                        : SW_TRY(endpoints_[place]->open({.request = std::move(request)}));
  auto status = stream->head().status;
  if (status == 200 || (offset > 0 && status == 206)) return stream;
  return std::unexpected(error_of(*stream));
}

Result<std::unique_ptr<net::Stream>> Session::foreign_blob(const std::string& url, net::Request request) const {
  auto parsed = SW_TRY(in("foreign layer", net::parse_url(url)));
  // An image from elsewhere has no say in what we ask of this machine.
  const bool on_this_machine = net::is_loopback(parsed.host) && net::is_loopback(origin().host());
  if ((parsed.scheme != "https" || net::is_loopback(parsed.host)) && !on_this_machine)
    return fail(Code::denied, "foreign layer: its URL is not https, or this machine's: " + parsed.host);
  request.url = parsed.text;
  request.certificate = net::Certificate::withheld;
  for (Retry retry(origin().pacing());;) {
    auto stream = in("foreign layer", origin().client().open(request));
    if (!stream) {
      if (retry.after(stream.error())) continue;
      return stream;
    }
    if (retry.after((*stream)->head())) continue;
    return stream;
  }
}

}  // namespace seawall::oci::detail
