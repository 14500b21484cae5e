#include "report/detail/sarif.h"

#include <fmt/format.h>

#include "base/text.h"

namespace seawall::report::detail {

using model::Severity;

std::string_view level_of(Severity severity) noexcept {
  if (severity >= Severity::high) return "error";
  return severity == Severity::medium ? "warning" : "note";
}

double middle_score(Severity severity) noexcept {
  constexpr double middles[] = {0.0, 0.1, 2.0, 5.5, 8.0, 9.5};
  return middles[static_cast<std::size_t>(severity)];
}

std::string path_uri(std::string_view path) {
  std::string out;
  for (char c : to_utf8(path)) {
    bool plain = is_alnum(c) || std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  while (out.starts_with('/')) out.erase(0, 1);
  return out.empty() ? "." : out;
}

}  // namespace seawall::report::detail
