// Help, manual pages, completion and the table of options, all from the declaration.
#include <algorithm>
#include <set>

#include "base/options.h"
#include "base/text.h"

namespace seawall {
namespace {

std::string usage_of(const Command& command) {
  std::string out;
  for (const auto& a : command.arguments) {
    using enum Argument::Count;
    auto name = std::string(a.name);
    out += " ";
    if (a.count == one)
      out += name;
    else if (a.count == optional)
      out += "[" + name + "]";
    else if (a.count == at_least_one)
      out += name + "...";
    else
      out += "[" + name + "...]";
  }
  return out;
}

std::string flag_text(const Option& o) {
  std::string out = o.letter != 0 ? std::string("-") + o.letter + ", " : "    ";
  out += "--" + std::string(o.name);
  if (o.kind != OptionKind::flag) out += " " + std::string(o.value.empty() ? "VALUE" : o.value);
  return out;
}

std::string sentence_of(const Option& o) {
  std::string out(o.help);
  if (!o.choices.empty()) {
    out += " One of:";
    for (auto c : o.choices) out += " " + std::string(c);
    out += ".";
  }
  if (o.kind == OptionKind::list) out += " May be repeated.";
  if (!o.fallback.empty()) out += " Default: " + std::string(o.fallback) + ".";
  return out;
}

// Text in lines of at most `width`, each after `indent` blanks; the first continues where the caller is.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  for (auto word : words(text)) {
    if (column > indent && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string options_help(const std::vector<Option>& options) {
  constexpr std::size_t column = 34, width = 100;
  std::string out;
  for (const auto& o : options) {
    auto flag = "  " + flag_text(o);
    if (flag.size() + 2 > column)
      out += flag + "\n" + std::string(column, ' ');
    else
      out += flag + std::string(column - flag.size(), ' ');
    out += wrapped(sentence_of(o), column, width) + "\n";
  }
  return out;
}

std::string program_help(const Program& program) {
  std::string out = std::string(program.name) + " " + std::string(program.version) + ": " +
                    std::string(program.summary) + "\n\nUsage: " + std::string(program.name) +
                    " COMMAND [OPTION...] [ARGUMENT...]\n\nCommands:\n";
  std::size_t widest = 0;
  for (const auto& c : program.commands) widest = std::max(widest, c.name.size());
  for (const auto& c : program.commands)
    out += "  " + std::string(c.name) + std::string(widest - c.name.size() + 2, ' ') + std::string(c.summary) + "\n";
  out += "\nOptions of every command:\n" + options_help(program.common);
  out += "\nExit codes:\n" + std::string(program.exit_codes);
  out += "\nExamples:\n";
  for (const auto& c : program.commands)
    if (!c.examples.empty() && (c.name == "scan" || c.name == "sbom" || c.name == "db update"))
      out += "  " + std::string(c.examples.front().line) + "\n      " + std::string(c.examples.front().what) + "\n";
  return out + "\n`" + std::string(program.name) + " COMMAND --help` tells more about each.\n";
}

std::string roff(std::string_view text) {
  std::string out;
  for (char c : text) {
    // A dot or a quote that begins a line would be a request.
    bool begins_line = out.empty() || out.back() == '\n';
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if (begins_line && (c == '.' || c == '\''))
      out += "\\&" + std::string(1, c);
    else
      out += c;
  }
  return out;
}

std::string roff_options(const std::vector<Option>& options) {
  std::string out;
  for (const auto& o : options)
    out += ".TP\n.B " + roff(trim(flag_text(o))) + "\n" + roff(sentence_of(o)) +
           (o.sources == OptionSources::all ? " Environment: " + environment_name(o.name) + "." : "") + "\n";
  return out;
}

}  // namespace

std::string help_text(const Program& program, const Command* command) {
  if (command == nullptr) return program_help(program);
  std::string out = "Usage: " + std::string(program.name) + " " + std::string(command->name) + " [OPTION...]" +
                    usage_of(*command) + "\n\n" + std::string(command->summary) + "\n";
  if (!command->details.empty()) out += "\n" + std::string(command->details) + "\n";
  if (!command->arguments.empty()) {
    out += "\nArguments:\n";
    for (const auto& a : command->arguments)
      out += "  " + std::string(a.name) + "\n      " + wrapped(a.help, 6, 100) + "\n";
  }
  if (!command->options.empty()) out += "\nOptions:\n" + options_help(command->options);
  out += "\nOptions of every command:\n" + options_help(program.common);
  if (!command->examples.empty()) {
    out += "\nExamples:\n";
    for (const auto& e : command->examples) out += "  " + std::string(e.line) + "\n      " + std::string(e.what) + "\n";
  }
  return out;
}

std::string man_page(const Program& program, const Command* command) {
  auto title = std::string(program.name) + (command != nullptr ? "-" + replace_all(command->name, " ", "-") : "");
  std::string upper;
  for (char c : title) upper += is_lower(c) ? static_cast<char>(c - 32) : c;
  std::string out = ".TH \"" + upper + "\" 1 \"\" \"" + std::string(program.name) + " " + std::string(program.version) +
                    "\" \"Seawall\"\n.SH NAME\n" + roff(title) + " \\- " +
                    roff(command != nullptr ? command->summary : program.summary) + "\n.SH SYNOPSIS\n.B " +
                    std::string(program.name);
  if (command == nullptr) {
    out += " COMMAND\n[OPTION...] [ARGUMENT...]\n.SH COMMANDS\n";
    for (const auto& c : program.commands)
      out += ".TP\n.B " + std::string(c.name) + "\n" + roff(c.summary) + " See " + std::string(program.name) + "\\-" +
             roff(replace_all(c.name, " ", "-")) + "(1).\n";
    out +=
        ".SH OPTIONS\n" + roff_options(program.common) + ".SH EXIT STATUS\n.nf\n" + roff(program.exit_codes) + ".fi\n";
    return out;
  }
  out += " " + std::string(command->name) + "\n[OPTION...]" + roff(usage_of(*command)) + "\n.SH DESCRIPTION\n" +
         roff(command->summary) + "\n";
  if (!command->details.empty()) {
    out += ".PP\n.nf\n";
    for (auto line : lines(command->details)) out += roff(line) + "\n";
    out += ".fi\n";
  }
  if (!command->arguments.empty()) {
    out += ".SH ARGUMENTS\n";
    for (const auto& a : command->arguments) out += ".TP\n.I " + std::string(a.name) + "\n" + roff(a.help) + "\n";
  }
  out += ".SH OPTIONS\n" + roff_options(command->options) + roff_options(program.common) + ".SH EXIT STATUS\n.nf\n" +
         roff(program.exit_codes) + ".fi\n";
  if (!command->examples.empty()) {
    out += ".SH EXAMPLES\n";
    for (const auto& e : command->examples) out += ".TP\n.B " + roff(e.line) + "\n" + roff(e.what) + "\n";
  }
  return out;
}

namespace {

std::string spaced(const std::vector<std::string_view>& words) {
  std::string out;
  for (auto word : words) out += (out.empty() ? "" : " ") + std::string(word);
  return out;
}

// The values that completion offers for an option; empty: any.
std::string offered(const Option& o) { return spaced(o.choices.empty() ? o.suggestions : o.choices); }

std::string joined_options(const Program& program, const Command& command) {
  std::string out;
  for (const auto* list : {&command.options, &program.common})
    for (const auto& o : *list) out += (out.empty() ? "--" : " --") + std::string(o.name);
  return out;
}

std::string function_name(const Program& program) { return "_" + replace_all(program.name, "-", "_"); }

// What a shell runs for values that only the program itself can tell; it does not complain meanwhile.
std::string asked(const Program& program, std::string_view call) {
  return "$(" + std::string(program.name) + " " + std::string(call) + " 2>/dev/null)";
}

// One line of the `case "$command $previous"` that offers an option's values.
std::string bash_values(const Program& program, const Command& command, const Option& o) {
  auto values = offered(o);
  if (!o.suggestions_from.empty()) values = asked(program, o.suggestions_from);
  if (values.empty()) return {};
  auto before = "\"" + std::string(command.name) + " -";
  auto when = before + "-" + std::string(o.name) + "\"";
  if (o.letter != 0) when += "|" + before + o.letter + "\"";
  std::string_view files = o.suggestions_from.empty() ? "" : " $(compgen -f -- \"$cur\")";
  return "    " + when + ") COMPREPLY=($(compgen -W \"" + values + "\" -- \"$cur\")" + std::string(files) +
         "); return ;;\n";
}

std::string bash_completion(const Program& program) {
  std::string cases, choices;
  std::set<std::string> firsts;
  for (const auto& c : program.commands) {
    firsts.insert(std::string(words(c.name).front()));
    cases += "    \"" + std::string(c.name) + "\") opts=\"" + joined_options(program, c) + "\"";
    if (!c.arguments.empty() && !c.arguments[0].suggestions.empty())
      cases += " words=\"" + spaced(c.arguments[0].suggestions) + "\"";
    if (!c.arguments.empty() && !c.arguments[0].suggestions_from.empty())
      cases += " from=\"" + std::string(c.arguments[0].suggestions_from) + "\"";
    cases += " ;;\n";
    for (const auto* list : {&c.options, &program.common})
      for (const auto& o : *list) choices += bash_values(program, c, o);
  }
  std::string seconds;
  for (const auto& first : firsts) {
    std::string list;
    for (const auto& c : program.commands)
      if (auto parts = words(c.name); parts.size() == 2 && parts[0] == first)
        list += (list.empty() ? "" : " ") + std::string(parts[1]);
    if (!list.empty()) seconds += "    " + first + ") subs=\"" + list + "\" ;;\n";
  }
  auto fn = function_name(program);
  return "# bash completion for " + std::string(program.name) + "\n" + fn +
         "() {\n  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" subs=\"\" opts=\"\" "
         "words=\"\" from=\"\" command\n"
         "  COMPREPLY=()\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W \"" +
         join({firsts.begin(), firsts.end()}, " ") +
         " --help --version\" -- \"$cur\"))\n    return\n  fi\n  case \"${COMP_WORDS[1]}\" in\n" + seconds +
         "  esac\n  if [ -n \"$subs\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n    COMPREPLY=($(compgen -W \"$subs\" -- "
         "\"$cur\"))\n    return\n  fi\n"
         "  command=\"${COMP_WORDS[1]}\"\n  [ -n \"$subs\" ] && command=\"$command ${COMP_WORDS[2]}\"\n  case "
         "\"$command $prev\" in\n" +
         choices + "  esac\n  case \"$command\" in\n" + cases +
         "  esac\n  case \"$cur\" in\n    -*) COMPREPLY=($(compgen -W \"$opts --help\" -- \"$cur\")) ;;\n    *) "
         "if [ -n \"$from\" ]; then COMPREPLY=($(compgen -W \"$(" +
         std::string(program.name) +
         " $from 2>/dev/null)\" -- \"$cur\") $(compgen -f -- \"$cur\")); "
         "elif [ -n \"$words\" ]; then COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")); else COMPREPLY=($(compgen -f "
         "-- "
         "\"$cur\")); fi ;;\n"
         "  esac\n}\ncomplete -o filenames -F " +
         fn + " " + std::string(program.name) + "\n";
}

std::string quoted(std::string_view text) { return replace_all(replace_all(text, "'", "'\\''"), "\n", " "); }

// The words that come second after a first one: "build", "status", ... after "db".
std::vector<const Command*> commands_after(const Program& program, std::string_view first) {
  std::vector<const Command*> out;
  for (const auto& c : program.commands)
    if (auto parts = words(c.name); parts.size() == 2 && parts[0] == first) out.push_back(&c);
  return out;
}

// What a first word leads to: a command's own sentence, or the words that follow it.
std::string about_first(const Program& program, std::string_view first, const Command& command) {
  std::vector<std::string_view> after;
  for (const auto* c : commands_after(program, first)) after.push_back(words(c->name)[1]);
  return after.empty() ? std::string(command.summary) : spaced(after);
}

bool takes_path(const Option& o) { return o.value.contains("FILE") || o.value.contains("DIR"); }

// Names that the program tells, and files.
std::string zsh_asked(const Program& program, std::string_view call) {
  return "{ compadd - ${(f)\"" + asked(program, call) + "\"}; _files }";
}

// "'*'{-o,--output}'[help]:FORMAT:(table json)'"
std::string zsh_option(const Program& program, const Option& o) {
  auto help = replace_all(replace_all(quoted(o.help), "[", "\\["), "]", "\\]");
  std::string out = o.kind == OptionKind::list ? " '*'" : " ";
  out +=
      o.letter != 0 ? std::string("{-") + o.letter + ",--" + std::string(o.name) + "}'" : "'--" + std::string(o.name);
  out += "[" + help + "]";
  if (o.kind != OptionKind::flag) {
    auto values = offered(o);
    out += ":" + replace_all(quoted(o.value.empty() ? "value" : o.value), ":", "\\:") + ":";
    out += !values.empty()               ? "(" + values + ")"
           : !o.suggestions_from.empty() ? zsh_asked(program, o.suggestions_from)
           : takes_path(o)               ? "_files"
                                         : "";
  }
  return out + "'";
}

std::string zsh_argument(const Program& program, const Argument& a) {
  std::string offers = "_files";
  if (!a.suggestions.empty()) offers = "(" + spaced(a.suggestions) + ")";
  if (!a.suggestions_from.empty()) offers = zsh_asked(program, a.suggestions_from);
  return " '*:" + std::string(a.name) + ":" + offers + "'";
}

// "'build:Compile feeds into a database file'": only the first colon counts there.
std::string zsh_choice(std::string_view word, std::string_view what) {
  return " '" + std::string(word) + ":" + quoted(what) + "'";
}

std::string zsh_completion(const Program& program) {
  std::string out =
      "#compdef " + std::string(program.name) + "\n" + function_name(program) + "() {\n  local -a choices\n  choices=(";
  std::set<std::string> firsts;
  for (const auto& c : program.commands)
    if (auto first = std::string(words(c.name).front()); firsts.insert(first).second)
      out += zsh_choice(first, about_first(program, first, c));
  // Each word that is understood is shifted away, so that what follows sees options and arguments alone.
  out +=
      " )\n  if (( CURRENT == 2 )); then _describe command choices; return; fi\n"
      "  shift words; (( CURRENT-- ))\n  local command=$words[1]\n  case $command in\n";
  for (const auto& first : firsts) {
    auto after = commands_after(program, first);
    if (after.empty()) continue;
    out += "    " + first + ") choices=(";
    for (const auto* c : after) out += zsh_choice(words(c->name)[1], c->summary);
    out +=
        " )\n      if (( CURRENT == 2 )); then _describe subcommand choices; return; fi\n"
        "      command=\"$command $words[2]\"; shift words; (( CURRENT-- )) ;;\n";
  }
  out += "  esac\n  case $command in\n";
  for (const auto& c : program.commands) {
    out += "    '" + std::string(c.name) + "') _arguments";
    for (const auto* list : {&c.options, &program.common})
      for (const auto& o : *list) out += zsh_option(program, o);
    if (!c.arguments.empty()) out += zsh_argument(program, c.arguments.front());
    out += " ;;\n";
  }
  // Sourced, the function only has to be made known; found on the path of functions, it is called.
  return out + "  esac\n}\nif [ \"$funcstack[1]\" = " + function_name(program) + " ]; then " + function_name(program) +
         " \"$@\"; else compdef " + function_name(program) + " " + std::string(program.name) + "; fi\n";
}

std::string fish_asked(const Program& program, std::string_view call) {
  return "(" + std::string(program.name) + " " + std::string(call) + " 2>/dev/null)";
}

std::string fish_option(const Program& program, const std::string& when, const Option& o) {
  auto out = "complete -c " + std::string(program.name) + (when.empty() ? "" : " -n '" + when + "'") + " -l '" +
             std::string(o.name) + "' -d '" + quoted(o.help) + "'";
  if (o.letter != 0) out += " -s " + std::string(1, o.letter);
  if (o.kind != OptionKind::flag) out += " -r";
  if (auto values = offered(o); !values.empty()) out += " -f -a '" + values + "'";
  if (!o.suggestions_from.empty()) out += " -a '" + fish_asked(program, o.suggestions_from) + "'";
  return out + "\n";
}

std::string fish_choice(const Program& program, const std::string& when, std::string_view words,
                        std::string_view what) {
  return "complete -c " + std::string(program.name) + " -n '" + when + "' -f -a '" + std::string(words) + "' -d '" +
         quoted(what) + "'\n";
}

std::string fish_completion(const Program& program) {
  std::string out = "# fish completion for " + std::string(program.name) + "\n";
  std::set<std::string> firsts;
  for (const auto& c : program.commands) {
    auto parts = words(c.name);
    auto first = std::string(parts[0]);
    if (firsts.insert(first).second)
      out += fish_choice(program, "__fish_use_subcommand", first, about_first(program, first, c));
    std::string when = "__fish_seen_subcommand_from " + first;
    if (parts.size() == 2) {
      std::string seconds;
      for (const auto* other : commands_after(program, first)) seconds += " " + std::string(words(other->name)[1]);
      out += fish_choice(program, when + "; and not __fish_seen_subcommand_from" + seconds, parts[1], c.summary);
      when += "; and __fish_seen_subcommand_from " + std::string(parts[1]);
    }
    if (!c.arguments.empty() && !c.arguments[0].suggestions.empty())
      out += fish_choice(program, when, spaced(c.arguments[0].suggestions), c.arguments[0].name);
    if (!c.arguments.empty() && !c.arguments[0].suggestions_from.empty())
      out += "complete -c " + std::string(program.name) + " -n '" + when + "' -a '" +
             fish_asked(program, c.arguments[0].suggestions_from) + "'\n";
    for (const auto& o : c.options) out += fish_option(program, when, o);
  }
  for (const auto& o : program.common) out += fish_option(program, "", o);
  return out;
}

}  // namespace

std::string completion_script(const Program& program, Shell shell) {
  switch (shell) {
    case Shell::bash:
      return bash_completion(program);
    case Shell::zsh:
      return zsh_completion(program);
    case Shell::fish:
      return fish_completion(program);
  }
  return {};
}

std::string options_table(const Program& program) {
  std::string out;
  std::set<std::string_view> seen;
  auto add = [&](const Option& o) {
    if (o.sources == OptionSources::command_line || !seen.insert(o.name).second) return;
    out += "--" + std::string(o.name) + "\n    environment: " + environment_name(o.name) +
           ", file: " + std::string(o.name) + ":";
    if (!o.value.empty()) out += ", takes: " + std::string(o.value);
    out += "\n    " + wrapped(sentence_of(o), 4, 100) + "\n";
  };
  for (const auto& o : program.common) add(o);
  for (const auto& c : program.commands)
    for (const auto& o : c.options) add(o);
  return out;
}

}  // namespace seawall
