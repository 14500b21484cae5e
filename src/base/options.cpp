#include "base/options.h"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/spelling.h"
#include "base/text.h"

namespace seawall {

std::string environment_name(std::string_view option) {
  std::string out = "SEAWALL_";
  for (char c : option) out += c == '-' ? '_' : is_lower(c) ? static_cast<char>(c - 32) : c;
  return out;
}

namespace {

std::optional<std::int64_t> with_unit(std::string_view text,
                                      const std::vector<std::pair<std::string_view, std::int64_t>>& units) {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  auto number = to_i64(text.substr(0, digits));
  if (!number) return std::nullopt;
  auto unit = lower(trim(text.substr(digits)));
  for (const auto& [name, factor] : units)
    if (unit == name) {
      std::int64_t out = 0;
      if (__builtin_mul_overflow(*number, factor, &out)) return std::nullopt;
      return out;
    }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) noexcept {
  return with_unit(text, {{"", 1}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"w", 7 * 86400}});
}

std::optional<std::int64_t> parse_size(std::string_view text) noexcept {
  constexpr std::int64_t k = 1024;
  return with_unit(text, {{"", 1},
                          {"b", 1},
                          {"k", k},
                          {"kb", k},
                          {"kib", k},
                          {"m", k * k},
                          {"mb", k * k},
                          {"mib", k * k},
                          {"g", k * k * k},
                          {"gb", k * k * k},
                          {"gib", k * k * k}});
}

bool Settings::flag(std::string_view name) const { return text(name) == "true"; }
std::string Settings::text(std::string_view name) const {
  auto at = values_.find(name);
  return at == values_.end() || at->second.items.empty() ? std::string() : at->second.items.back();
}
std::vector<std::string> Settings::list(std::string_view name) const {
  auto at = values_.find(name);
  return at == values_.end() ? std::vector<std::string>() : at->second.items;
}
std::int64_t Settings::integer(std::string_view name) const {
  auto at = values_.find(name);
  if (at == values_.end() || at->second.items.empty()) return 0;
  const auto& item = at->second.items.back();
  if (at->second.kind == OptionKind::duration) return parse_duration(item).value_or(0);
  if (at->second.kind == OptionKind::size) return parse_size(item).value_or(0);
  return to_i64(item).value_or(0);
}

// Fills Settings; apart so that the door shows no parser.
struct SettingsBuilder {
  const Program& program;
  const Command& command;
  Settings settings;

  static std::string expected(const Option& o) {
    switch (o.kind) {
      case OptionKind::flag:
        return "true or false";
      case OptionKind::integer:
        return "a whole number";
      case OptionKind::duration:
        return "a time such as 90s, 5m, 2h or 30d";
      case OptionKind::size:
        return "a size such as 512MiB or 1G";
      case OptionKind::text:
      case OptionKind::list:
        break;
    }
    std::string out = "one of";
    for (auto c : o.choices) out += " " + std::string(c);
    return out;
  }

  static bool fits(const Option& o, const std::string& value) {
    switch (o.kind) {
      case OptionKind::flag:
        return value == "true" || value == "false";
      case OptionKind::integer:
        return to_i64(value).has_value();
      case OptionKind::duration:
        return parse_duration(value).has_value();
      case OptionKind::size:
        return parse_size(value).has_value();
      case OptionKind::text:
      case OptionKind::list:
        break;
    }
    return o.choices.empty() || std::find(o.choices.begin(), o.choices.end(), value) != o.choices.end();
  }

  // `source` is where the items come from, for errors: "--fail-on", "SEAWALL_FAIL_ON".
  Result<> set(const Option& o, std::vector<std::string> items, const std::string& source) {
    if (o.kind == OptionKind::flag)
      for (auto& i : items)
        i = i == "1" || i == "yes" || i == "on"                ? "true"
            : i == "0" || i == "no" || i == "off" || i.empty() ? "false"
                                                               : i;
    // Never the last of several: a gate or a filter that is quietly weaker than it reads is worse than an error.
    if (o.kind != OptionKind::list && items.size() != 1)
      return fail(Code::invalid, source + ": one value is wanted, " + std::to_string(items.size()) + " are given");
    for (const auto& item : items)
      if (!fits(o, item)) return fail(Code::invalid, source + ": \"" + item + "\" is not " + expected(o));
    settings.values_[std::string(o.name)] = {std::move(items), o.kind};
    return {};
  }

