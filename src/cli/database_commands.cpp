#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/files.h"
#include "base/text.h"
#include "base/unicode.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "codec/yaml.h"
#include "vulnerability/database/builder.h"
#include "vulnerability/feeds/feeds.h"

namespace seawall::cli {
namespace {

using namespace vulnerability;

int print_text(const std::string& text) {
  auto done = print(text);
  return done ? exit_clean : report_error(done.error());
}

// On standard error where the file itself went to standard output.
int tell_written(const Settings& settings, const std::string& file, const std::string& text) {
  if (settings.flag("quiet")) return exit_clean;
  if (!is_standard_output(file)) return print_text(text);
  std::fputs(printable_lines(text).c_str(), stderr);
  return exit_clean;
}

// Licences and addresses of sources, to be told by `db status`: a YAML list of name, licence, url.
Result<std::vector<SourceInfo>> source_details(const std::string& path) {
  std::vector<SourceInfo> out;
  if (path.empty()) return out;
  auto text = SW_TRY(read_file(path, 4U << 20));
  auto document = SW_TRY(in(path, codec::parse_yaml(text)));
  for (auto item : document.root().items()) {
    SourceInfo s;
    s.name = item.text_or("name");
    s.licence = item.text_or("licence");
    s.url = item.text_or("url");
    out.push_back(std::move(s));
  }
  return out;
}

Result<> build(const Settings& settings, std::string& told) {
  ProgressLine line(settings);
  BuildOptions options;
  options.prose = settings.flag("facts-only") ? KeepProse::no : KeepProse::yes;
  options.starter = settings.flag("starter");
  options.source_details = SW_TRY(source_details(settings.text("sources")));
  DatabaseBuilder builder(std::move(options));
  auto read = read_feeds(settings.list("from"), builder, [&](const FeedProgress& p) {
    line.show(std::string(p.path) + ": " + std::to_string(p.records) + " records");
  });
  if (!read) return std::unexpected(std::move(read.error()));
  line.show("writing " + settings.text("out"));
  SW_TRY(builder.write(settings.text("out")));
  line.clear();
  told = "wrote " + settings.text("out") + ": " + std::to_string(builder.advisory_count()) + " advisories\n";
  if (builder.skipped_count() > 0) {
    std::string text = std::to_string(builder.skipped_count()) + " records could not be used:\n";
    std::size_t shown = 0;
    for (const auto& s : builder.skipped_records()) {
      if (shown++ == 10) break;
      text += "  " + s.source + " " + s.record + ": " + s.why + "\n";
    }
    if (builder.skipped_count() > 10) text += "  and " + std::to_string(builder.skipped_count() - 10) + " more\n";
    std::fputs(printable_lines(text).c_str(), stderr);
  }
  return {};
}

int db_build(const Settings& settings) {
  if (settings.list("from").empty()) return report_error({Code::invalid, "--from DIR is missing: where the feeds lie"});
  if (settings.text("out").empty()) return report_error({Code::invalid, "--out FILE is missing"});
  std::string told;
  auto done = build(settings, told);
  if (!done) return report_error(done.error());
  return tell_written(settings, settings.text("out"), told);
}

std::string date_or(Instant when) { return when == 0 ? "?" : to_date(when); }

int db_status(const Settings& settings) {
  auto db = open_database(settings);
  if (!db) return report_error(db.error());
  auto info = (*db)->info();
  std::string out = "file        " + info.path + (info.starter ? " (starter database)" : "") + "\n";
  out += "newest      " + date_or(info.newest) + ", " + std::to_string((system_now() - info.newest) / 86400) +
         " days ago\n";
  out += "advisories  " + std::to_string((*db)->advisory_count()) + "\npackages    " +
         std::to_string((*db)->package_count()) + "\n\nsources:\n";
  for (const auto& s : (*db)->sources())
    out += "  " + s.name + std::string(s.name.size() < 24 ? 24 - s.name.size() : 1, ' ') + date_or(s.newest) + "  " +
           std::to_string(s.records) + " records" +
           (s.skipped > 0 ? ", " + std::to_string(s.skipped) + " unusable" : "") +
           (s.licence.empty() ? "" : ", " + s.licence) + "\n";
  out += "\necosystems: " + join((*db)->ecosystems(), ", ") + "\n";
  if (settings.flag("verify")) {
    auto good = (*db)->verify();
    if (!good) return report_error(good.error());
    out += "checksums   good\n";
  }
  return print_text(out);
}

std::string range_text(const StatementRange& r) {
  std::string out = r.introduced.empty() ? "" : (r.introduced_exclusive ? "> " : ">= ") + std::string(r.introduced);
  if (!r.fixed.empty()) out += (out.empty() ? "< " : ", < ") + std::string(r.fixed);
  if (!r.last_affected.empty()) out += (out.empty() ? "<= " : ", <= ") + std::string(r.last_affected);
  return out.empty() ? "every version" : out;
}

std::string statement_text(const Database& db, const Statement& s) {
  auto advisory = db.advisory(s.advisory);
  std::string out = advisory ? std::string(advisory->id) + " (" + std::string(advisory->source) + ")" : "?";
  out += ": " + std::string(text(s.status));
  std::string ranges;
  for (const auto& r : s.ranges) ranges += (ranges.empty() ? " " : "; ") + range_text(r);
  if (!s.versions.empty())
    ranges += (ranges.empty() ? " " : "; ") + std::to_string(s.versions.size()) + " listed versions";
  return out + ranges;
}

int db_search(const Settings& settings) {
  auto db = open_database(settings);
  if (!db) return report_error(db.error());
  auto limit = static_cast<std::size_t>(std::max<std::int64_t>(settings.integer("limit"), 1));
  std::string out;
  for (const auto& found : (*db)->search(settings.arguments().front(), limit)) {
    auto halves = cut(found, "\t");
    out += std::string(halves->left) + "  " + std::string(halves->right) + "\n";
    Cursor cursor;
    if (!settings.flag("advisories") || !cursor.find(**db, halves->left, halves->right)) continue;
    while (const auto* s = cursor.next()) out += "    " + statement_text(**db, *s) + "\n";
  }
  if (out.empty())
    std::fprintf(stderr, "seawall: no package name holds \"%s\"\n", settings.arguments().front().c_str());
  return print_text(printable_lines(out));
}

// One line a fact; nothing is shown that is not known.
std::string facts_text(const Database& db, const FactsRecord& f) {
  std::string out;
  auto row = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out += "  " + std::string(name) + std::string(16 - name.size(), ' ') + value + "\n";
  };
  if (f.rejected) row("state", "the CVE record was rejected");
  if (f.published != 0) row("published", to_date(f.published));
  for (const auto& c : f.cvss) row("CVSS", c.vector + (c.source.empty() ? "" : " (" + c.source + ")"));
  std::string cwe;
  for (auto c : f.cwe) cwe += (cwe.empty() ? "" : " ") + std::string(c);
  row("weakness", cwe);
  const auto& e = f.exploit;
  if (e.known_exploited)
    row("known exploited",
        "since " + date_or(e.kev_added) + ", due " + date_or(e.kev_due) + (e.ransomware ? ", by ransomware" : ""));
  if (e.epss >= 0) {
    auto percent = [](double v) {
      auto tenths = std::lround(v * 1000);
      return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
    };
    row("EPSS", percent(e.epss) + ", higher than " + percent(e.epss_percentile) + " of all");
  }
  if (!e.ssvc_exploitation.empty())
    row("SSVC",
        "exploitation " + e.ssvc_exploitation + ", automatable " + e.ssvc_automatable + ", impact " + e.ssvc_impact);
  if (e.public_exploits > 0 || !e.exploits.empty())
    row("exploits", std::to_string(e.public_exploits) + " public, maturity " + std::string(text(e.maturity)));
  for (const auto& x : e.exploits) row("", x);
  if (auto prose = db.prose(f.prose); prose) {
    row("title", prose->title);
    for (const auto& r : prose->references) row("", r);
  }
  return out;
}

int db_explain(const Settings& settings) {
  auto db = open_database(settings);
  if (!db) return report_error(db.error());
  const auto& id = settings.arguments().front();
  auto record = (*db)->id(id);
  if (!record) return report_error({Code::not_found, id + ": the advisory data does not know it"});
  std::string out = id + "\n";
  if (record->facts) out += facts_text(**db, *record->facts);
  std::vector<std::uint32_t> wanted = record->advisories;
  for (auto index : wanted) {
    auto a = (*db)->advisory(index);
    if (!a) continue;
    out += "  " + std::string(a->id) + " (" + std::string(a->source) + ", " + date_or(a->modified) + ")";
    if (a->severity != model::Severity::unknown) out += ", severity " + std::string(text(a->severity));
    out += "\n";
  }
  (*db)->each_package([&](std::string_view ecosystem, std::string_view name, std::uint64_t) {
    Cursor cursor;
    if (!cursor.find(**db, ecosystem, name)) return;
    while (const auto* s = cursor.next())
      if (std::find(wanted.begin(), wanted.end(), s->advisory) != wanted.end())
        out += "  " + std::string(ecosystem) + "  " + std::string(name) + "  " + statement_text(**db, *s) + "\n";
  });
  return print_text(printable_lines(out));
}

Result<> copy_database(const std::string& from, const std::string& to) {
  {
    auto db = SW_TRY(Database::open(from));
    SW_TRY(db->verify());
  }
  auto mapped = SW_TRY(MappedFile::open(from));
  if (auto folder = parent_path(to); !folder.empty()) SW_TRY(make_directories(std::string(folder)));
  return write_file(to, mapped.view());
}

int db_export(const Settings& settings) {
  auto db = open_database(settings);
  if (!db) return report_error(db.error());
  const auto& file = settings.arguments().front();
  auto done = copy_database((*db)->info().path, file);
  return done ? tell_written(settings, file, "wrote " + file + "\n") : report_error(done.error());
}

int db_import(const Settings& settings) {
  auto done = copy_database(settings.arguments().front(), updated_database_path());
  if (!done) return report_error(done.error());
  return settings.flag("quiet") ? exit_clean : print_text("now in use: " + updated_database_path() + "\n");
}

}  // namespace

