#include "base/log.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"

namespace seawall {
namespace {

// What `action` writes to standard error.
template <class Action>
std::string written_by(Action action) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  int saved = ::dup(STDERR_FILENO);
  ::dup2(ends[1], STDERR_FILENO);
  action();
  ::dup2(saved, STDERR_FILENO);
  ::close(saved);
  ::close(ends[1]);
  char text[4096];
  auto size = ::read(ends[0], text, sizeof text);
  ::close(ends[0]);
  return {text, static_cast<std::size_t>(size > 0 ? size : 0)};
}

TEST_CASE("an event is one line of names and values") {
  auto line = written_by([] { log(Level::warn, "feed_skipped", {{"feed", "osv"}, {"why", "no \"id\"\n"}}); });
  CHECK(line == "seawall: warn: feed_skipped feed=osv why=\"no \\\"id\\\"\\u000a\"\n");
}

TEST_CASE("events below the level are not written") {
  CHECK(written_by([] { log(Level::info, "progress"); }).empty());
  set_log_level(Level::debug);
  CHECK(written_by([] { log(Level::debug, "progress"); }) == "seawall: debug: progress\n");
  set_log_level(Level::warn);
}

TEST_CASE("values cannot reach the terminal") {
  auto line = written_by([] { log(Level::error, "bad_name", {{"name", "\033[2J\xC2\x9B\xFF"}}); });
  CHECK(line == "seawall: error: bad_name name=\"\\u001b[2J\\u009b\xEF\xBF\xBD\"\n");
}

TEST_CASE("json lines") {
  set_log_format(LogFormat::json);
  auto line = written_by([] { log(Level::warn, "feed_skipped", {{"feed", "osv"}}); });
  set_log_format(LogFormat::text);
  CHECK(line.starts_with("{\"time\":\"2"));
  CHECK(line.ends_with("Z\",\"level\":\"warn\",\"event\":\"feed_skipped\",\"feed\":\"osv\"}\n"));
}

}  // namespace
}  // namespace seawall
