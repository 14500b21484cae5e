// Which files are rules.
// Threads: safe. Limits: 10,000 files, folders 16 deep, 4 MiB a file. Fails: not_found, denied, unavailable, exhausted.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "rulebook/rule_file.h"

namespace seawall::rulebook {

// A file itself, whatever its name; of a folder all *.yaml and *.yml below, sorted, tests (*.test.yaml) excepted.
std::vector<std::string> rule_files_of(const std::string& path, std::vector<Mistake>& mistakes);

// Likewise the tests: *.test.yaml; of a rule's file its test.
std::vector<std::string> rule_tests_of(const std::string& path, std::vector<Mistake>& mistakes);

Result<std::string> read_rule_file(const std::string& path);

}  // namespace seawall::rulebook
