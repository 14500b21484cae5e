#include <cstdio>
#include <iostream>

#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "codec/json.h"
#include "report/check_report.h"
#include "report/format.h"
#include "vulnerability/packages/catalogue.h"
#include "vulnerability/scan/layer_cache.h"
#include "vulnerability/versions/compare_lines.h"

namespace seawall::cli {
namespace {

int print_text(const std::string& text) {
  auto done = print(text);
  return done ? exit_clean : report_error(done.error());
}

vulnerability::LayerCache layer_cache() { return vulnerability::LayerCache(path_join(cache_directory(), "layers")); }

int cache_status(const Settings&) {
  auto s = layer_cache().status();
  return print_text("directory  " + s.directory + "\nlayers     " + std::to_string(s.entries) + "\nsize       " +
                    human_size(s.bytes) + " of at most " + human_size(s.limit) + "\n");
}

int cache_clean(const Settings&) {
  auto gone = layer_cache().clean();
  if (!gone) return report_error(gone.error());
  return print_text("removed " + human_size(*gone) + "\n");
}

int compare_versions(const Settings& settings) {
  auto scheme = vulnerability::scheme_of(settings.text("scheme"));
  if (!scheme)
    return report_error(
        {Code::invalid, "--scheme: \"" + settings.text("scheme") + "\" is not a version scheme known here"});
  auto mode = settings.flag("constraint") ? vulnerability::LineMode::constraint : vulnerability::LineMode::order;
  const auto& arguments = settings.arguments();
  if (arguments.size() == 1) return report_error({Code::invalid, "two versions, or none and pairs on standard input"});
  if (arguments.size() == 2)
    return print_text(vulnerability::compare_line(*scheme, arguments[0] + "\t" + arguments[1], mode) + "\n");
  std::string line, out;
  while (std::getline(std::cin, line)) {
    if (line.ends_with('\r')) line.pop_back();
    out += vulnerability::compare_line(*scheme, line, mode) + "\n";
    if (out.size() > (1U << 16)) {
      if (!print(out)) return exit_incomplete;
      out.clear();
    }
  }
  return print_text(out);
}

std::string formats_text() {
  auto line = [](std::string_view name, std::string_view summary) {
    return "  " + std::string(name) + std::string(name.size() < 16 ? 16 - name.size() : 1, ' ') + std::string(summary) +
           "\n";
  };
  std::string out = "Output formats (-o FORMAT[=FILE]):\n";
  for (const auto& f : report::formats()) out += line(f.name, f.summary);
  out += "\nOutput formats of `check`:\n";
  for (const auto& f : report::check_formats()) out += line(f.name, f.summary);
  out += "\nFile formats (file:FORMAT:PATH):\n ";
  std::string last;
  for (const auto* c : vulnerability::all_cataloguers())
    if (!c->format.empty() && c->format != last) out += " " + std::string(last = c->format);
  return out + "\n";
}

}  // namespace

std::vector<Command> cache_commands() {
  return {{.name = "cache status",
           .summary = "Where layers already read are kept, how many, how large",
           .details = "",
           .arguments = {},
           .options = {},
           .examples = {{"seawall cache status", "look at the cache"}},
           .run = cache_status},
          {.name = "cache clean",
           .summary = "Forget all layers",
           .details = "",
           .arguments = {},
           .options = {},
           .examples = {{"seawall cache clean", "the next scan reads every layer again"}},
           .run = cache_clean}};
}

Command version_compare_command() {
  return {
      .name = "version compare",
      .summary = "Compare versions by an ecosystem's own order",
      .details =
          "Prints <, = or >. Without versions, tab-separated pairs are read from standard input, one answer a line.\n"
          "With --constraint the second is a range, and the answer true or false. What is no version: invalid.",
      .arguments = {{"A", "a version", Argument::Count::optional},
                    {"B", "another, or a range", Argument::Count::optional}},
      .options = {{.name = "scheme",
                   .value = "S",
                   .help = "dpkg, rpm, apk, semver, npm, pep440, maven, rubygems, go, nuget, composer, bitnami, jvm, "
                           "portage, pacman, pub, cran, hackage.",
                   .letter = 's'},
                  {.name = "constraint", .kind = OptionKind::flag, .help = "The second of each pair is a range."}},
      .examples = {{"seawall version compare --scheme dpkg 1.0~rc1 1.0", "prints <"},
                   {"seawall version compare --scheme npm --constraint 1.2.3 '^1.0.0'", "prints true"}},
      .run = compare_versions};
}

std::vector<Command> help_commands() {
  return {
      {.name = "formats",
       .summary = "List output formats and file formats",
       .details = "",
       .arguments = {},
       .options = {},
       .examples = {{"seawall formats", "what may follow -o and file:"}},
       .run = [](const Settings&) { return print_text(formats_text()); }},
      {.name = "options",
       .summary = "List every option with its environment variable and default",
       .details = "",
       .arguments = {},
       .options = {},
       .examples = {{"seawall options", "what .seawall.yaml and the environment may say"}},
       .run = [](const Settings& s) { return print_text(options_table(s.program())); }},
      {.name = "completion",
       .summary = "Print a completion script for a shell",
       .details = "",
       .arguments = {{.name = "SHELL", .help = "bash, zsh or fish", .suggestions = {"bash", "zsh", "fish"}}},
       .options = {},
       .examples = {{"seawall completion bash > /etc/bash_completion.d/seawall", "install it for bash"}},
       .run =
           [](const Settings& s) {
             const auto& shell = s.arguments().front();
             if (shell == "bash") return print_text(completion_script(s.program(), Shell::bash));
             if (shell == "zsh") return print_text(completion_script(s.program(), Shell::zsh));
             if (shell == "fish") return print_text(completion_script(s.program(), Shell::fish));
             return report_error({Code::invalid, "no completion for \"" + shell + "\"; there is bash, zsh and fish"});
           }},
      {.name = "man",
       .summary = "Print a manual page, or write all of them to a directory",
       .details = "",
       .arguments = {{"COMMAND", "of which command; none: of seawall itself", Argument::Count::any}},
       .options = {{.name = "directory", .value = "DIR", .help = "Write every page there."}},
       .examples = {{"seawall man scan | man -l -", "read the page of scan"}},
       .run = [](const Settings& s) {
         const auto& program = s.program();
         if (auto directory = s.text("directory"); !directory.empty()) {
           if (auto done = make_directories(directory); !done) return report_error(done.error());
           auto done = write_file(path_join(directory, "seawall.1"), man_page(program));
           for (const auto& c : program.commands)
             if (done)
               done = write_file(path_join(directory, "seawall-" + replace_all(c.name, " ", "-") + ".1"),
                                 man_page(program, &c));
           return done ? int{exit_clean} : report_error(done.error());
         }
         auto wanted = join(s.arguments(), " ");
         if (wanted.empty()) return print_text(man_page(program));
         for (const auto& c : program.commands)
           if (c.name == wanted) return print_text(man_page(program, &c));
         return report_error({Code::invalid, "no command \"" + wanted + "\""});
       }}};
}

}  // namespace seawall::cli
