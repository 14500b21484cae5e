#include "oci/reference.h"

#include "base/text.h"

namespace seawall::oci {
namespace {

constexpr std::size_t max_repository = 255, max_tag = 128;

bool is_lower_alnum(char c) { return is_lower(c) || is_digit(c); }

// One separator: '.', '_', "__", or any number of '-'. Gives its length, 0 where there is none.
std::size_t separator_length(std::string_view text) {
  if (text.starts_with("__")) return 2;
  if (text.starts_with('.') || text.starts_with('_')) return 1;
  auto end = text.find_first_not_of('-');
  return end == text.npos ? text.size() : end;
}

bool is_path_part(std::string_view part) {
  if (part.empty() || !is_lower_alnum(part.front()) || !is_lower_alnum(part.back())) return false;
  for (std::size_t at = 0; at < part.size();) {
    if (is_lower_alnum(part[at])) {
      ++at;
      continue;
    }
    auto length = separator_length(part.substr(at));
    if (length == 0) return false;
    at += length;
    if (at >= part.size() || !is_lower_alnum(part[at])) return false;
  }
  return true;
}

bool is_domain_name(std::string_view host) {
  for (auto label : split(host, '.')) {
    if (label.empty() || label.size() > 63 || !is_alnum(label.front()) || !is_alnum(label.back())) return false;
    for (char c : label)
      if (!is_alnum(c) && c != '-') return false;
  }
  return true;
}

bool is_ipv6(std::string_view text) {
  if (text.size() < 2) return false;
  for (char c : text)
    if (!is_digit(c) && c != ':' && c != '.' && !(to_lower(c) >= 'a' && to_lower(c) <= 'f')) return false;
  return text.find(':') != text.npos;
}

bool is_registry(std::string_view text) {
  auto colon = text.rfind(':');
  auto host = text;
  if (colon != text.npos && text.find(']', colon) == text.npos) {
    auto port = to_u64(text.substr(colon + 1));
    if (!port || *port == 0 || *port > 65535) return false;
    host = text.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) return is_ipv6(host.substr(1, host.size() - 2));
  return host.size() <= 255 && is_domain_name(host);
}

// Docker's rule: the first part is a registry where it could be no user name.
bool names_registry(std::string_view first) {
  return first.find_first_of(".:[") != first.npos || equal_ignoring_case(first, "localhost") || lower(first) != first;
}

Result<Reference> refuse(std::string_view given, std::string why) {
  auto shown = to_utf8(given.substr(0, 200));
  return fail(Code::invalid, "\"" + shown + "\" is no image reference: " + why);
}

}  // namespace

bool is_tag(std::string_view tag) noexcept {
  if (tag.empty() || tag.size() > max_tag || tag.front() == '.' || tag.front() == '-') return false;
  for (char c : tag)
    if (!is_alnum(c) && c != '_' && c != '.' && c != '-') return false;
  return true;
}

bool is_repository(std::string_view repository) noexcept {
  if (repository.size() > max_repository) return false;
  for (auto part : split(repository, '/'))
    if (!is_path_part(part)) return false;
  return true;
}

Result<Reference> Reference::parse(std::string_view given) {
  Reference reference;
  auto rest = given;
  if (auto at = rest.find('@'); at != rest.npos) {
    auto digest = crypto::Digest::parse(rest.substr(at + 1));
    if (!digest) return refuse(given, "its digest is not sha256: or sha512: and lower-case hexadecimal digits");
    reference.digest = std::move(*digest);
    rest = rest.substr(0, at);
  }
  // A colon after the last slash begins a tag; one before it, a port.
  auto slash = rest.rfind('/');
  if (auto colon = rest.rfind(':'); colon != rest.npos && (slash == rest.npos || colon > slash)) {
    reference.tag = rest.substr(colon + 1);
    if (!is_tag(reference.tag)) return refuse(given, "its tag has to be 1 to 128 of [A-Za-z0-9_.-], not led by . or -");
    rest = rest.substr(0, colon);
  }
  auto first = rest.substr(0, rest.find('/'));
  if (first.size() < rest.size() && names_registry(first)) {
    // A host that only its capitals tell from a user name keeps them.
    auto folded = lower(first);
    reference.registry = names_registry(folded) ? folded : std::string(first);
    reference.repository = rest.substr(first.size() + 1);
  } else {
    reference.registry = "docker.io";
    reference.repository = rest;
  }
  if (reference.registry == "index.docker.io" || reference.registry == "registry-1.docker.io")
    reference.registry = "docker.io";
  if (!is_registry(reference.registry)) return refuse(given, "its registry is no host name with an optional port");
  if (reference.registry == "docker.io" && reference.repository.find('/') == std::string::npos)
    reference.repository.insert(0, "library/");
  if (!is_repository(reference.repository))
    return refuse(given, "its repository has to be lower-case letters and digits, joined by / . _ or -");
  if (reference.tag.empty() && !reference.digest) reference.tag = "latest";
  return reference;
}

std::string Reference::text() const {
  auto whole = registry + "/" + repository;
  if (!tag.empty()) whole += ":" + tag;
  if (digest) whole += "@" + digest->text();
  return whole;
}

std::string Reference::host() const { return registry == "docker.io" ? "registry-1.docker.io" : registry; }

}  // namespace seawall::oci
