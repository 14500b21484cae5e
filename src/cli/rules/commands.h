// The commands of `seawall rules`, each in its own file.
#pragma once

#include "base/options.h"

namespace seawall::cli {

Command rules_list_command();
Command rules_show_command();
Command rules_new_command();
Command rules_docs_command();
Command rules_test_command();
Command rules_export_command();
Command rules_schema_command();

}  // namespace seawall::cli
