// The commands of `seawall`, each declared with what it does in one place: a new command is one file beside these and
// one line in program.cpp.
#pragma once

#include <vector>

#include "base/options.h"
#include "oci/open.h"

namespace seawall::cli {

Command scan_command();
Command sbom_command();
std::vector<Command> database_commands();
Command update_command();  // db update
std::vector<Command> cache_commands();
Command push_command();
Command rematch_command();
Command check_command();
Command cel_command();
std::vector<Command> rules_commands();
Command exceptions_command();
Command version_compare_command();
std::vector<Command> help_commands();  // formats, options, completion, man

// Options of every command that talks to a registry, and what they mean.
std::vector<Option> registry_options();
Result<oci::OpenOptions> image_options(const Settings&);

Program seawall_program();

}  // namespace seawall::cli
