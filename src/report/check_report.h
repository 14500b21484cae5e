// What checks of manifests found, in the forms that people and other programs read.
// Threads: safe. Texts of manifests and rules are written so that they cannot steer a terminal or break a format.
#pragma once

#include <string>
#include <vector>

#include "model/policy_result.h"

namespace seawall::report {

std::string check_table(const std::vector<model::ObjectResults>& objects);
// One array of results: object, rule, verdict, severity, message, paths, fix.
std::string check_json(const std::vector<model::ObjectResults>& objects);

}  // namespace seawall::report
