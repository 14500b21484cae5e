#include "cli/cel/repl.h"

#include <csignal>

#include "base/text.h"
#include "cli/cel/present.h"
#include "cli/context.h"
#include "cli/exit_codes.h"

namespace seawall::cli {
namespace {

constexpr std::string_view help =
    "EXPRESSION           its value; a line that ends in \\ goes on in the next\n"
    ":type EXPRESSION     its static type\n"
    ":explain EXPRESSION  its value, and which parts of the input decided it\n"
    ":cost EXPRESSION     its cost as Kubernetes counts it, and what it can cost at all\n"
    ":program EXPRESSION  the instructions that it is compiled to\n"
    ":let NAME = EXPRESSION  gives the value a name\n"
    ":load FILE           reads the input: JSON or YAML\n"
    ":vars                names that expressions may use\n"
    ":help                this text\n"
    ":quit                or Ctrl-D\n";

// Ctrl-C ends an evaluation or cancels a line, not the program. A handler reaches only what is global.
std::atomic<CelSession*> interruptible = nullptr;
static_assert(std::atomic<CelSession*>::is_always_lock_free);

void on_interrupt(int) {
  if (auto* session = interruptible.load()) session->interrupt();
}

class Interrupts {
 public:
  explicit Interrupts(CelSession& session) {
    interruptible = &session;
    struct sigaction action{};
    action.sa_handler = on_interrupt;  // no SA_RESTART: reading a line ends, too
    ::sigaction(SIGINT, &action, &before_);
  }
  Interrupts(const Interrupts&) = delete;
  ~Interrupts() {
    ::sigaction(SIGINT, &before_, nullptr);
    interruptible = nullptr;
  }

 private:
  struct sigaction before_{};
};

// Text to print, or an error to tell; nothing that ends the REPL.
using Answer = Result<std::string>;

// The outcome's text, unless its value is that it could not be decided.
template <class Outcome>
Answer shown(std::string_view source, const cel::Value& value, const Outcome& outcome,
             std::string (*text)(const Outcome&)) {
  if (value.is_error()) return fail(Code::unsupported, undecided_text(source, value.as_error()));
  return text(outcome);
}

Answer show_value(CelSession& session, std::string_view source) {
  auto value = SW_TRY(session.evaluate(source));
  return shown(source, value, value, value_text);
}

Answer show_type(CelSession& session, std::string_view source) { return SW_TRY(session.type(source)) + "\n"; }

Answer show_explanation(CelSession& session, std::string_view source) {
  auto explanation = SW_TRY(session.explain(source));
  return shown(source, explanation.value, explanation, explanation_text);
}

Answer show_cost(CelSession& session, std::string_view source) {
  auto cost = SW_TRY(session.cost(source));
  return shown(source, cost.value, cost, cost_text);
}

Answer show_program(CelSession& session, std::string_view source) { return session.program(source); }

Answer let(CelSession& session, std::string_view rest) {
  auto halves = cut(rest, "=");
  if (!halves) return fail(Code::invalid, ":let NAME = EXPRESSION");
  auto source = trim(halves->right);
  auto value = SW_TRY(session.let(trim(halves->left), source));
  return shown(source, value, value, value_text);
}

Answer load(CelSession& session, std::string_view rest) {
  if (rest == "-") return fail(Code::invalid, "standard input is where these lines come from");
  SW_TRY(session.load(SW_TRY(read_data(std::string(rest)))));
  return "";
}

Answer show_variables(CelSession& session, std::string_view) { return variables_text(session); }
Answer show_help(CelSession&, std::string_view) { return std::string(help); }

struct ReplCommand {
  std::string_view name;
  Answer (*run)(CelSession&, std::string_view rest);
  std::string_view wants;  // empty: nothing
};
constexpr ReplCommand commands[] = {
    {"type", show_type, "EXPRESSION"}, {"explain", show_explanation, "EXPRESSION"},
    {"cost", show_cost, "EXPRESSION"}, {"program", show_program, "EXPRESSION"},
    {"let", let, "NAME = EXPRESSION"}, {"load", load, "FILE"},
    {"vars", show_variables, ""},      {"help", show_help, ""},
};

Answer answer(CelSession& session, std::string_view line) {
  if (!line.starts_with(':')) return show_value(session, line);
  line.remove_prefix(1);
  auto end = line.find_first_of(" \t");
  auto name = line.substr(0, end);
  auto rest = end == std::string_view::npos ? std::string_view() : trim(line.substr(end));
  for (const auto& command : commands) {
    if (command.name != name) continue;
    if (rest.empty() == command.wants.empty()) return command.run(session, rest);
    if (rest.empty()) return fail(Code::invalid, ":" + std::string(name) + " " + std::string(command.wants));
    return fail(Code::invalid, ":" + std::string(name) + " takes nothing");
  }
  return fail(Code::invalid, "no command :" + std::string(name) + "; :help lists them");
}

// One line, or several that each end in a backslash.
Result<std::optional<std::string>> read_entry(LineReader& lines) {
  auto entry = SW_TRY(lines.read("cel> "));
  while (entry && entry->ends_with('\\')) {
    entry->back() = '\n';
    auto more = SW_TRY(lines.read("  .. "));
    if (!more) break;
    *entry += *more;
    if (entry->size() > (std::size_t{1} << 20)) return fail(Code::exhausted, "more than 1 MiB in one expression");
  }
  return entry;
}

bool is_quit(std::string_view line) { return line == ":quit" || line == ":q" || line == ":exit"; }

}  // namespace

int run_repl(CelSession& session, LineReader& lines, Greeting greeting) {
  Interrupts interrupts(session);
  if (greeting == Greeting::yes && !print("CEL. :help lists commands, :quit or Ctrl-D leaves.\n"))
    return exit_incomplete;
  for (;;) {
    auto entry = read_entry(lines);
    if (!entry) {
      if (entry.error().code == Code::timeout) continue;  // a cancelled line
      auto code = report_error(entry.error());
      if (entry.error().code == Code::exhausted) continue;
      return code;
    }
    if (!*entry || is_quit(trim(**entry))) return exit_clean;
    auto line = trim(**entry);
    if (line.empty() || line.starts_with("//")) continue;
    auto said = answer(session, line);
    if (!said) {
      (void)report_error(said.error());
      continue;
    }
    if (auto done = print(*said); !done) return report_error(done.error());
  }
}

}  // namespace seawall::cli
