#include "cli/rules/commands.h"

#include "cli/commands.h"

namespace seawall::cli {

std::vector<Command> rules_commands() {
  return {rules_list_command(), rules_show_command(),   rules_new_command(),   rules_test_command(),
          rules_docs_command(), rules_export_command(), rules_schema_command()};
}

}  // namespace seawall::cli
