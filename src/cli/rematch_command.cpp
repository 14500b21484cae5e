#include <cstdio>

#include "base/files.h"
#include "base/text.h"
#include "base/unicode.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "codec/json.h"
#include "vulnerability/scan/rematch.h"

namespace seawall::cli {
namespace {

using namespace vulnerability;

std::string_view text_of(RematchLine::Change change) {
  switch (change) {
    case RematchLine::Change::present:
      return "present";
    case RematchLine::Change::appeared:
      return "appeared";
    case RematchLine::Change::gone:
      return "gone";
  }
  return "present";
}

// One JSON object a line: thousands of images fit in no one's memory twice.
std::string json_lines(const Rematch& result, const SbomIndex& index) {
  std::string out;
  for (const auto& l : result.lines) {
    codec::JsonWriter w;
    w.begin_object()
        .field("change", text_of(l.change))
        .field("id", l.id)
        .field("purl", l.purl)
        .field("status", l.status)
        .field("severity", l.severity);
    w.flag("known_exploited", l.known_exploited).key("fixed_versions").begin_array();
    for (const auto& v : l.fixed_versions) w.text(v);
    w.end_array().key("sboms").begin_array();
    for (auto f : l.files) w.text(index.files[f].name);
    w.end_array().end_object();
    out += w.take() + "\n";
  }
  return out;
}

std::string table(const Rematch& result, const SbomIndex& index, std::size_t rows) {
  std::string out;
  std::size_t shown = 0;
  for (const auto& l : result.lines) {
    if (shown++ == rows) break;
    out += (l.known_exploited ? "! " : "  ") + std::string(text_of(l.change)) + "  " + l.severity + "  " + l.id + "  " +
           printable(l.purl) + "  in " + std::to_string(l.files.size()) + " SBOMs, first " +
           printable(index.files[l.files.front()].name) +
           (l.fixed_versions.empty() ? "" : "; fixed in " + l.fixed_versions.front()) + "\n";
  }
  if (result.lines.size() > rows)
    out += "  and " + std::to_string(result.lines.size() - rows) + " more lines (--limit, -o json)\n";
  std::size_t appeared = 0, gone = 0;
  for (const auto& l : result.lines) {
    appeared += l.change == RematchLine::Change::appeared;
    gone += l.change == RematchLine::Change::gone;
  }
  out += std::to_string(index.files.size()) + " SBOMs, " + std::to_string(index.entries.size()) +
         " distinct packages, " + std::to_string(result.packages_judged) + " judged, ";
  if (appeared + gone > 0 || result.packages_changed > 0)
    out += std::to_string(result.packages_changed) + " package names changed: " + std::to_string(appeared) +
           " findings appeared, " + std::to_string(gone) + " are gone\n";
  else
    out += std::to_string(result.lines.size()) + " vulnerable package versions\n";
  return out;
}

int run(const Settings& settings) {
  auto db = open_database(settings);
  if (!db) return report_error(db.error());
  std::shared_ptr<const Database> older;
  if (auto since = settings.text("since"); !since.empty()) {
    auto opened = Database::open(since);
    if (!opened) return report_error(opened.error());
    older = std::move(*opened);
  }
  const auto& folder = settings.arguments().front();
  std::string kept;
  if (!settings.flag("no-cache")) {
    char name[40];
    std::snprintf(name, sizeof name, "sboms/%016llx.index", static_cast<unsigned long long>(hash64(folder)));
    kept = path_join(cache_directory(), name);
  }
  ProgressLine line(settings);
  line.show("reading SBOMs");
  auto index = index_sboms(folder, kept);
  if (!index) return report_error(index.error());
  auto result = rematch(*index, *db, older);
  line.clear();
  for (const auto* notices : {&index->notices, &result.notices})
    for (std::size_t i = 0; i < notices->size() && i < 10; ++i)
      std::fprintf(stderr, "seawall: warning: %s\n", printable((*notices)[i]).c_str());
  auto text =
      settings.text("output") == "json"
          ? json_lines(result, *index)
          : table(result, *index, static_cast<std::size_t>(std::max<std::int64_t>(settings.integer("limit"), 0)));
  if (auto done = print(text); !done) return report_error(done.error());
  return index->notices.empty() ? exit_clean : exit_incomplete;
}

}  // namespace

Command rematch_command() {
  using enum OptionKind;
  return {.name = "rematch",
          .summary = "Judge a folder of SBOMs by today's advisory data, or by what changed in it",
          .details =
              "SBOMs are indexed once; later calls read only those that changed. With --since only package names\n"
              "that the older database speaks of otherwise are judged, and what appeared or is gone is told.",
          .arguments = {{"DIR", "a folder of SBOM files (.json)"}},
          .options = {{.name = "since", .value = "OLD.db", .help = "The database of last time."},
                      {.name = "output",
                       .value = "FORMAT",
                       .help = "How to write the result; json is one object a line.",
                       .fallback = "table",
                       .letter = 'o',
                       .choices = {"table", "json"}},
                      {.name = "limit", .kind = integer, .value = "N", .help = "Rows of the table.", .fallback = "50"},
                      {.name = "no-cache", .kind = flag, .help = "Read every SBOM again and keep no index."}},
          .examples = {{"seawall rematch sboms/ --since yesterday.db",
                        "what a new database changes for everything ever scanned"}},
          .run = run};
}

}  // namespace seawall::cli
