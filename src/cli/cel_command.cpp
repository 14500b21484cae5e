#include <unistd.h>

#include <array>

#include "base/files.h"
#include "base/text.h"
#include "cli/cel/present.h"
#include "cli/cel/repl.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "codec/json.h"

namespace seawall::cli {
namespace {

// What may be asked of an expression instead of its value, as options name it.
constexpr std::array<std::string_view, 4> views = {"type", "explain", "cost", "program"};

// "1.34" as 34.
Result<std::optional<unsigned>> kubernetes_minor(const Settings& settings) {
  constexpr std::uint64_t oldest = 25, newest = 37;
  auto stated = settings.text("kubernetes-version");
  if (stated.empty()) return std::nullopt;
  std::string_view version = stated;
  if (version.starts_with('v')) version.remove_prefix(1);
  auto minor = version.starts_with("1.") ? to_u64(version.substr(2)) : std::nullopt;
  if (!minor || *minor < oldest || *minor > newest)
    return fail(Code::invalid, "--kubernetes-version: \"" + stated + "\" is not one of 1.25 to 1.37");
  return static_cast<unsigned>(*minor);
}

Result<CelOptions> session_options(const Settings& settings) {
  CelOptions options{.kubernetes_minor = SW_TRY(kubernetes_minor(settings)),
                     .time = std::chrono::seconds(settings.integer("timeout"))};
  if (auto limit = settings.text("limit-cost"); !limit.empty()) {
    options.cost_limit = to_u64(limit);
    if (!options.cost_limit) return fail(Code::invalid, "--limit-cost: \"" + limit + "\" is negative");
  }
  return options;
}

// NAME=JSON
Result<> bind_stated(CelSession& session, const std::string& stated) {
  auto halves = cut(stated, "=");
  if (!halves) return fail(Code::invalid, "\"" + stated + "\" is not NAME=JSON");
  auto data = SW_TRY(in(halves->left, parse_data(halves->right)));
  return session.bind(halves->left, std::move(data));
}

Result<> bind_all_stated(CelSession& session, const Settings& settings) {
  for (const auto& stated : settings.list("var")) SW_TRY(in("--var", bind_stated(session, stated)));
  return {};
}

Result<> load_input(CelSession& session, const Settings& settings) {
  auto path = settings.text("input");
  if (path.empty()) return {};
  std::optional<std::int64_t> number;
  if (!settings.text("document").empty()) number = settings.integer("document");
  return session.load(SW_TRY(read_data(path, number)));
}

// The one view that was asked for; empty: the value.
Result<std::string_view> view_of(const Settings& settings) {
  std::string_view chosen;
  for (auto view : views) {
    if (!settings.flag(view)) continue;
    if (!chosen.empty())
      return fail(Code::invalid, "--" + std::string(chosen) + " and --" + std::string(view) + ": one of them");
    chosen = view;
  }
  return chosen;
}

// What a call comes to: text for standard output, and the value behind it where there is one.
struct Shown {
  std::string text;
  std::optional<cel::Value> value;
};

class Call {
 public:
  Call(CelSession& session, const Settings& settings)
      : session_(session), source_(settings.arguments().front()), json_(settings.text("output") == "json") {}

  Result<Shown> show(std::string_view view) {
    if (view == "type") return plain(session_.type(source_));
    if (view == "program") return plain(session_.program(source_));
    if (view == "explain") return explanation();
    return view == "cost" ? cost() : value();
  }

 private:
  Result<Shown> plain(Result<std::string> text) {
    auto got = SW_TRY(std::move(text));
    if (!got.ends_with('\n')) got += '\n';
    if (!json_) return Shown{std::move(got), {}};
    got.pop_back();
    return Shown{codec::JsonWriter().text(got).take() + "\n", {}};
  }

  Result<Shown> value() {
    auto value = SW_TRY(session_.evaluate(source_));
    if (value.is_error()) return Shown{{}, value};
    return Shown{json_ ? SW_TRY(value_json(value)) : value_text(value), value};
  }

  Result<Shown> explanation() {
    auto explanation = SW_TRY(session_.explain(source_));
    if (explanation.value.is_error()) return Shown{{}, explanation.value};
    return Shown{json_ ? SW_TRY(explanation_json(explanation)) : explanation_text(explanation), explanation.value};
  }

  Result<Shown> cost() {
    auto cost = SW_TRY(session_.cost(source_));
    if (cost.value.is_error()) return Shown{{}, cost.value};
    return Shown{json_ ? SW_TRY(cost_json(cost)) : cost_text(cost), cost.value};
  }

