#include "cel/detail/url.h"

#include <algorithm>

#include "base/text.h"
#include "cel/detail/address.h"

namespace seawall::cel {

namespace {

constexpr std::size_t npos = std::string_view::npos;

int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  auto letter = to_lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

bool is_escape(std::string_view text) noexcept {
  return text.size() >= 3 && text[0] == '%' && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0;
}
char escaped_byte(std::string_view text) noexcept {
  return static_cast<char>(hex_value(text[1]) << 4 | hex_value(text[2]));
}

bool is_unreserved(char c) noexcept { return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '~'; }
bool is_plain_in_path(char c) noexcept { return is_unreserved(c) || std::string_view("$&+,/:;=@").find(c) != npos; }
bool is_valid_in_path(char c) noexcept { return is_plain_in_path(c) || std::string_view("!'()*[]%").find(c) != npos; }
bool is_valid_in_host(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x80 || is_unreserved(c) ||
         std::string_view("!$&'()*+,;=:[]<>\"").find(c) != npos;
}
bool is_valid_in_user(char c) noexcept {
  return is_unreserved(c) || std::string_view(":!$&'()*+,;=%@").find(c) != npos;
}

bool escapes_fit(std::string_view text) noexcept {
  for (auto at = text.find('%'); at != npos; at = text.find('%', at + 1))
    if (!is_escape(text.substr(at))) return false;
  return true;
}

// In hosts only "%25" and what is no ASCII may be escaped.
bool host_fits(std::string_view host) noexcept {
  for (std::size_t at = 0; at < host.size(); ++at) {
    if (host[at] != '%') {
      if (!is_valid_in_host(host[at])) return false;
    } else if (auto escape = host.substr(at);
               !is_escape(escape) ||
               (static_cast<unsigned char>(escaped_byte(escape)) < 0x80 && escape.substr(0, 3) != "%25")) {
      return false;
    } else {
      at += 2;
    }
  }
  return true;
}

bool is_port(std::string_view text) noexcept {
  return text.empty() || (text.front() == ':' && std::ranges::all_of(text.substr(1), is_digit));
}

// A request target has no fragment, and "//" begins a host only behind a scheme.
enum class Form : bool { request_target, reference };

class UrlReader {
 public:
  UrlReader(std::string_view text, Form form, Arena& arena) : text_(text), form_(form), arena_(arena) {}

