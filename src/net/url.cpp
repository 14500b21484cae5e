#include <curl/curl.h>

#include <memory>

#include "base/text.h"
#include "net/http.h"

namespace seawall::net {
namespace {

struct CloseUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, CloseUrl>;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

Result<Url> taken_apart(CURLU* url) {
  curl_url_set(url, CURLUPART_USER, nullptr, 0);
  curl_url_set(url, CURLUPART_PASSWORD, nullptr, 0);
  curl_url_set(url, CURLUPART_FRAGMENT, nullptr, 0);
  Url result{.scheme = lower(part_of(url, CURLUPART_SCHEME)),
             .host = lower(part_of(url, CURLUPART_HOST)),
             .port = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT),
             .text = part_of(url, CURLUPART_URL)};
  if (result.scheme != "http" && result.scheme != "https")
    return fail(Code::invalid, "only http and https URLs are supported");
  if (result.host.empty() || result.text.empty()) return fail(Code::invalid, "URL without a host");
  return result;
}

Result<> set(CURLU* url, std::string_view text) {
  auto code = curl_url_set(url, CURLUPART_URL, std::string(text).c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) return fail(Code::invalid, "not a URL: " + to_utf8(text.substr(0, 200)));
  return {};
}

bool is_unreserved(char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  auto colon = host.find(':');
  // More than one colon: a bare IPv6 address.
  if (colon != host.npos && host.find(':', colon + 1) != host.npos) return host;
  return host.substr(0, colon);
}

bool is_ipv4_loopback(std::string_view host) {
  auto parts = split(host, '.');
  if (parts.size() != 4 || parts[0] != "127") return false;
  for (auto part : parts) {
    auto number = to_u64(part);
    if (!number || *number > 255) return false;
  }
  return true;
}

}  // namespace

std::string url_encode(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

bool is_loopback(std::string_view host_and_port) noexcept {
  auto host = without_port(host_and_port);
  return equal_ignoring_case(host, "localhost") || host == "::1" || is_ipv4_loopback(host);
}

Result<Url> parse_url(std::string_view text) {
  UrlHandle url(curl_url());
  SW_TRY(set(url.get(), text));
  return taken_apart(url.get());
}

Result<Url> resolve_url(std::string_view base, std::string_view relative) {
  UrlHandle url(curl_url());
  SW_TRY(set(url.get(), base));
  SW_TRY(set(url.get(), relative));
  return taken_apart(url.get());
}

}  // namespace seawall::net
