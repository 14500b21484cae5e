#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "base/time.h"

namespace seawall {
namespace {

// Set once at start: configuration of the process like its standard error itself.
std::atomic<Level> lowest_level{Level::warn};
std::atomic<LogFormat> chosen_format{LogFormat::text};

std::string_view name_of(Level level) noexcept {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warn:
      return "warn";
    case Level::error:
      return "error";
  }
  return "error";
}

std::string_view colour_of(Level level) noexcept {
  switch (level) {
    case Level::warn:
      return "\033[33m";
    case Level::error:
      return "\033[31m";
    default:
      return "\033[2m";
  }
}

bool colours_wanted() {
  const char* off = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return (off == nullptr || *off == '\0') && !dumb && ::isatty(STDERR_FILENO) == 1;
}

// JSON string escapes; in text lines too, so that no value can move the cursor or forge a line. C1 controls as well
// (U+0080 to U+009F): terminals obey them.
void append_quoted(std::string& out, std::string_view value) {
  out.push_back('"');
  auto clean = to_utf8(value);
  for (std::size_t i = 0; i < clean.size(); ++i) {
    auto byte = static_cast<unsigned char>(clean[i]);
    bool c1 = byte == 0xC2 && i + 1 < clean.size() && static_cast<unsigned char>(clean[i + 1]) < 0xA0;
    if (c1) byte = static_cast<unsigned char>(clean[++i]);
    if (byte == '"' || byte == '\\') out.push_back('\\');
    if (byte < 0x20 || byte == 0x7F || c1) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      out.append(escape);
    } else {
      out.push_back(static_cast<char>(byte));
    }
  }
  out.push_back('"');
}

bool needs_quotes(std::string_view value) noexcept {
  for (char c : value)
    if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '=') return true;
  return value.empty();
}

std::string text_line(Level level, std::string_view event, std::initializer_list<LogField> fields) {
  static const bool colours = colours_wanted();
  std::string line = "seawall: ";
  if (colours) line.append(colour_of(level));
  line.append(name_of(level)).append(":");
  if (colours) line.append("\033[0m");
  line.append(" ").append(event);
  for (const auto& field : fields) {
    line.append(" ").append(field.name).append("=");
    if (needs_quotes(field.value))
      append_quoted(line, field.value);
    else
      line.append(field.value);
  }
  return line;
}

std::string json_line(Level level, std::string_view event, std::initializer_list<LogField> fields) {
  std::string line = "{\"time\":\"" + to_rfc3339(system_now()) + "\",\"level\":\"";
  line.append(name_of(level)).append("\",\"event\":");
  append_quoted(line, event);
  for (const auto& field : fields) {
    line.push_back(',');
    append_quoted(line, field.name);
    line.push_back(':');
    append_quoted(line, field.value);
  }
  return line.append("}");
}

}  // namespace

void set_log_level(Level level) noexcept { lowest_level = level; }
void set_log_format(LogFormat format) noexcept { chosen_format = format; }

void log(Level level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < lowest_level.load(std::memory_order_relaxed)) return;
  auto line = chosen_format == LogFormat::json ? json_line(level, event, fields) : text_line(level, event, fields);
  line.push_back('\n');
  // One call, so that lines of several threads don't mix. Nobody is left to tell where standard error is gone.
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

}  // namespace seawall