  ReadUrl read() noexcept {
    if (std::ranges::any_of(text_, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
      return refuse("invalid control character in URL");
    if (text_.empty()) return refuse("empty url");
    if (text_ == "*") return path_only();
    auto rest = text_;
    if (form_ == Form::reference && !take_fragment(rest)) return made_;
    if (!take_scheme(rest)) return made_;
    take_query(rest);
    if (!rest.starts_with('/')) {
      if (made_.url.scheme.empty()) return refuse("invalid URI for request");
      made_.url.opaque = rest;
      return made_;
    }
    if (has_authority(rest)) {
      auto authority = rest.substr(2, rest.find('/', 2) == npos ? npos : rest.find('/', 2) - 2);
      rest.remove_prefix(2 + authority.size());
      if (!take_authority(authority)) return made_;
    }
    take_path(rest);
    return made_;
  }

 private:
  ReadUrl refuse(const char* why) noexcept {
    made_.error = why;
    return made_;
  }
  ReadUrl path_only() noexcept {
    made_.url.path = text_;
    return made_;
  }
  // Null past the budget, which is noted.
  char* room(std::size_t size) noexcept {
    auto* memory = arena_.array<char>(size);
    made_.out_of_memory = made_.out_of_memory || memory == nullptr;
    if (memory == nullptr) made_.error = "memory budget exceeded";
    return memory;
  }

  bool take_fragment(std::string_view& rest) noexcept {
    auto hash = rest.find('#');
    if (hash == npos) return true;
    made_.url.fragment = rest.substr(hash + 1);
    rest = rest.substr(0, hash);
    return escapes_fit(made_.url.fragment) || refuse("invalid URL escape").error == nullptr;
  }

  bool has_authority(std::string_view rest) const noexcept {
    if (!rest.starts_with("//")) return false;
    return !made_.url.scheme.empty() || (form_ == Form::reference && !rest.starts_with("///"));
  }

  bool take_scheme(std::string_view& rest) noexcept {
    std::size_t at = 0;
    while (at < rest.size() && (is_alpha(rest[at]) || (at > 0 && (is_digit(rest[at]) || rest[at] == '+' ||
                                                                  rest[at] == '-' || rest[at] == '.'))))
      ++at;
    if (at == rest.size() || rest[at] != ':') return true;
    if (at == 0) return refuse("missing protocol scheme").error == nullptr;
    auto* memory = room(at);
    if (memory == nullptr) return false;
    std::transform(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(at), memory, to_lower);
    made_.url.scheme = {memory, at};
    rest.remove_prefix(at + 1);
    return true;
  }

  void take_query(std::string_view& rest) noexcept {
    auto mark = rest.find('?');
    if (mark == npos) return;
    made_.url.has_query = true;
    made_.url.query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }

  bool take_authority(std::string_view authority) noexcept {
    auto host = authority;
    if (auto at = authority.rfind('@'); at != npos) {
      made_.url.user = authority.substr(0, at);
      host = authority.substr(at + 1);
      if (!std::ranges::all_of(made_.url.user, is_valid_in_user) || !escapes_fit(made_.url.user))
        return refuse("net/url: invalid userinfo").error == nullptr;
    }
    if (auto* error = host_error(host)) return refuse(error).error == nullptr;
    auto plain = unescape(host, Plus::itself, arena_);
    if (!plain || plain->data() == nullptr) {
      made_.out_of_memory = true;
      return refuse("memory budget exceeded").error == nullptr;
    }
    made_.url.host = *plain;
    return true;
  }

  const char* host_error(std::string_view host) const noexcept {
    auto bracket = host.rfind('[');
    if (bracket != npos && bracket > 0) return "invalid IP-literal";
    if (bracket == 0) return literal_error(host);
    auto colon = host.find(':');
    // Go takes several colons still, but not for the schemes of the web.
    if (colon != npos && made_.url.scheme != "http" && made_.url.scheme != "https") colon = host.rfind(':');
    if (colon != npos && !is_port(host.substr(colon))) return "invalid port after host";
    return host_fits(host) ? nullptr : "invalid character in host name";
  }
  // "[2001:db8::1%25zone]:80"
  static const char* literal_error(std::string_view host) noexcept {
    auto end = host.rfind(']');
    if (end == npos) return "missing ']' in host";
    if (!is_port(host.substr(end + 1))) return "invalid port after host";
    auto name = host.substr(1, end - 1);
    auto zone = name.find("%25");
    if (zone != npos && (zone + 3 == name.size() || !escapes_fit(name.substr(zone)))) return "invalid host";
    auto address = read_address(name.substr(0, zone));
    bool mapped = address.error == AddressError::mapped;
    return (address.error == AddressError::none || mapped) && address.address.is_v6 ? nullptr : "invalid host";
  }

  // As written where that is a valid encoding, else escaped anew.
  void take_path(std::string_view path) noexcept {
    if (!escapes_fit(path)) {
      refuse("invalid URL escape");
      return;
    }
    made_.url.path = path;
    if (std::ranges::all_of(path, is_valid_in_path)) return;
    auto* memory = room(path.size() * 3);
    if (memory == nullptr) return;
    auto* out = memory;
    for (std::size_t at = 0; at < path.size(); ++at) {
      auto c = path[at];
      if (c == '%') {
        c = escaped_byte(path.substr(at));
        at += 2;
      }
      if (is_plain_in_path(c)) {
        *out++ = c;
        continue;
      }
      constexpr std::string_view digits = "0123456789ABCDEF";
      *out++ = '%';
      *out++ = digits[static_cast<unsigned char>(c) >> 4];
      *out++ = digits[static_cast<unsigned char>(c) & 15];
    }
    made_.url.path = {memory, static_cast<std::size_t>(out - memory)};
  }

  std::string_view text_;
  Form form_;
  Arena& arena_;
  ReadUrl made_;
};

}  // namespace

std::string_view Url::hostname() const noexcept {
  auto name = host.substr(0, host.size() - port().size());
  if (name.ends_with(':')) name.remove_suffix(1);
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  return name;
}

std::string_view Url::port() const noexcept {
  auto colon = host.rfind(':');
  return colon != npos && is_port(host.substr(colon)) ? host.substr(colon + 1) : std::string_view();
}

ReadUrl read_request_target(std::string_view text, Arena& arena) noexcept {
  return UrlReader(text, Form::request_target, arena).read();
}

ReadUrl read_url(std::string_view text, Arena& arena) noexcept {
  auto target = read_request_target(text, arena);
  return target.error != nullptr ? target : UrlReader(text, Form::reference, arena).read();
}

std::optional<std::string_view> unescape(std::string_view text, Plus plus, Arena& arena) noexcept {
  if (!escapes_fit(text)) return std::nullopt;
  auto* memory = arena.array<char>(text.size());
  if (memory == nullptr) return std::string_view();
  auto* out = memory;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      *out++ = escaped_byte(text.substr(at));
      at += 2;
    } else {
      *out++ = text[at] == '+' && plus == Plus::space ? ' ' : text[at];
    }
  }
  return std::string_view(memory, static_cast<std::size_t>(out - memory));
}

}  // namespace seawall::cel
