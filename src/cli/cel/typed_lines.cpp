// The only file that sees libedit.
#include <histedit.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cwchar>
#include <deque>

#include "base/files.h"
#include "base/text.h"
#include "cli/cel/line_reader.h"

namespace seawall::cli {
namespace {

constexpr std::size_t most_lines = 1000, largest_history = 4 << 20;

// Keeps Ctrl-C waiting but for where it is waited for: it must not fall between two looks.
class InterruptsHeld {
 public:
  void hold() {
    sigset_t interrupt;
    ::sigemptyset(&interrupt);
    ::sigaddset(&interrupt, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &interrupt, &outside_);
  }
  void release() { ::pthread_sigmask(SIG_SETMASK, &outside_, nullptr); }
  const sigset_t* outside() const noexcept { return &outside_; }

 private:
  sigset_t outside_{};
};

class TypedLines final : public LineReader {
 public:
  explicit TypedLines(std::string history_path) : path_(std::move(history_path)) {
    std::setlocale(LC_CTYPE, "");  // libedit asks it how wide a character is
    editor_ = ::el_init("seawall", stdin, stdout, stderr);
    history_ = ::history_init();
    if (editor_ == nullptr || history_ == nullptr) return;
    HistEvent event;
    ::history(history_, &event, H_SETSIZE, static_cast<int>(most_lines));
    ::el_set(editor_, EL_CLIENTDATA, this);
    ::el_set(editor_, EL_PROMPT, &TypedLines::prompt);
    ::el_set(editor_, EL_GETCFN, &TypedLines::character);
    ::el_set(editor_, EL_EDITOR, "emacs");
    ::el_set(editor_, EL_HIST, ::history, history_);
    ::el_source(editor_, nullptr);  // the user's ~/.editrc
    remember_old();
  }
  TypedLines(const TypedLines&) = delete;
  ~TypedLines() override {
    save();
    if (history_ != nullptr) ::history_end(history_);
    if (editor_ != nullptr) ::el_end(editor_);
  }

  Result<std::optional<std::string>> read(const char* prompt) override {
    if (editor_ == nullptr || history_ == nullptr) return fail(Code::unavailable, "no line editing on this terminal");
    prompt_ = prompt;
    int count = 0;
    errno = 0;
    interrupts_.hold();
    const char* typed = ::el_gets(editor_, &count);
    bool interrupted = typed == nullptr && errno == EINTR;
    interrupts_.release();
    if (interrupted) return cancelled();
    if (typed == nullptr || count <= 0) {
      std::fputc('\n', stdout);
      std::fflush(stdout);
      return std::nullopt;
    }
    std::string line(typed, static_cast<std::size_t>(count));
    while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
    if (!trim(line).empty()) remember(line);
    return line;
  }

 private:
  static char* prompt(EditLine* editor) {
    return const_cast<char*>(self(editor).prompt_);  // libedit's type; it only reads it
  }

  static TypedLines& self(EditLine* editor) {
    TypedLines* found = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &found);
    return *found;
  }

  // libedit's own reader goes on after a signal; this one lets Ctrl-C cancel the line.
  static int character(EditLine* editor, wchar_t* to) {
    std::mbstate_t state{};
    for (;;) {
      pollfd wanted{STDIN_FILENO, POLLIN, 0};
      if (::ppoll(&wanted, 1, nullptr, self(editor).interrupts_.outside()) < 0) return -1;
      char byte = 0;
      auto count = ::read(STDIN_FILENO, &byte, 1);
      if (count <= 0) return static_cast<int>(count);
      if (byte == '\0') continue;  // Ctrl-D typed ahead turns into this, and libedit into one that never ends
      auto used = std::mbrtowc(to, &byte, 1, &state);
      if (used == static_cast<std::size_t>(-2)) continue;  // a part of a character
      if (used == static_cast<std::size_t>(-1)) *to = L'?';
      return 1;
    }
  }

  std::unexpected<Error> cancelled() {
    ::el_reset(editor_);
    std::fputc('\n', stdout);
    std::fflush(stdout);
    return fail(Code::timeout, "cancelled");
  }

  void remember(const std::string& line) {
    HistEvent event;
    ::history(history_, &event, H_ENTER, line.c_str());
    if (!lines_.empty() && lines_.back() == line) return;
    lines_.push_back(line);
    if (lines_.size() > most_lines) lines_.pop_front();
  }

  void remember_old() {
    auto text = read_file(path_, largest_history);
    if (!text) return;  // none yet
    for (auto line : lines(*text)) remember(std::string(line));
  }

  // Not written by libedit, whose file follows the umask until it is closed. A history that can't be kept is no
  // reason to fail.
  void save() {
    if (lines_.empty() || !make_directories(std::string(parent_path(path_)), 0700)) return;
    std::string text;
    for (const auto& line : lines_) (text += line) += '\n';
    (void)write_file(path_, text, 0600, Durable::no);
  }

  std::string path_;
  InterruptsHeld interrupts_;
  const char* prompt_ = "";
  EditLine* editor_ = nullptr;
  History* history_ = nullptr;
  std::deque<std::string> lines_;
};

}  // namespace

std::unique_ptr<LineReader> typed_lines(std::string history_path) {
  return std::make_unique<TypedLines>(std::move(history_path));
}

}  // namespace seawall::cli
