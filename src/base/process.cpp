#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/detail/descriptor.h"
#include "base/files.h"

namespace seawall {
namespace {

using detail::Descriptor;
using SteadyClock = std::chrono::steady_clock;

struct Pipe {
  Descriptor read, write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::unexpected(system_error(errno, "pipe"));
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// Input as a file in memory: nobody has to feed it, and a child that does not read it makes no SIGPIPE.
Result<Descriptor> input_file(std::string_view input) {
  Descriptor fd(::memfd_create("input", MFD_CLOEXEC));
  if (!fd) return std::unexpected(system_error(errno, "memfd_create"));
  for (std::size_t done = 0; done < input.size();) {
    auto written = ::pwrite(fd.get(), input.data() + done, input.size() - done, static_cast<off_t>(done));
    if (written < 0 && errno != EINTR) return std::unexpected(system_error(errno, "memfd_create"));
    done += static_cast<std::size_t>(std::max<ssize_t>(written, 0));
  }
  return fd;
}

// What posix_spawn wants, freed at the end.
struct SpawnPlan {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  void standard(int number, const Descriptor& fd) { ::posix_spawn_file_actions_adddup2(&actions, fd.get(), number); }
  // A group of its own, so that it can be ended with all it started; signals as a program expects them.
  void own_group() {
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
};

// A running child. Destroyed unreaped, it is killed with its group.
class Child {
 public:
  static Result<Child> start(const std::vector<std::string>& arguments, const Descriptor& in, const Descriptor& out,
                             const Descriptor& err) {
    SpawnPlan plan;
    plan.standard(STDIN_FILENO, in);
    plan.standard(STDOUT_FILENO, out);
    plan.standard(STDERR_FILENO, err);
    plan.own_group();
    std::vector<char*> raw;
    for (const auto& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
    raw.push_back(nullptr);
    pid_t pid = 0;
    int error = ::posix_spawnp(&pid, raw[0], &plan.actions, &plan.attributes, raw.data(), environ);
    if (error != 0) return std::unexpected(system_error(error, arguments[0]));
    return Child(pid);
  }
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, 0)), status_(other.status_) {}
  ~Child() {
    if (pid_ == 0) return;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  }
  bool has_ended() {
    if (pid_ != 0 && ::waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = 0;
    return pid_ == 0;
  }
  int exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_); }

 private:
  explicit Child(pid_t pid) : pid_(pid) {}
  pid_t pid_;
  int status_ = 0;
};

// One output of the child.
struct Stream {
  Descriptor fd;
  std::string* text;
};

// Takes what is there; closes the stream at its end.
Result<> drain(Stream& stream, std::size_t limit) {
  char buffer[16384];
  while (stream.fd) {
    auto got = ::read(stream.fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return {};
    if (got <= 0) {
      stream.fd.reset();
      return {};
    }
    if (stream.text->size() + static_cast<std::size_t>(got) > limit) return fail(Code::exhausted, "too much output");
    stream.text->append(buffer, static_cast<std::size_t>(got));
  }
  return {};
}

// Sleeps until an output has something or a moment has passed. There is no event for "the child has ended" that all
// kernels have; usually its outputs end with it.
void wait_for_output(const Stream (&streams)[2], std::chrono::milliseconds left) {
  pollfd polled[2];
  nfds_t count = 0;
  for (const auto& stream : streams)
    if (stream.fd) polled[count++] = {stream.fd.get(), POLLIN, 0};
  auto moment = std::min<std::chrono::milliseconds>(left, std::chrono::milliseconds(count == 0 ? 1 : 20));
  ::poll(polled, count, static_cast<int>(moment.count()));
}

Result<> collect(Child& child, Stream (&streams)[2], const ProcessOptions& options) {
  auto deadline = SteadyClock::now() + options.timeout;
  for (;;) {
    // Asked before the outputs are read, so that nothing written before the end is missed.
    bool ended = child.has_ended();
    for (auto& stream : streams) SW_TRY(drain(stream, options.output_limit));
    if (ended) return {};
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
    if (left.count() <= 0)
      return fail(Code::timeout, "no end after " + std::to_string(options.timeout.count()) + " ms");
    wait_for_output(streams, left);
  }
}

}  // namespace

Result<ProcessResult> run_process(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  if (arguments.empty()) return fail(Code::invalid, "no program");
  auto in = SW_TRY(input_file(options.input));
  auto out = SW_TRY(make_pipe());
  auto err = SW_TRY(make_pipe());
  auto child = SW_TRY(Child::start(arguments, in, out.write, err.write));
  out.write.reset();
  err.write.reset();
  ProcessResult result;
  Stream streams[2] = {{std::move(out.read), &result.out}, {std::move(err.read), &result.err}};
  auto done = collect(child, streams, options);
  if (!done) return std::unexpected(std::move(done).error().in(arguments[0]));
  result.exit_code = child.exit_code();
  return result;
}

}  // namespace seawall
