#include "report/detail/markdown.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/detail/text.h"

namespace seawall::report::detail {

std::string plain(std::string_view raw) {
  std::string out;
  for (char c : printable(raw)) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '@')
      out += "&#64;";
    else {
      if (std::string_view("\\`*_{}[]()#+-!|~").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string code(std::string_view raw) {
  if (raw.empty()) return {};
  auto text = replace_all(printable(raw), "|", "\\|");
  std::size_t longest = 0, run = 0;
  for (char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  std::string fence(longest + 1, '`');
  std::string_view space = longest > 0 ? " " : "";
  return fmt::format("{}{}{}{}{}", fence, space, text, space, fence);
}

bool is_safe_link(std::string_view link) {
  return std::ranges::all_of(link, [](char c) { return is_alnum(c) || std::string_view("-._~:/?=&%").contains(c); });
}

}  // namespace seawall::report::detail
