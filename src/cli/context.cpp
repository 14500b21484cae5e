#include "cli/context.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "archive/decompress.h"
#include "base/files.h"
#include "base/random.h"
#include "base/text.h"
#include "base/unicode.h"
#include "codec/yaml.h"

namespace seawall::cli {
namespace {

constexpr std::uint64_t max_config = 4U << 20;

// Keys of the file that are no options.
constexpr std::string_view other_keys[] = {"ignore"};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string home() {
  auto h = environment("HOME");
  return h.empty() ? "/" : h;
}

std::string find_upward() {
  std::string here(4096, '\0');
  if (::getcwd(here.data(), here.size()) == nullptr) return {};
  here.resize(here.find('\0'));
  for (;;) {
    auto path = path_join(here, ".seawall.yaml");
    if (exists(path)) return path;
    if (here.empty() || here == "/") return {};
    here = std::string(parent_path(here));
    if (here.empty()) here = "/";
  }
}

// One value, or a list of values: what an option can be.
bool is_plain(codec::Value value) {
  if (value.is_object()) return false;
  for (auto item : value.items())
    if (item.is_object() || item.is_array()) return false;
  return true;
}

}  // namespace

Result<ConfigFile> ConfigFile::find(const std::string& stated, const Program& program) {
  ConfigFile file;
  file.path_ = stated.empty() ? find_upward() : stated;
  if (file.path_.empty()) return file;
  auto text = read_file(file.path_, max_config);
  // A file that was named and can't be read is wrong configuration.
  if (!text) return fail(Code::invalid, std::move(text.error().what));
  file.document_ = SW_TRY(in(file.path_, codec::parse_yaml(*text)));
  auto root = file.document_.root();
  if (root && !root.is_object()) return fail(Code::invalid, file.path_ + ": not a list of settings (key: value)");
  for (auto [key, value] : root.members()) {
    auto other = std::find(std::begin(other_keys), std::end(other_keys), key) != std::end(other_keys);
    auto is_key = [&](const Option& o) { return o.name == key && o.sources == OptionSources::all; };
    bool known = other || std::any_of(program.common.begin(), program.common.end(), is_key);
    for (const auto& c : program.commands) known = known || std::any_of(c.options.begin(), c.options.end(), is_key);
    if (!known)
      return fail(Code::invalid,
                  file.path_ + ": unknown key \"" + std::string(key) + "\"; `seawall options` lists those that exist");
    if (!other && !is_plain(value))
      return fail(Code::invalid, file.path_ + ": " + std::string(key) + ": wants a value or a list of values");
  }
  return file;
}

std::optional<std::vector<std::string>> ConfigFile::values(std::string_view option) const {
  auto value = root()[option];
  if (!value) return std::nullopt;
  std::vector<std::string> out;
  if (value.is_array())
    for (auto item : value.items()) out.emplace_back(item.scalar());
  else
    out.emplace_back(value.scalar());
  return out;
}

int exit_code_of(Code code) noexcept { return code == Code::invalid ? 2 : 3; }

int report_error(const Error& error) {
  std::fprintf(stderr, "seawall: %s\n", printable_lines(error.what).c_str());
  return exit_code_of(error.code);
}

std::string cache_directory() {
  if (auto d = environment("SEAWALL_CACHE_DIR"); !d.empty()) return d;
  if (auto d = environment("XDG_CACHE_HOME"); !d.empty()) return path_join(d, "seawall");
  return path_join(home(), ".cache/seawall");
}

std::string data_directory() {
  if (auto d = environment("SEAWALL_DATA_DIR"); !d.empty()) return d;
  if (auto d = environment("XDG_DATA_HOME"); !d.empty()) return path_join(d, "seawall");
  return path_join(home(), ".local/share/seawall");
}

std::string state_directory() {
  if (auto d = environment("XDG_STATE_HOME"); !d.empty()) return path_join(d, "seawall");
  return path_join(home(), ".local/state/seawall");
}

net::ClientOptions client_options(const Settings& settings) {
  net::ClientOptions options;
  options.user_agent = "seawall/" + std::string(settings.program().version);
  if (settings.flag("offline")) options.network = net::Network::offline;
  options.ca_file = settings.text("ca-file");
  options.client_certificate = settings.text("client-cert");
  options.client_key = settings.text("client-key");
  options.proxy = settings.text("proxy");
  return options;
}

std::string updated_database_path() { return path_join(data_directory(), "advisories.db"); }

namespace {

std::string program_directory() {
  std::string path(4096, '\0');
  auto n = ::readlink("/proc/self/exe", path.data(), path.size());
  if (n <= 0) return {};
  path.resize(static_cast<std::size_t>(n));
  return std::string(parent_path(path));
}

// Beside the program (build/bin), installed (../share/seawall), or where a packager says.
std::string packed_starter() {
  auto here = program_directory();
  std::vector<std::string> places{environment("SEAWALL_STARTER_DB"), path_join(here, "starter.db.zst"),
                                  path_join(here, "../share/seawall/starter.db.zst"),
                                  "/usr/share/seawall/starter.db.zst"};
  for (const auto& place : places)
    if (!place.empty() && exists(place)) return place;
  return {};
}

}  // namespace

Result<std::string> starter_database_path() {
  auto packed = packed_starter();
  if (packed.empty())
    return fail(Code::not_found,
                "no advisory database: the starter database is not beside the program; give one with --db, or get one "
                "by `seawall db update`");
  auto status = SW_TRY(in(packed, status_of(packed)));
  // Named by what it was unpacked from, so that a new release brings its own.
  auto name = "starter-" + std::to_string(status.size) + "-" + std::to_string(status.modified) + ".db";
  auto path = path_join(cache_directory(), name);
  if (exists(path)) return path;
  auto bytes = SW_TRY(in(packed, read_file(packed, std::uint64_t{256} << 20)));
  auto plain = SW_TRY(in(packed, archive::decompress_all(bytes, archive::Compression::zstd, std::size_t{1} << 30)));
  if (make_directories(cache_directory(), 0700) && write_file(path, plain)) return path;
  // A cache that can't be written must not stop a scan: a temporary file, which goes as soon as it is open.
  auto temporary = environment("TMPDIR");
  path = path_join(temporary.empty() ? "/tmp" : temporary, "seawall-" + to_hex(random_bytes(8)) + ".db");
  SW_TRY(write_file(path, plain, 0600));
  return path;
}

Result<std::shared_ptr<const vulnerability::Database>> open_database(const Settings& settings) {
  auto path = settings.text("db");
  if (path.empty() && exists(updated_database_path())) path = updated_database_path();
  if (!path.empty()) return vulnerability::Database::open(path);
  path = SW_TRY(starter_database_path());
  auto opened = vulnerability::Database::open(path);
  if (!path.starts_with(cache_directory())) (void)remove_file(path);
  return opened;
}

Result<> print(std::string_view text) {
  while (!text.empty()) {
    auto n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(system_error(errno, "standard output"));
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

bool is_standard_output(const std::string& path) {
  auto named = status_of(path, Links::followed), own = status_of("/dev/stdout", Links::followed);
  return named && own && named->device == own->device && named->inode == own->inode;
}

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) != 0; }

unsigned terminal_width() {
  if (auto columns = to_u64(environment("COLUMNS")); columns && *columns >= 40 && *columns < 10'000)
    return static_cast<unsigned>(*columns);
  winsize size{};
  if (stdout_is_terminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 80;
}

bool colours_wanted() {
  if (!environment("NO_COLOR").empty()) return false;
  if (auto force = environment("CLICOLOR_FORCE"); !force.empty() && force != "0") return true;
  return stdout_is_terminal() && environment("TERM") != "dumb";
}

namespace {
std::int64_t milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}
}  // namespace

ProgressLine::ProgressLine(const Settings& settings)
    : on_(::isatty(STDERR_FILENO) != 0 && !settings.flag("quiet") && !settings.flag("no-progress") &&
          environment("TERM") != "dumb"),
      last_(milliseconds()) {}
ProgressLine::~ProgressLine() { clear(); }

// Nothing in the first half second, then at most ten times a second: what is quick stays quiet.
void ProgressLine::show(const std::string& text) {
  if (!on_) return;
  auto now = milliseconds();
  if (now - last_ < (shown_ ? 100 : 500)) return;
  last_ = now;
  shown_ = true;
  // By characters: half of one would be garbage.
  auto line = printable(text);
  std::size_t end = 0;
  for (int columns = 0; end < line.size() && columns < 100; ++columns)
    end += first_character(std::string_view(line).substr(end)).bytes;
  std::fprintf(stderr, "\r\033[K%s", line.substr(0, end).c_str());
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (shown_) std::fputs("\r\033[K", stderr);
  shown_ = false;
}

}  // namespace seawall::cli