  Settings finish(std::vector<std::string> arguments) {
    settings.arguments_ = std::move(arguments);
    settings.program_ = &program;
    settings.command_ = &command;
    return std::move(settings);
  }
};

namespace {

std::vector<const Option*> options_of(const Program& program, const Command& command) {
  std::vector<const Option*> out;
  for (const auto& o : command.options) out.push_back(&o);
  for (const auto& o : program.common) out.push_back(&o);
  return out;
}

// The longest command name that the arguments begin with, and how many words it has.
std::pair<const Command*, std::size_t> find_command(const Program& program, const std::vector<std::string>& arguments) {
  const Command* best = nullptr;
  std::size_t length = 0;
  for (const auto& c : program.commands) {
    auto parts = words(c.name);
    if (parts.size() > arguments.size() || parts.size() <= length) continue;
    if (std::equal(parts.begin(), parts.end(), arguments.begin())) best = &c, length = parts.size();
  }
  return {best, length};
}

// Options of every command may stand before it; they are moved behind.
std::vector<std::string> command_first(const Program& program, const std::vector<std::string>& arguments) {
  std::size_t leading = 0;
  while (leading < arguments.size() && arguments[leading].starts_with('-')) {
    const auto& a = arguments[leading];
    auto known = std::find_if(program.common.begin(), program.common.end(), [&](const Option& o) {
      return a == "--" + std::string(o.name) || a.starts_with("--" + std::string(o.name) + "=") ||
             (o.letter != 0 && a == std::string("-") + o.letter);
    });
    if (known == program.common.end()) return arguments;
    leading += known->kind == OptionKind::flag || a.contains('=') ? 1 : 2;
  }
  if (leading == 0 || leading >= arguments.size()) return arguments;
  auto begin = arguments.begin(), middle = begin + static_cast<std::ptrdiff_t>(leading);
  std::vector<std::string> out(middle, arguments.end());
  auto words_end = find_command(program, out).second;
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(words_end), begin, middle);
  return out;
}

Result<ParsedCall> no_command(const Program& program, const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    if (arguments.size() > 1 && arguments[0] == "help") {
      std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
      if (auto [command, n] = find_command(program, rest); command != nullptr)
        return ParsedCall{help_text(program, command), {}};
    }
    return ParsedCall{help_text(program), {}};
  }
  if (arguments[0] == "--version")
    return ParsedCall{std::string(program.name) + " " + std::string(program.version) + "\n", {}};
  std::string group;
  for (const auto& c : program.commands)
    if (c.name.starts_with(arguments[0] + " ")) group += "\n  " + std::string(program.name) + " " + std::string(c.name);
  if (!group.empty()) {
    if (arguments.size() == 1 || arguments[1] == "--help" || arguments[1] == "-h")
      return ParsedCall{"Commands:" + group + "\n", {}};
    return fail(Code::invalid, "no command \"" + arguments[0] + " " + arguments[1] + "\"; there are:" + group);
  }
  std::vector<std::string_view> first_words;
  for (const auto& c : program.commands) first_words.push_back(words(c.name).front());
  return fail(Code::invalid, "no command \"" + arguments[0] + "\"; `" + std::string(program.name) +
                                 " --help` lists them." + did_you_mean(arguments[0], first_words));
}

Result<> check_arguments(const Command& command, const std::vector<std::string>& given) {
  std::size_t least = 0, most = 0;
  for (const auto& a : command.arguments) {
    using enum Argument::Count;
    if (a.count == one || a.count == at_least_one) ++least;
    most = a.count == any || a.count == at_least_one ? ~std::size_t{0} : most == ~std::size_t{0} ? most : most + 1;
  }
  if (given.size() < least)
    return fail(Code::invalid,
                "missing " + std::string(command.arguments[std::min(given.size(), command.arguments.size() - 1)].name) +
                    "; see `seawall " + std::string(command.name) + " --help`");
  if (given.size() > most) return fail(Code::invalid, "one argument too many: \"" + given[most] + "\"");
  return {};
}

}  // namespace

