// Foreign text in Markdown.
#pragma once

#include <string>
#include <string_view>

namespace seawall::report::detail {

// Text that means itself: no markup, no HTML, no mention of people.
std::string plain(std::string_view);
// A code span, which may stand in a table cell.
std::string code(std::string_view);
// Whether the address may stand in a link as it is.
bool is_safe_link(std::string_view);

}  // namespace seawall::report::detail
