#include <cstdio>

#include "base/files.h"
#include "base/text.h"
#include "base/unicode.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "vulnerability/database/database.h"
#include "vulnerability/feeds/update.h"

namespace seawall::cli {
namespace {

using namespace vulnerability;

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 1, ' ');
}

int list_sources() {
  std::string out;
  for (const auto& source : feed_sources()) {
    bool by_default = source.fetching == Fetching::by_default;
    out += padded(source.name, 32) + padded(by_default ? "yes" : "on request", 12) + source.about +
           " (licence: " + source.licence + ")\n";
    for (const auto& file : source.files) out += "    " + file.url + "\n";
  }
  auto done = print(out);
  return done ? exit_clean : report_error(done.error());
}

void warn(const std::string& text) { std::fprintf(stderr, "seawall: %s\n", printable_lines(text).c_str()); }

// What is in use although the update failed, and how old it is.
void tell_what_stays(const std::string& path) {
  auto database =
      exists(path) ? Database::open(path) : Result<std::shared_ptr<const Database>>(fail(Code::not_found, path));
  if (!database) return warn("there is no database of an earlier update; the starter database is used");
  auto newest = (*database)->info().newest;
  auto days = std::to_string((system_now() - newest) / 86'400);
  warn("the database of the last update stays in use: its newest record is of " + to_date(newest) + ", " + days +
       " days ago");
}

void tell_failures(const UpdateReport& report) {
  for (const auto& source : report.sources) {
    if (source.state == SourceState::absent) warn(source.name + ": left out: " + source.why);
    if (source.state != SourceState::kept) continue;
    auto since =
        source.since == 0 ? std::string("what was fetched before") : "what was fetched on " + to_date(source.since);
    warn(source.name + ": not all could be had, " + since + " is used: " + source.why);
  }
}

std::string summary(const UpdateReport& report, const std::string& path) {
  std::size_t fetched = 0, unchanged = 0;
  std::uint64_t received = 0;
  for (const auto& source : report.sources) {
    fetched += source.state == SourceState::fetched ? 1 : 0;
    unchanged += source.state == SourceState::unchanged ? 1 : 0;
    received += source.received;
  }
  std::string out;
  if (!report.sources.empty())
    out = std::to_string(fetched) + " sources new, " + std::to_string(unchanged) + " unchanged, " +
          human_size(received) + " fetched\n";
  if (!report.replaced) return out + "the database is up to date: " + path + "\n";
  out += "now in use: " + path + ", " + std::to_string(report.advisories) + " advisories";
  if (report.unusable_records > 0) out += "; " + std::to_string(report.unusable_records) + " records could not be used";
  return out + "\n";
}

Result<UpdateReport> run_update(const Settings& settings) {
  ProgressLine line(settings);
  UpdateOptions options{.directory = path_join(data_directory(), "feeds"),
                        .database = updated_database_path(),
                        .mirror = settings.text("from"),
                        .program = std::string(settings.program().version),
                        .sources = {},
                        .client = client_options(settings),
                        .pacing = {},
                        .progress = [&](const std::string& text) { line.show(text); }};
  auto only = settings.list("only");
  options.sources =
      options.mirror.empty() || !only.empty() ? SW_TRY(choose_sources(only, settings.list("also"))) : feed_sources();
  return update_database(options);
}

int db_update(const Settings& settings) {
  if (settings.flag("list")) return list_sources();
  auto report = run_update(settings);
  if (!report) {
    tell_what_stays(updated_database_path());
    return report_error(report.error());
  }
  tell_failures(*report);
  bool usable = report->replaced || report->complete();
  if (!usable) tell_what_stays(updated_database_path());
  if (usable && !settings.flag("quiet"))
    if (auto done = print(summary(*report, updated_database_path())); !done) return report_error(done.error());
  return report->complete() ? exit_clean : exit_incomplete;
}

}  // namespace

Command update_command() {
  using enum OptionKind;
  return {
      .name = "db update",
      .summary = "Fetch today's advisories and compile them into the database",
      .details =
          "Every source comes from its publisher, or all from a mirror: a folder or URL with <source>/<file> below it "
          "(and,\n"
          "where there is one, a SHA256SUMS that is held to), or with a finished advisories.db and "
          "advisories.db.sha256.\n"
          "Only what changed is fetched, broken downloads go on where they stopped, and a source that cannot be had "
          "is\n"
          "replaced by what was fetched of it before (exit code 3). The database in use changes only as a whole.",
      .arguments = {},
      .options = {{.name = "from", .value = "DIR|URL", .help = "A mirror to fetch from."},
                  {.name = "only", .kind = list, .value = "SOURCE", .help = "Nothing but these sources."},
                  {.name = "also", .kind = list, .value = "SOURCE", .help = "These sources beside the usual ones."},
                  {.name = "list", .kind = flag, .help = "Show sources, addresses and licences, and fetch nothing."}},
      .examples = {{"seawall db update", "everything usual, from its publishers"},
                   {"seawall db update --also vulnrichment", "with CISA's SSVC too, which is large"},
                   {"seawall db update --from https://mirror.example/seawall", "from a mirror of your own"}},
      .run = db_update};
}

}  // namespace seawall::cli
