// Structured log events on standard error: a name and fields, once, where the error is handled; never secrets.
// Threads: safe; a line is written whole.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace seawall {

// error: somebody must act. warn: the result is affected. info: progress. debug: for us.
enum class Level : unsigned char { debug, info, warn, error };

struct LogField {
  std::string_view name;
  std::string value;
};

void log(Level, std::string_view event, std::initializer_list<LogField> fields = {});
// Below this nothing is written. Set once at start, before threads. Default: warn.
void set_log_level(Level) noexcept;
// "json" lines instead of "warn: event name=value".
enum class LogFormat : unsigned char { text, json };
void set_log_format(LogFormat) noexcept;

}  // namespace seawall