  CelSession& session_;
  std::string_view source_;
  bool json_;
};

// An expression that can't be decided could not complete; it is not a mistake of the call.
int report_undecided(const Settings& settings, const cel::Failure& failure) {
  auto text = undecided_text(settings.arguments().front(), failure);
  auto timeout = settings.integer("timeout");
  if (failure.code == cel::ErrorCode::interrupted && timeout > 0)
    text = "took longer than --timeout " + settings.text("timeout") + "; " + text;
  (void)report_error({Code::unsupported, "undecided: " + text});
  return exit_incomplete;
}

int exit_of(const Settings& settings, const Shown& shown) {
  if (!settings.flag("exit-status") || !shown.value) return exit_clean;
  if (shown.value->is(cel::Kind::boolean)) return shown.value->as_boolean() ? exit_clean : exit_gate;
  (void)report_error({Code::unsupported, "--exit-status: the result is neither true nor false"});
  return exit_incomplete;
}

int run_expression(CelSession& session, const Settings& settings, std::string_view view) {
  auto shown = Call(session, settings).show(view);
  if (!shown) return report_error(shown.error());
  if (shown->value && shown->value->is_error()) return report_undecided(settings, shown->value->as_error());
  if (auto done = print(shown->text); !done) return report_error(done.error());
  return exit_of(settings, *shown);
}

int run_lines(CelSession& session) {
  bool typed = ::isatty(STDIN_FILENO) != 0 && stdout_is_terminal();
  auto lines = typed ? typed_lines(path_join(state_directory(), "cel_history")) : piped_lines();
  return run_repl(session, *lines, typed ? Greeting::yes : Greeting::no);
}

// Options that say something of one expression; in a REPL they would be passed over in silence.
Result<> refuse_for_lines(const Settings& settings, std::string_view view) {
  if (!view.empty())
    return fail(Code::invalid, "--" + std::string(view) + " wants an expression; without one, :" + std::string(view) +
                                   " EXPRESSION asks line by line");
  if (settings.flag("exit-status")) return fail(Code::invalid, "--exit-status wants an expression");
  if (settings.text("output") == "json") return fail(Code::invalid, "-o json wants an expression");
  if (settings.text("input") == "-") return fail(Code::invalid, "--input - wants an expression: lines come from there");
  return {};
}

int run(const Settings& settings) {
  auto view = view_of(settings);
  if (!view) return report_error(view.error());
  bool has_expression = !settings.arguments().empty();
  if (!has_expression)
    if (auto checked = refuse_for_lines(settings, *view); !checked) return report_error(checked.error());
  auto options = session_options(settings);
  if (!options) return report_error(options.error());
  CelSession session(*options);
  if (auto bound = bind_all_stated(session, settings); !bound) return report_error(bound.error());
  if (auto loaded = load_input(session, settings); !loaded) {
    // An input that can't be read is no mistake of the call: nothing could be judged.
    (void)report_error(loaded.error());
    return exit_incomplete;
  }
  return has_expression ? run_expression(session, settings, *view) : run_lines(session);
}

std::vector<Option> options() {
  using enum OptionKind;
  constexpr auto here = OptionSources::command_line;
  return {
      {.name = "input",
       .value = "FILE",
       .help = "JSON or YAML to judge; - is standard input.",
       .letter = 'i',
       .sources = here},
      {.name = "document",
       .kind = integer,
       .value = "N",
       .help = "Which of several YAML documents, from 1.",
       .sources = here},
      {.name = "var", .kind = list, .value = "NAME=JSON", .help = "A variable more.", .sources = here},
      {.name = "explain", .kind = flag, .help = "Tell which parts of the input decided the value.", .sources = here},
      {.name = "type", .kind = flag, .help = "Print the static type; nothing is evaluated.", .sources = here},
      {.name = "cost",
       .kind = flag,
       .help = "Tell the cost as Kubernetes counts it, and what it can cost at all.",
       .sources = here},
      {.name = "program", .kind = flag, .help = "Print the instructions that it is compiled to.", .sources = here},
      {.name = "exit-status", .kind = flag, .help = "Exit with 1 where the result is false.", .sources = here},
      {.name = "output",
       .value = "FORMAT",
       .help = "How to write the result.",
       .fallback = "cel",
       .letter = 'o',
       .choices = {"cel", "json"},
       .sources = here},
      {.name = "limit-cost",
       .kind = integer,
       .value = "N",
       .help = "Undecided once it has cost more.",
       .sources = here},
      {.name = "timeout",
       .kind = duration,
       .value = "TIME",
       .help = "Undecided after this time; 0 is no limit.",
       .fallback = "10s",
       .sources = here},
      {.name = "kubernetes-version",
       .value = "VERSION",
       .help = "Offer only what the API server of that version offers to policies (1.25 to 1.37)."},
  };
}

}  // namespace

Command cel_command() {
  return {
      .name = "cel",
      .summary = "Evaluate a CEL expression on JSON or YAML, explain it, or try several line by line",
      .details =
          "The input is the variable `object`; members of a mapping go by their own names, too. An expression with a\n"
          "mistake ends with exit code 2; one that can't be decided on this input with 3, and place and reason.\n"
          "Without an expression, lines are read: expressions, and commands that :help lists.",
      .arguments = {{"EXPRESSION", "a CEL expression; in a shell, in single quotes", Argument::Count::optional}},
      .options = options(),
      .examples = {{"seawall cel 'object.spec.containers.all(c, has(c.image))' --input pod.yaml",
                    "prints true or false"},
                   {"seawall cel 'spec.replicas > 3' -i deployment.yaml --exit-status",
                    "a condition for a script: exit code 0 or 1"},
                   {"seawall cel 'has(spec.hostPID) && spec.hostPID' -i pod.yaml --explain",
                    "which parts of the input decided"},
                   {"kubectl get pod web -o json | seawall cel 'metadata.labels' -i - -o json",
                    "a part of a live object, as JSON"},
                   {"seawall cel --var 'limit=3' '[1, 2, 3, 4].filter(x, x < limit)'", "prints [1, 2]"},
                   {"seawall cel -i pod.yaml", "a prompt for one expression after another"}},
      .run = run};
}

}  // namespace seawall::cli
