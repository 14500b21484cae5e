// URLs as Kubernetes reads them (Go's net/url): an absolute URL or an absolute path.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cel/arena.h"

namespace seawall::cel {

// Views into the text that was read, or into the arena where escapes were undone.
struct Url {
  std::string_view scheme;  // lower case
  std::string_view opaque;  // what follows "mailto:"
  std::string_view user;    // as written
  std::string_view host;    // with port
  std::string_view path;    // escaped
  std::string_view query;
  std::string_view fragment;
  bool has_query = false;
  bool operator==(const Url&) const = default;

  std::string_view hostname() const noexcept;  // without port and brackets
  std::string_view port() const noexcept;
};

struct ReadUrl {
  Url url;
  const char* error = nullptr;  // why it is none
  bool out_of_memory = false;
};
ReadUrl read_url(std::string_view text, Arena& arena) noexcept;
// Whether it may stand in a request line, which is a little less: read_url asks for both.
ReadUrl read_request_target(std::string_view text, Arena& arena) noexcept;

// "%20" as ' ', and '+' too where `plus` is one; nothing for a broken escape. data() is null past the budget.
enum class Plus : bool { itself, space };
std::optional<std::string_view> unescape(std::string_view text, Plus plus, Arena& arena) noexcept;

}  // namespace seawall::cel
