#include "report/format.h"

#include <array>

namespace seawall::report {
namespace {

constexpr std::array all_formats = {
    Format{"table", ".txt", "for people: fits the terminal, risk order, what to do first", write_table},
    Format{"json", ".json", "everything, by api/schemas/report-1.json", write_json},
};

}  // namespace

std::span<const Format> formats() noexcept { return all_formats; }

Result<Format> format_named(std::string_view name) {
  std::string known;
  for (const auto& format : all_formats) {
    if (format.name == name) return format;
    if (!known.empty()) known += ", ";
    known += format.name;
  }
  return fail(Code::invalid, "no format '" + std::string(name) + "'; known are " + known);
}

}  // namespace seawall::report
