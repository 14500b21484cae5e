// Command lines: declared once, and from that declaration come parsing, environment, configuration file, help, manual
// page, completion and the table that `seawall options` prints.
//
// A value is taken from the flag, else the environment (SEAWALL_FAIL_ON for --fail-on), else the configuration file
// (`fail-on:`), else the default.
// Threads: pure. Fails: invalid, naming the option and what it takes.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace seawall {

enum class OptionKind : unsigned char { flag, text, list, integer, duration, size };

// Where a value may come from. What is asked of one call, as another command's option of the same name must not, has
// no business in the environment or the file.
enum class OptionSources : unsigned char { all, command_line };

struct Option {
  std::string_view name;  // "fail-on": --fail-on, SEAWALL_FAIL_ON, fail-on:
  OptionKind kind = OptionKind::text;
  std::string_view value;     // what it takes, for help: "FORMAT[=FILE]"
  std::string_view help;      // one sentence
  std::string_view fallback;  // as it would be typed; empty: none
  char letter = 0;            // short form
  std::vector<std::string_view> choices;
  std::vector<std::string_view> suggestions = {};  // what completion offers where other values are good, too
  OptionSources sources = OptionSources::all;
  std::string_view suggestions_from = {};  // "rules list": completion offers the lines of this call, and files
};

struct Argument {
  std::string_view name;  // "TARGET"
  std::string_view help;
  enum class Count : unsigned char { one, optional, any, at_least_one } count = Count::one;
  std::vector<std::string_view> suggestions = {};  // else completion offers files
  std::string_view suggestions_from = {};          // as Option's
};

struct Example {
  std::string_view line, what;
};

class Settings;

struct Command {
  std::string_view name;     // "scan", "db build"
  std::string_view summary;  // one line
  std::string_view details;  // paragraphs; may be empty
  std::vector<Argument> arguments;
  std::vector<Option> options;
  std::vector<Example> examples;
  std::function<int(const Settings&)> run;
};

struct Program {
  std::string_view name, version, summary;
  std::vector<Command> commands;
  std::vector<Option> common;   // of every command
  std::string_view exit_codes;  // the table, as text
};

// The values of one call.
class Settings {
 public:
  bool flag(std::string_view name) const;
  std::string text(std::string_view name) const;  // empty where not set
  std::vector<std::string> list(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;  // also durations in seconds and sizes in bytes
  const std::vector<std::string>& arguments() const noexcept { return arguments_; }
  const Program& program() const noexcept { return *program_; }
  const Command& command() const noexcept { return *command_; }

 private:
  friend struct SettingsBuilder;
  struct Value {
    std::vector<std::string> items;
    OptionKind kind = OptionKind::text;
  };
  std::map<std::string, Value, std::less<>> values_;
  std::vector<std::string> arguments_;
  const Program* program_ = nullptr;
  const Command* command_ = nullptr;
};

// What a configuration file says about an option; nothing where it doesn't.
using FileValues = std::function<std::optional<std::vector<std::string>>(std::string_view name)>;
using Environment = std::function<const char*(const char* name)>;

struct ParsedCall {
  // Set where there is nothing to run: help or version text for standard output.
  std::optional<std::string> print;
  Settings settings;
};

Result<ParsedCall> parse_call(const Program&, const std::vector<std::string>& arguments, const Environment&,
                              const FileValues&);

// "90", "90s", "5m", "2h", "30d", "1w" in seconds; "512MiB", "1G", "100k" in bytes.
std::optional<std::int64_t> parse_duration(std::string_view) noexcept;
std::optional<std::int64_t> parse_size(std::string_view) noexcept;

std::string help_text(const Program&, const Command* = nullptr);
std::string man_page(const Program&, const Command* = nullptr);  // roff; of the program or of one command
enum class Shell : unsigned char { bash, zsh, fish };
std::string completion_script(const Program&, Shell);
// Name, environment variable, default and sentence of every option, once.
std::string options_table(const Program&);
std::string environment_name(std::string_view option);

}  // namespace seawall
