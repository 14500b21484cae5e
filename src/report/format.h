// The output formats, as one table: a new format is one file and one row.
//
// Every writer takes whole reports (one a target) and gives the whole text; nothing but the reports and the options
// decides it, so the same reports give the same bytes.
// Threads: all functions are pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/report.h"

namespace seawall::report {

enum class Colour : bool { off, on };
enum class Ignored : bool { hide, show };

struct Options {
  unsigned width = 80;  // columns of the terminal; table only
  Colour colour = Colour::off;
  Ignored ignored = Ignored::hide;  // whether silenced findings are told one by one (JSON always has them)
};

using Reports = std::vector<model::Report>;

struct Format {
  std::string_view name;    // "table", "cyclonedx@1.5"
  std::string_view suffix;  // of files: ".json"
  std::string_view summary;
  std::string (*write)(const Reports&, const Options&);
};

std::span<const Format> formats() noexcept;
// By name. Fails: invalid, naming all formats.
Result<Format> format_named(std::string_view);

std::string write_table(const Reports&, const Options&);
std::string write_json(const Reports&, const Options&);
std::string write_sarif(const Reports&, const Options&);
std::string write_spdx(const Reports&, const Options&);
std::string write_junit(const Reports&, const Options&);
std::string write_markdown(const Reports&, const Options&);
std::string write_html(const Reports&, const Options&);

}  // namespace seawall::report
