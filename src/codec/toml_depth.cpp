#include "codec/detail/toml_depth.h"

#include <algorithm>
#include <vector>

namespace seawall::codec::detail {
namespace {

// The place behind the string that starts at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  char quote = text[at];
  std::string_view triple = quote == '"' ? "\"\"\"" : "'''";
  bool multiline = text.substr(at, 3) == triple;
  at += multiline ? 3 : 1;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (c == '\\' && quote == '"')
      ++at;
    else if (c == '\n' && !multiline)
      return at;  // an error, which the parser will name
    else if (c == quote && !multiline)
      return at + 1;
    else if (c == quote && text.substr(at, 3) == triple)
      break;
  }
  // Quotes directly in front of the three that close belong to the text: the last three of a run close.
  while (at < text.size() && text[at] == quote) ++at;
  return std::min(at, text.size());
}

}  // namespace

unsigned toml_depth(std::string_view text, unsigned enough) {
  std::vector<unsigned> open;  // levels that each open bracket and the key before it add
  unsigned outer = 0, dots = 0, deepest = 0;
  for (std::size_t at = 0; at < text.size() && deepest <= enough;) {
    char c = text[at];
    if (c == '"' || c == '\'') {
      at = skip_string(text, at);
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == '.') ++dots;
    if (c == '\n' || c == ',') dots = 0;
    if (c == '[' || c == '{') {
      open.push_back(dots + 1);
      outer += open.back();
      dots = 0;
    }
    if ((c == ']' || c == '}') && !open.empty()) {
      outer -= open.back();
      open.pop_back();
    }
    deepest = std::max(deepest, outer + dots);
    ++at;
  }
  return deepest;
}

}  // namespace seawall::codec::detail
