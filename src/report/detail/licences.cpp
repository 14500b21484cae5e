#include "report/detail/licences.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "report/detail/text.h"

namespace seawall::report::detail {
namespace {

struct Alias {
  std::string_view stated, id;
};

// Debian's short names, Fedora's old ones, and titles that package authors write.
constexpr Alias aliases[] = {
    {"agpl-3", "AGPL-3.0-only"},
    {"agpl-3+", "AGPL-3.0-or-later"},
    {"apache 2", "Apache-2.0"},
    {"apache 2.0", "Apache-2.0"},
    {"apache license 2.0", "Apache-2.0"},
    {"apache license version 2.0", "Apache-2.0"},
    {"apache license, version 2.0", "Apache-2.0"},
    {"apache software license 2.0", "Apache-2.0"},
    {"apache-2", "Apache-2.0"},
    {"apache2", "Apache-2.0"},
    {"artistic", "Artistic-1.0-Perl"},
    {"asl 2.0", "Apache-2.0"},
    {"asl2.0", "Apache-2.0"},
    {"boost", "BSL-1.0"},
    {"bsd-2-clause license", "BSD-2-Clause"},
    {"bsd-3-clause license", "BSD-3-Clause"},
    {"eclipse public license 1.0", "EPL-1.0"},
    {"eclipse public license 2.0", "EPL-2.0"},
    {"expat", "MIT"},
    {"gpl-1", "GPL-1.0-only"},
    {"gpl-1+", "GPL-1.0-or-later"},
    {"gpl-2", "GPL-2.0-only"},
    {"gpl-2+", "GPL-2.0-or-later"},
    {"gpl-3", "GPL-3.0-only"},
    {"gpl-3+", "GPL-3.0-or-later"},
    {"gplv2", "GPL-2.0-only"},
    {"gplv2+", "GPL-2.0-or-later"},
    {"gplv3", "GPL-3.0-only"},
    {"gplv3+", "GPL-3.0-or-later"},
    {"isc license", "ISC"},
    {"lgpl-2", "LGPL-2.0-only"},
    {"lgpl-2+", "LGPL-2.0-or-later"},
    {"lgpl-2.1", "LGPL-2.1-only"},
    {"lgpl-2.1+", "LGPL-2.1-or-later"},
    {"lgpl-3", "LGPL-3.0-only"},
    {"lgpl-3+", "LGPL-3.0-or-later"},
    {"lgplv2", "LGPL-2.0-only"},
    {"lgplv2+", "LGPL-2.0-or-later"},
    {"lgplv2.1", "LGPL-2.1-only"},
    {"lgplv2.1+", "LGPL-2.1-or-later"},
    {"lgplv3", "LGPL-3.0-only"},
    {"lgplv3+", "LGPL-3.0-or-later"},
    {"mit license", "MIT"},
    {"mozilla public license 2.0", "MPL-2.0"},
    {"mplv2.0", "MPL-2.0"},
    {"psfl", "PSF-2.0"},
    {"the apache license, version 2.0", "Apache-2.0"},
    {"the apache software license, version 2.0", "Apache-2.0"},
    {"the mit license", "MIT"},
    {"zlib/libpng license", "Zlib"},
};

constexpr std::size_t longest_expression = 4096;
constexpr std::size_t longest_name = 256;

std::string_view find_id(std::span<const std::string_view> ids, std::string_view stated) {
  auto wanted = lower(stated);
  auto at = std::ranges::lower_bound(ids, wanted, {}, [](std::string_view id) { return lower(id); });
  return at != ids.end() && equal_ignoring_case(*at, stated) ? *at : std::string_view{};
}

// Id of one licence, with its "or later" sign where it has one; empty where it isn't known.
std::string known_licence(std::string_view stated) {
  if (auto id = find_id(spdx_licence_ids(), stated); !id.empty()) return std::string(id);
  auto wanted = lower(stated);
  auto alias = std::ranges::lower_bound(aliases, wanted, {}, &Alias::stated);
  if (alias != std::end(aliases) && alias->stated == wanted) return std::string(alias->id);
  if (!stated.ends_with('+')) return {};
  auto id = find_id(spdx_licence_ids(), stated.substr(0, stated.size() - 1));
  return id.empty() ? std::string() : std::string(id) + "+";
}

std::vector<std::string_view> tokens_of(std::string_view text) {
  std::vector<std::string_view> tokens;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    bool bracket = i < text.size() && (text[i] == '(' || text[i] == ')');
    if (i < text.size() && !is_space(text[i]) && !bracket) continue;
    if (i > start) tokens.push_back(text.substr(start, i - start));
    if (bracket) tokens.push_back(text.substr(i, 1));
    start = i + 1;
  }
  return tokens;
}

// SPDX 2.3, annex D, as a machine: what the next token may be. Empty where it is no expression of known ids.
std::string expression_from(std::string_view stated) {
  if (stated.size() > longest_expression) return {};
  enum class After : unsigned char { nothing, licence, with, operand } after = After::nothing;
  std::string out;
  int open = 0;
  for (auto token : tokens_of(stated)) {
    std::string written;
    bool ended = after == After::licence || after == After::operand;
    if (after == After::with) {
      written = find_id(spdx_exception_ids(), token);
      after = After::operand;
    } else if (token == "(" && !ended) {
      written = token;
      ++open;
    } else if (token == ")" && ended && open > 0) {
      written = token;
      after = After::operand;
      --open;
    } else if (!ended) {
      written = known_licence(token);
      after = After::licence;
    } else if (equal_ignoring_case(token, "and") || equal_ignoring_case(token, "or")) {
      written = equal_ignoring_case(token, "and") ? "AND" : "OR";
      after = After::nothing;
    } else if (equal_ignoring_case(token, "with") && after == After::licence) {
      written = "WITH";
      after = After::with;
    }
    if (written.empty()) return {};
    if (!out.empty() && !out.ends_with('(') && written != ")") out += ' ';
    out += written;
  }
  bool complete = (after == After::licence || after == After::operand) && open == 0;
  return complete ? out : std::string();
}

}  // namespace

Licence licence_from(std::string_view raw) {
  auto stated = trim(raw);
  if (auto id = known_licence(stated); !id.empty())
    return {id.ends_with('+') ? Licence::Form::expression : Licence::Form::id, id};
  if (auto expression = expression_from(stated); !expression.empty()) return {Licence::Form::expression, expression};
  return {Licence::Form::name, shortened(printable(stated), longest_name)};
}

}  // namespace seawall::report::detail
