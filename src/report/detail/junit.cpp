#include "report/detail/junit.h"

#include <fmt/format.h>

#include "report/detail/text.h"

namespace seawall::report::detail {

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, markup_escaped(value));
}

std::string test_case(std::string_view class_name, std::string_view name, std::string_view content) {
  auto head = fmt::format("    <testcase{}{} time=\"0\"", attribute("classname", class_name), attribute("name", name));
  return content.empty() ? head + "/>\n" : fmt::format("{}>{}</testcase>\n", head, content);
}

}  // namespace seawall::report::detail
