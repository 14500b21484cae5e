// The tests' hands on rooms model and report, without a scan:
//   report_probe convert FORMAT [--colour] [--width N] [--show-ignored] < reports.json
//   report_probe cvss < vectors       a score a line, "none" where the vector isn't understood
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <vector>

#include "base/stream.h"
#include "base/text.h"
#include "codec/json.h"
#include "model/severity.h"
#include "report/format.h"
#include "report/json_reader.h"

namespace {

using namespace seawall;

using Arguments = std::vector<std::string_view>;

constexpr std::size_t most_input = std::size_t{256} << 20;

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

Result<std::string> standard_input() {
  auto source = SW_TRY(open_source("/dev/stdin"));
  return read_all(*source, most_input);
}

report::Options options_from(const Arguments& arguments) {
  report::Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--colour") options.colour = report::Colour::on;
    if (arguments[i] == "--show-ignored") options.ignored = report::Ignored::show;
    if (arguments[i] == "--width" && i + 1 < arguments.size())
      options.width = static_cast<unsigned>(to_u64(arguments[i + 1]).value_or(80));
  }
  return options;
}

Result<> convert(const Arguments& arguments) {
  if (arguments.empty()) return fail(Code::invalid, "convert wants a format");
  auto format = SW_TRY(report::format_named(arguments[0]));
  auto text = SW_TRY(standard_input());
  auto document = SW_TRY(codec::parse_json(text));
  auto reports = SW_TRY(report::reports_from(document.root()));
  print(format.write(reports, options_from(arguments)));
  return {};
}

Result<> cvss(const Arguments&) {
  auto text = SW_TRY(standard_input());
  for (auto line : lines(text)) {
    auto score = model::cvss_base_score(line);
    print(score ? fmt::format("{:.1f}\n", *score) : "none\n");
  }
  return {};
}

struct Command {
  std::string_view name;
  Result<> (*run)(const Arguments&);
};
constexpr Command commands[] = {{"convert", convert}, {"cvss", cvss}};

}  // namespace

int main(int count, char** values) {
  Arguments arguments(values + 1, values + count);
  for (const auto& command : commands) {
    if (arguments.empty() || arguments[0] != command.name) continue;
    auto done = command.run({arguments.begin() + 1, arguments.end()});
    if (done) return 0;
    fmt::print(stderr, "report_probe: {}\n", done.error().what);
    return 3;
  }
  fmt::print(stderr, "usage: report_probe convert FORMAT | cvss\n");
  return 2;
}