std::vector<Command> database_commands() {
  using enum OptionKind;
  return {
      {.name = "db status",
       .summary = "Which advisory data is in use, how old, from where",
       .details = "",
       .arguments = {},
       .options = {{.name = "verify", .kind = flag, .help = "Read it all and compare checksums."}},
       .examples = {{"seawall db status", "sources, dates and ecosystems"}},
       .run = db_status},
      {.name = "db build",
       .summary = "Compile feeds into a database file",
       .details = "Feeds are folders, archives (zip, tar, tar.zst, ...) or files in their upstream form; each format "
                  "is told by itself.\n"
                  "The same input gives the same bytes.",
       .arguments = {},
       .options = {{.name = "from", .kind = list, .value = "DIR|FILE", .help = "Where feeds lie."},
                   {.name = "out", .value = "FILE", .help = "The database to write.", .letter = 'o'},
                   {.name = "facts-only", .kind = flag, .help = "Leave titles and references out."},
                   {.name = "starter", .kind = flag, .help = "Mark it as a starter database in reports."},
                   {.name = "sources",
                    .value = "FILE",
                    .help = "YAML list of name, licence and url of sources, to be kept in the file."}},
       .examples = {{"seawall db build --from feeds/ -o advisories.db", "all feeds of a folder"}},
       .run = db_build},
      {.name = "db search",
       .summary = "Find package names in the advisory data",
       .details = "",
       .arguments = {{"TEXT", "part of a package name"}},
       .options = {{.name = "limit", .kind = integer, .value = "N", .help = "At most so many names.", .fallback = "50"},
                   {.name = "advisories", .kind = flag, .help = "List what is said about each."}},
       .examples = {{"seawall db search --advisories lodash", "what is known about lodash"}},
       .run = db_search},
      {.name = "db explain",
       .summary = "Tell all that is known about a CVE, GHSA or advisory",
       .details = "",
       .arguments = {{"ID", "CVE-..., GHSA-..., DSA-..."}},
       .options = {},
       .examples = {{"seawall db explain CVE-2021-44228", "scores, exploitation, affected packages"}},
       .run = db_explain},
      {.name = "db export",
       .summary = "Copy the database in use to a file",
       .details = "",
       .arguments = {{"FILE", "where to"}},
       .options = {},
       .examples = {{"seawall db export advisories.db", "to carry it to a machine without network"}},
       .run = db_export},
      {.name = "db import",
       .summary = "Check a database file and use it from now on",
       .details = "",
       .arguments = {{"FILE", "a database"}},
       .options = {},
       .examples = {{"seawall db import advisories.db", "what another machine has built"}},
       .run = db_import},
  };
}

}  // namespace seawall::cli
