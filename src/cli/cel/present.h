// What comes out of an expression, as people and as programs read it.
// Threads: safe. Texts are fit for a terminal and end with a line end.
#pragma once

#include <string>

#include "cli/cel/session.h"

namespace seawall::cli {

std::string value_text(const cel::Value& value);
std::string explanation_text(const cel::Explanation& explanation);
std::string cost_text(const CelSession::Cost& cost);
// Name, type and the beginning of the value, a line each.
std::string variables_text(const CelSession& session);

// Fails: as write_json.
Result<std::string> value_json(const cel::Value& value);
Result<std::string> explanation_json(const cel::Explanation& explanation);
Result<std::string> cost_json(const CelSession::Cost& cost);

}  // namespace seawall::cli
