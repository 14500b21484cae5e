// What all our JUnit XML has in common.
#pragma once

#include <string>
#include <string_view>

namespace seawall::report::detail {

// " name=\"value\"", escaped.
std::string attribute(std::string_view name, std::string_view value);
// `content` is XML; without it the case has passed.
std::string test_case(std::string_view class_name, std::string_view name, std::string_view content);

}  // namespace seawall::report::detail
