// What every command needs: settings made into values, the database, the terminal.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/options.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/value.h"
#include "net/http.h"
#include "vulnerability/database/database.h"

namespace seawall::cli {

// .seawall.yaml, found upward from the working directory, or as --config says.
class ConfigFile {
 public:
  // Fails: invalid (malformed, unknown keys). No file is an empty one.
  static Result<ConfigFile> find(const std::string& stated, const Program&);
  const std::string& path() const noexcept { return path_; }
  codec::Value root() const noexcept { return document_.root(); }
  std::optional<std::vector<std::string>> values(std::string_view option) const;

 private:
  std::string path_;
  codec::Document document_;
};

// Prints "seawall: ..." to standard error and gives the exit code that fits the error.
int report_error(const Error&);
int exit_code_of(Code) noexcept;

std::string cache_directory();  // SEAWALL_CACHE_DIR, XDG_CACHE_HOME/seawall, ~/.cache/seawall
std::string
data_directory();  // where databases are kept: SEAWALL_DATA_DIR, XDG_DATA_HOME/seawall, ~/.local/share/seawall

std::string state_directory();  // what a user's sessions leave: XDG_STATE_HOME/seawall, ~/.local/state/seawall

net::ClientOptions client_options(const Settings&);

// The database that --db names, else the one that `db update` keeps, else the starter database.
Result<std::shared_ptr<const vulnerability::Database>> open_database(const Settings&);
std::string updated_database_path();
// Unpacks the starter database into the cache where it isn't yet; gives its path.
Result<std::string> starter_database_path();

// Writes to standard output, whole.
Result<> print(std::string_view);
// Whether what is written to this path arrives there, too ("/dev/stdout").
bool is_standard_output(const std::string& path);

// A line on standard error that is rewritten while work goes on; nothing where that is no terminal.
class ProgressLine {
 public:
  explicit ProgressLine(const Settings&);
  ~ProgressLine();
  void show(const std::string& text);
  void clear();

 private:
  bool on_ = false;
  std::int64_t last_ = 0;
  bool shown_ = false;
};

bool stdout_is_terminal();
unsigned terminal_width();
bool colours_wanted();  // NO_COLOR, CLICOLOR_FORCE, TERM=dumb

}  // namespace seawall::cli