namespace {

// What the command line itself says.
struct CommandLine {
  std::map<std::string_view, std::vector<std::string>> values;  // of the options given; "true" for flags
  std::vector<std::string> arguments;
};

// The parser takes a word such as "[a, b]" apart; a sign in front keeps it whole.
constexpr char whole = '\x01';

void guard(std::string& word) {
  if (word.starts_with('[') && word.ends_with(']')) word.insert(word.begin(), whole);
}

void unguard(std::string& word) {
  if (word.size() > 1 && word[0] == whole && word[1] == '[' && word.ends_with(']')) word.erase(word.begin());
}

Result<CommandLine> read_command_line(const Program& program, const Command& command,
                                      const std::vector<const Option*>& options, std::vector<std::string> words) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras(false);
  CommandLine line;
  std::map<std::string_view, std::vector<std::string>> values;
  std::map<std::string_view, bool> flags;
  std::map<std::string_view, CLI::Option*> known;
  for (const auto* o : options) {
    std::string names = (o->letter != 0 ? std::string("-") + o->letter + "," : "") + "--" + std::string(o->name);
    if (o->kind == OptionKind::flag)
      known[o->name] = app.add_flag(names, flags[o->name]);
    else
      known[o->name] = app.add_option(names, values[o->name])->expected(1)->allow_extra_args(false)->take_all();
  }
  app.add_option("arguments", line.arguments)->expected(0, -1);
  try {
    std::reverse(words.begin(), words.end());
    for (auto& word : words) guard(word);
    app.parse(words);
  } catch (const CLI::ParseError& e) {
    return fail(Code::invalid, std::string(e.what()) + "; see `" + std::string(program.name) + " " +
                                   std::string(command.name) + " --help`");
  }
  for (auto& argument : line.arguments) unguard(argument);
  for (const auto* o : options) {
    if (known[o->name]->count() == 0) continue;
    for (auto& value : values[o->name]) unguard(value);
    if (o->kind == OptionKind::flag)
      line.values[o->name] = {flags[o->name] ? "true" : "false"};
    else
      line.values[o->name] = std::move(values[o->name]);
  }
  return line;
}

std::vector<std::string> values_of_variable(const Option& option, std::string_view text) {
  if (option.kind != OptionKind::list) return {std::string(text)};
  std::vector<std::string> items;
  for (auto item : split(text, ',')) items.emplace_back(trim(item));
  return items;
}

struct Elsewhere {
  std::vector<std::string> values;
  std::string source;
};

// What the environment says, else the configuration file.
std::optional<Elsewhere> values_elsewhere(const Option& option, const Environment& environment,
                                          const FileValues& file) {
  if (option.sources == OptionSources::command_line) return std::nullopt;
  auto variable = environment_name(option.name);
  if (const char* value = environment(variable.c_str()); value != nullptr)
    return Elsewhere{values_of_variable(option, value), std::move(variable)};
  auto items = file(option.name);
  if (!items) return std::nullopt;
  return Elsewhere{std::move(*items), ".seawall.yaml: " + std::string(option.name)};
}

bool asks_for_help(const std::vector<std::string>& words) {
  auto end = std::find(words.begin(), words.end(), "--");
  return std::any_of(words.begin(), end, [](const auto& w) { return w == "--help" || w == "-h"; });
}

}  // namespace

Result<ParsedCall> parse_call(const Program& program, const std::vector<std::string>& given,
                              const Environment& environment, const FileValues& file) {
  auto arguments = command_first(program, given);
  auto [command, length] = find_command(program, arguments);
  if (command == nullptr) return no_command(program, arguments);
  arguments.erase(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(length));
  if (asks_for_help(arguments)) return ParsedCall{help_text(program, command), {}};

  auto options = options_of(program, *command);
  auto line = SW_TRY(read_command_line(program, *command, options, std::move(arguments)));
  SettingsBuilder builder{program, *command, {}};
  for (const auto* o : options) {
    if (auto at = line.values.find(o->name); at != line.values.end())
      SW_TRY(builder.set(*o, std::move(at->second), "--" + std::string(o->name)));
    else if (auto items = values_elsewhere(*o, environment, file))
      SW_TRY(builder.set(*o, std::move(items->values), items->source));
    else if (!o->fallback.empty())
      SW_TRY(builder.set(*o, {std::string(o->fallback)}, "default"));
  }
  SW_TRY(check_arguments(*command, line.arguments));
  return ParsedCall{std::nullopt, builder.finish(std::move(line.arguments))};
}

}  // namespace seawall
