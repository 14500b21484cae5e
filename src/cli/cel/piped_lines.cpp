#include <unistd.h>

#include <cerrno>

#include "base/files.h"
#include "cli/cel/line_reader.h"

namespace seawall::cli {
namespace {

constexpr std::size_t longest = 1 << 20;

class PipedLines final : public LineReader {
 public:
  Result<std::optional<std::string>> read(const char*) override {
    std::string line;
    bool too_long = false, any = false;
    for (;;) {
      if (next_ == end_ && !SW_TRY(fill())) break;
      any = true;
      char c = buffer_[next_++];
      if (c == '\n') break;
      if (line.size() < longest)
        line += c;
      else
        too_long = true;
    }
    if (too_long) return fail(Code::exhausted, "a line longer than 1 MiB was skipped");
    if (!any) return std::nullopt;
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }

 private:
  Result<bool> fill() {
    for (;;) {
      auto count = ::read(STDIN_FILENO, buffer_, sizeof buffer_);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return std::unexpected(system_error(errno, "standard input"));
      next_ = 0;
      end_ = static_cast<std::size_t>(count);
      return count > 0;
    }
  }

  char buffer_[16 << 10];
  std::size_t next_ = 0, end_ = 0;
};

}  // namespace

std::unique_ptr<LineReader> piped_lines() { return std::make_unique<PipedLines>(); }

}  // namespace seawall::cli
