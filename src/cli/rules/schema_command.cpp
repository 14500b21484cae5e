// `seawall rules schema`: what editors check rule files by.
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "cli/rules/commands.h"

namespace seawall::embedded {
std::string_view rules_schema() noexcept;  // api/rules.schema.json, see room.cmake
}

namespace seawall::cli {

Command rules_schema_command() {
  return {.name = "rules schema",
          .summary = "Print the JSON Schema of rule files, for editors",
          .details =
              "An editor with yaml-language-server completes and checks a file that begins with the line\n"
              "  # yaml-language-server: $schema=rules.schema.json",
          .arguments = {},
          .options = {},
          .examples = {{"seawall rules schema > rules.schema.json", "beside the rules"}},
          .run = [](const Settings&) {
            auto done = print(embedded::rules_schema());
            return done ? exit_clean : report_error(done.error());
          }};
}

}  // namespace seawall::cli
