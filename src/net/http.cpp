#include "net/http.h"

#include "base/files.h"
#include "base/text.h"
#include "net/detail/transfer.h"

namespace seawall::net {
namespace {

constexpr std::uint64_t max_ca_bytes = std::uint64_t{8} << 20;

class TransferStream final : public Stream {
 public:
  explicit TransferStream(std::unique_ptr<detail::Transfer> transfer) : transfer_(std::move(transfer)) {}
  const Response& head() const override { return transfer_->head(); }
  Result<std::size_t> read(std::span<char> buffer) override {
    if (failure_) return std::unexpected(*failure_);
    auto n = transfer_->read(buffer);
    if (!n) failure_ = n.error();
    return n;
  }

 private:
  std::unique_ptr<detail::Transfer> transfer_;
  std::optional<Error> failure_;
};

// A URL fit for messages: query strings of blob stores carry signatures.
std::string shown(std::string_view url) { return std::string(url.substr(0, url.find('?'))); }

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_credential(std::string_view header) {
  constexpr std::string_view names[] = {"authorization", "cookie", "proxy-authorization"};
  for (auto name : names)
    if (equal_ignoring_case(header, name)) return true;
  return false;
}

Result<Url> next_hop(const Url& from, const std::string& location) {
  auto to = SW_TRY(in("redirect", resolve_url(from.text, location)));
  if (from.scheme == "https" && to.scheme == "http")
    return fail(Code::denied, "refused a redirect from https to plain http at " + to.host);
  return to;
}

}  // namespace

struct Client::Impl {
  ClientOptions options;
  std::string ca_pem;
  std::optional<Error> failure;  // of reading ca_file: a constructor has no other way to tell
  std::shared_ptr<detail::ConnectionPool> pool = std::make_shared<detail::ConnectionPool>();

  Result<std::unique_ptr<detail::Transfer>> start(const Request& request, const Url& url,
                                                  Certificate certificate) const {
    auto transfer = std::make_unique<detail::Transfer>(pool, options, ca_pem);
    SW_TRY(in(shown(url.text), transfer->start(request, url, certificate)));
    return transfer;
  }
};

Client::Client(ClientOptions options) : impl_(std::make_unique<Impl>()) {
  impl_->ca_pem = options.ca_pem;
  if (!options.ca_file.empty()) {
    if (auto text = read_file(options.ca_file, max_ca_bytes))
      impl_->ca_pem += "\n" + *text;
    else
      impl_->failure = std::move(text.error()).in("CA file");
  }
  impl_->options = std::move(options);
}

Client::Client(Client&&) noexcept = default;
Client::~Client() = default;

const ClientOptions& Client::options() const noexcept { return impl_->options; }

Result<std::unique_ptr<Stream>> Client::open(const Request& request) const {
  if (impl_->options.network == Network::offline)
    return fail(Code::denied, "offline: no connection to " + shown(request.url));
  if (impl_->failure) return std::unexpected(*impl_->failure);
  auto url = SW_TRY(parse_url(request.url));
  const auto first_origin = url.origin();
  const bool follows = (request.method == "GET" || request.method == "HEAD") && request.body.empty();
  Request hop = request;
  auto certificate = request.certificate;
  for (int redirects = 0;; ++redirects) {
    auto transfer = SW_TRY(impl_->start(hop, url, certificate));
    auto location = transfer->head().header("location");
    if (!follows || !is_redirect(transfer->head().status) || !location)
      return std::make_unique<TransferStream>(std::move(transfer));
    if (redirects == impl_->options.redirects)
      return fail(Code::exhausted, shown(url.text) + ": more than " + std::to_string(redirects) + " redirects");
    url = SW_TRY(next_hop(url, *location));
    if (url.origin() != first_origin) {
      std::erase_if(hop.headers, [](auto& header) { return is_credential(header.first); });
      certificate = Certificate::withheld;
    }
  }
}

Result<Response> Client::send(const Request& request, std::size_t body_limit) const {
  auto stream = SW_TRY(open(request));
  auto body = SW_TRY(in(shown(request.url), read_all(*stream, body_limit)));
  Response response = stream->head();
  response.body = std::move(body);
  return response;
}

std::optional<std::string> Response::header(std::string_view name) const {
  for (auto& [key, value] : headers)
    if (equal_ignoring_case(key, name)) return value;
  return std::nullopt;
}

std::vector<std::string> Response::all(std::string_view name) const {
  std::vector<std::string> found;
  for (auto& [key, value] : headers)
    if (equal_ignoring_case(key, name)) found.push_back(value);
  return found;
}

}  // namespace seawall::net
