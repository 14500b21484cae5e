#include "oci/detail/authorizer.h"

#include "base/text.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "oci/detail/challenge.h"
#include "oci/detail/retry.h"

namespace seawall::oci::detail {
namespace {

constexpr std::size_t max_token_answer = std::size_t{1} << 20;
constexpr std::int64_t default_life = 60, longest_life = 86'400;  // seconds; the first as the token specification says

// The scopes of a challenge and our own, each once.
std::string joined_scopes(const std::string& asked, const std::string& own) {
  std::vector<std::string> all;
  for (auto& source : {asked, own})
    for (auto scope : words(source))
      if (std::find(all.begin(), all.end(), scope) == all.end()) all.emplace_back(scope);
  return join(all, " ");
}

std::string basic_header(const Credentials& credentials) {
  return "Basic " + codec::to_base64(credentials.user + ":" + credentials.password);
}

}  // namespace

Authorizer::Authorizer(const net::Client& client, std::string origin, Credentials credentials, PlainHttp plain_http,
                       const Pacing& pacing)
    : client_(client),
      origin_(std::move(origin)),
      credentials_(std::move(credentials)),
      plain_http_(plain_http),
      pacing_(pacing) {}

Result<std::optional<std::string>> Authorizer::header(const std::string& scope) {
  std::lock_guard lock(mutex_);
  if (!credentials_.registry_token.empty()) return "Bearer " + credentials_.registry_token;
  if (basic_) return basic_header(credentials_);
  if (!realm_) return std::nullopt;
  auto known = tokens_.find(scope);
  if (known == tokens_.end() || known->second.expires <= pacing_.now())
    known = tokens_.insert_or_assign(scope, SW_TRY(fetch(scope))).first;
  return "Bearer " + known->second.text;
}

Result<> Authorizer::challenged(const net::Response& unauthorized, const std::string& scope) {
  std::lock_guard lock(mutex_);
  bool offers_basic = false;
  for (auto& header : unauthorized.all("www-authenticate"))
    for (auto& challenge : parse_challenges(header)) {
      if (challenge.scheme == "bearer" && !challenge.parameter("realm").empty())
        return use_bearer({.url = challenge.parameter("realm"),
                           .service = challenge.parameter("service"),
                           .scope = challenge.parameter("scope")},
                          scope);
      offers_basic = offers_basic || challenge.scheme == "basic";
    }
  if (!offers_basic) return fail(Code::denied, "the registry asks for a way to log in that is not known here");
  if (credentials_.user.empty()) return fail(Code::denied, "the registry asks for a user and a password");
  if (basic_) return fail(Code::denied, "the registry refused the user or the password");
  basic_ = true;
  return {};
}

Result<> Authorizer::use_bearer(Realm realm, const std::string& scope) {
  auto url = SW_TRY(in("token service", net::parse_url(realm.url)));
  if (url.scheme == "http" && plain_http_ != PlainHttp::allowed && !net::is_loopback(url.host))
    return fail(Code::denied, "the registry names a token service on plain HTTP: " + url.host);
  realm_ = std::move(realm);
  tokens_.erase(scope);
  tokens_.insert_or_assign(scope, SW_TRY(fetch(scope)));
  return {};
}

net::Request Authorizer::token_request(const std::string& scope) const {
  const auto scopes = joined_scopes(realm_->scope, scope);
  net::Request request{.url = realm_->url};
  // The client certificate is for the registry; a token service elsewhere isn't shown it.
  auto url = net::parse_url(realm_->url);
  if (!url || url->origin() != origin_) request.certificate = net::Certificate::withheld;
  if (!credentials_.identity_token.empty()) {
    request.method = "POST";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = "grant_type=refresh_token&client_id=seawall&service=" + net::url_encode(realm_->service) +
                   "&scope=" + net::url_encode(scopes) +
                   "&refresh_token=" + net::url_encode(credentials_.identity_token);
    return request;
  }
  char separator = request.url.find('?') == std::string::npos ? '?' : '&';
  if (!realm_->service.empty()) {
    request.url += separator + ("service=" + net::url_encode(realm_->service));
    separator = '&';
  }
  for (auto one : words(scopes)) {
    request.url += separator + ("scope=" + net::url_encode(one));
    separator = '&';
  }
  if (!credentials_.user.empty()) request.headers = {{"Authorization", basic_header(credentials_)}};
  return request;
}

Result<Authorizer::Token> Authorizer::fetch(const std::string& scope) const {
  auto request = token_request(scope);
  for (Retry retry(pacing_);;) {
    // What it asks us to wait for is its own; getting no answer at all is tried again by whoever wanted the token.
    auto response = SW_TRY(in("token service", client_.send(request, max_token_answer)));
    if (retry.after(response)) continue;
    return in("token service", token_from(response));
  }
}

Result<Authorizer::Token> Authorizer::token_from(const net::Response& response) const {
  if (response.status == 400 || response.status == 401 || response.status == 403)
    return fail(Code::denied, credentials_.anonymous() ? "no anonymous access" : "the credentials were refused");
  if (response.status != 200) return fail(Code::unavailable, "HTTP " + std::to_string(response.status));
  auto document = codec::parse_json(response.body, {.bytes = max_token_answer, .nodes = 10'000, .depth = 16});
  if (!document) return fail(Code::corrupt, "its answer is not JSON");
  auto root = document->root();
  auto text = root.text_or("token", root.text_or("access_token"));
  if (text.empty() || text.find_first_of("\r\n") != text.npos) return fail(Code::corrupt, "its answer has no token");
  auto life = std::clamp<std::int64_t>(root["expires_in"].integer().value_or(default_life), 0, longest_life);
  // A token is given up a little early: it has to last until the registry has read it.
  return Token{.text = std::string(text), .expires = pacing_.now() + life - std::min<std::int64_t>(life / 4, 10)};
}

}  // namespace seawall::oci::detail
