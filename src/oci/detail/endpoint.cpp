#include "oci/detail/endpoint.h"

#include "base/text.h"
#include "codec/json.h"
#include "oci/detail/retry.h"

namespace seawall::oci::detail {
namespace {

constexpr std::size_t max_error_body = std::size_t{64} << 10;
constexpr int max_challenges = 2;  // an expired token, then the first with fresh knowledge

bool is_absolute(std::string_view url) { return url.starts_with("http://") || url.starts_with("https://"); }

// {"errors": [{"code": "MANIFEST_UNKNOWN", "message": "..."}]}
std::string words_of_registry(std::string_view body) {
  auto document = codec::parse_json(body, {.bytes = max_error_body, .nodes = 1000, .depth = 16});
  if (!document) return {};
  auto first = document->root()["errors"].at(0);
  auto code = first.text_or("code"), message = first.text_or("message");
  if (code.empty() && message.empty()) return {};
  return " (" + to_utf8(code.substr(0, 60)) + (message.empty() ? "" : ": " + to_utf8(message.substr(0, 200))) + ")";
}

Code code_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return Code::denied;
    case 404:
    case 410:
      return Code::not_found;
    case 408:
      return Code::timeout;
    case 400:
    case 405:
    case 416:
      return Code::invalid;
    default:
      return Code::unavailable;
  }
}

}  // namespace

Error error_of(const net::Response& head, std::string_view body) {
  return {code_of(head.status), "HTTP " + std::to_string(head.status) + words_of_registry(body)};
}

Error error_of(net::Stream& stream) {
  auto body = read_all(stream, max_error_body);
  return error_of(stream.head(), body ? *body : std::string());
}

Endpoint::Endpoint(EndpointOptions options) : options_(std::move(options)), client_(options_.client) {}

std::string Endpoint::scope(Access access) const {
  return "repository:" + options_.repository + (access == Access::push ? ":pull,push" : ":pull");
}

// Elsewhere TLS is tried first. On loopback nobody listens in, and a TLS handshake costs more than the whole answer:
// plain HTTP is asked first there, with no credentials, and a TLS server tells by what it answers.
Result<std::string> Endpoint::find_scheme() const {
  if (!options_.scheme.empty()) return options_.scheme;
  if (net::is_loopback(options_.host)) {
    auto plain = ping("http");
    if (plain && plain->status != 400 && plain->url.starts_with("http:")) return "http";
    auto secure = ping("https");
    if (secure || secure.error().code != Code::unavailable) return "https";
    if (plain) return "http";
    return std::unexpected(std::move(plain.error()));
  }
  if (options_.plain_http != PlainHttp::allowed) return "https";
  auto secure = ping("https");
  if (secure || secure.error().code != Code::unavailable) return "https";
  SW_TRY(ping("http"));
  return "http";
}

Result<net::Response> Endpoint::ping(const std::string& scheme) const {
  return client_.send({.method = "GET", .url = scheme + "://" + options_.host + "/v2/"}, max_error_body);
}

Result<const Endpoint::Connected*> Endpoint::connected() const {
  std::lock_guard lock(mutex_);
  if (connected_) return connected_.get();
  // Tried once: whoever calls tries again, and two loops would multiply.
  auto scheme = SW_TRY(find_scheme());
  auto url = SW_TRY(net::parse_url(scheme + "://" + options_.host + "/"));
  auto fresh = std::make_unique<Connected>();
  fresh->origin = url.origin();
  fresh->authorizer =
      std::make_unique<Authorizer>(client_, fresh->origin, options_.credentials, options_.plain_http, options_.pacing);
  connected_ = std::move(fresh);
  return connected_.get();
}

Result<std::unique_ptr<net::Stream>> Endpoint::authorized(const Call& call) const {
  const auto* to = SW_TRY(connected());
  auto request = call.request;
  if (!is_absolute(request.url)) request.url = to->origin + "/v2/" + options_.repository + "/" + request.url;
  auto url = SW_TRY(net::parse_url(request.url));
  if (url.origin() != to->origin) {  // an upload that goes on elsewhere: no credentials, no certificate
    request.certificate = net::Certificate::withheld;
    return client_.open(request);
  }
  auto wanted = scope(call.access) + (call.more_scope.empty() ? "" : " " + call.more_scope);
  for (int challenges = 0;; ++challenges) {
    auto attempt = request;
    if (auto header = SW_TRY(to->authorizer->header(wanted))) attempt.headers.emplace_back("Authorization", *header);
    auto stream = SW_TRY(client_.open(attempt));
    if (stream->head().status != 401) return stream;
    if (challenges == max_challenges || request.upload != nullptr) return std::unexpected(error_of(*stream));
    SW_TRY(to->authorizer->challenged(stream->head(), wanted));
  }
}

Result<std::unique_ptr<net::Stream>> Endpoint::open(const Call& call) const {
  for (Retry retry(options_.pacing);;) {
    auto stream = authorized(call);
    if (!stream) {
      if (retry.after(stream.error())) continue;
      return std::unexpected(std::move(stream.error()));
    }
    if (retry.after((*stream)->head())) continue;
    return stream;
  }
}

Result<net::Response> Endpoint::send(const Call& call, std::size_t body_limit) const {
  for (Retry retry(options_.pacing);;) {
    auto response = send_once(call, body_limit);
    if (!response) {
      if (retry.after(response.error())) continue;
      return std::unexpected(std::move(response.error()));
    }
    if (retry.after(*response)) continue;
    return response;
  }
}

Result<net::Response> Endpoint::send_once(const Call& call, std::size_t body_limit) const {
  auto stream = SW_TRY(authorized(call));
  auto body = SW_TRY(read_all(*stream, body_limit));
  auto response = stream->head();
  response.body = std::move(body);
  return response;
}

}  // namespace seawall::oci::detail
