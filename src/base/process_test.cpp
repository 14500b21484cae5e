#include "base/process.h"

#include <doctest/doctest.h>

namespace seawall {
namespace {

using std::chrono::milliseconds;

TEST_CASE("a program gets its input and gives its outputs") {
  auto done = run_process({"sh", "-c", "cat; echo oops >&2; exit 3"}, {.input = "hello"});
  REQUIRE(done);
  CHECK(done->out == "hello");
  CHECK(done->err == "oops\n");
  CHECK(done->exit_code == 3);
}

TEST_CASE("arguments are not read by a shell") { CHECK(run_process({"echo", "$HOME;", "a b"})->out == "$HOME; a b\n"); }

TEST_CASE("input that is not read is no failure") {
  std::string big(1 << 20, 'x');
  CHECK(run_process({"true"}, {.input = big})->exit_code == 0);
}

TEST_CASE("a signal is told by the exit code") { CHECK(run_process({"sh", "-c", "kill -9 $$"})->exit_code == 137); }

TEST_CASE("what cannot be run says why") {
  CHECK(run_process({"no-such-program-here"}).error().code == Code::not_found);
  CHECK(run_process({"/"}).error().code == Code::denied);
  CHECK(run_process({}).error().code == Code::invalid);
}

TEST_CASE("limits end the program and what it started") {
  CHECK(run_process({"sh", "-c", "sleep 100 & sleep 100"}, {.timeout = milliseconds(50)}).error().code ==
        Code::timeout);
  CHECK(run_process({"yes"}, {.output_limit = 100000}).error().code == Code::exhausted);
}

TEST_CASE("a child left behind does not keep us waiting") {
  auto done = run_process({"sh", "-c", "sleep 2 & echo done"}, {.timeout = milliseconds(20000)});
  REQUIRE(done);
  CHECK(done->out == "done\n");
}

}  // namespace
}  // namespace seawall
