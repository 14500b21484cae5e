// seawall: the command line.
#include <csignal>
#include <cstdlib>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/context.h"

using namespace seawall;

namespace {

// The value of --config, before anything else is parsed: the file gives defaults to the rest.
std::string stated_config(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--") break;
    if (arguments[i].starts_with("--config=")) return arguments[i].substr(9);
    if (arguments[i] == "--config" && i + 1 < arguments.size()) return arguments[i + 1];
  }
  const char* value = std::getenv("SEAWALL_CONFIG");
  return value != nullptr ? value : "";
}

Level level_of(const std::string& name) {
  if (name == "debug") return Level::debug;
  if (name == "info") return Level::info;
  return name == "error" ? Level::error : Level::warn;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> arguments(argv + 1, argv + argc);
  auto program = cli::seawall_program();
  auto config = cli::ConfigFile::find(stated_config(arguments), program);
  auto call = parse_call(
      program, arguments, [](const char* name) -> const char* { return std::getenv(name); },
      [&](std::string_view name) { return config ? config->values(name) : std::nullopt; });
  // Help is given beside a broken file, too.
  if (call && call->print) return cli::print(*call->print) ? 0 : 3;
  if (!config) return cli::report_error(config.error());
  if (!call) return cli::report_error(call.error());
  set_log_level(level_of(call->settings.text("log-level")));
  return call->settings.command().run(call->settings);
}
