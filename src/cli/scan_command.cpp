#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/files.h"
#include "base/log.h"
#include "base/stream.h"
#include "base/text.h"
#include "base/unicode.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "cli/outputs.h"
#include "model/exceptions.h"
#include "model/gate.h"
#include "report/format.h"
#include "vulnerability/match/matcher.h"
#include "vulnerability/match/remedy.h"
#include "vulnerability/scan/scan.h"

namespace seawall::cli {
namespace {

using model::Report;

constexpr std::size_t max_standard_input = std::size_t{512} << 20;

// "debian:12", "alpine:3.20", "wolfi"
model::Distro distro_of(const std::string& text) {
  model::Distro d;
  auto halves = cut(text, ":");
  d.id = lower(halves ? halves->left : text);
  if (halves) d.version = halves->right;
  return d;
}

struct Wanted {
  model::Severity floor = model::Severity::unknown;
  bool only_fixed = false;
};

// What the user did not ask for is left out everywhere: report, gate and totals.
void filter(Report& report, const Wanted& wanted) {
  auto unwanted = [&](const model::Finding& f) {
    return f.severity < wanted.floor || (wanted.only_fixed && !f.fixable());
  };
  std::erase_if(report.findings, unwanted);
  std::erase_if(report.ignored, unwanted);
  report.upgrades = vulnerability::upgrades_of(report.findings, report.distro);
}

Result<vulnerability::ScanOptions> scan_options(const Settings& settings, ProgressLine& line) {
  vulnerability::ScanOptions options;
  options.image = SW_TRY(image_options(settings));
  options.base = settings.text("base");
  options.all_files = settings.flag("all-files") ? vulnerability::AllFiles::yes : vulnerability::AllFiles::no;
  options.skip = settings.list("skip");
  if (auto type = settings.text("type"); !type.empty())
    options.packages = type == "os" ? vulnerability::Packages::os : vulnerability::Packages::language;
  if (auto distro = settings.text("distro"); !distro.empty()) options.distro = distro_of(distro);
  if (!settings.flag("no-cache"))
    options.cache = std::make_shared<const vulnerability::LayerCache>(path_join(cache_directory(), "layers"));
  options.progress = [&line](const vulnerability::ScanProgress& p) {
    auto text = p.what;
    if (p.total > 0) text += "  " + human_size(p.done) + " of " + human_size(p.total);
    line.show(text);
  };
  return options;
}

Result<std::string> read_standard_input() {
  auto source = SW_TRY(open_source("/dev/stdin"));
  return in("standard input", read_all(*source, max_standard_input));
}

// One call of scan or sbom.
class ScanRun {
 public:
  enum class Find : bool { packages, vulnerabilities };
  ScanRun(const Settings& settings, Find find) : settings_(settings), find_(find), line_(settings) {}

  int run() {
    if (auto ready = prepare(); !ready) return report_error(ready.error());
    if (stale()) return exit_stale;
    for (const auto& text : settings_.arguments()) scan_one(text);
    line_.clear();
    if (find_ == Find::vulnerabilities && !settings_.text("why").empty()) return explain();
    // No report at all rather than an empty one, which would read as clean.
    if (scanned_ == 0) return worst_;
    for (auto& r : reports_) {
      exceptions_.apply(r, now_);
      filter(r, wanted_);
    }
    if (!write()) return exit_incomplete;
    return exit_code();
  }

 private:
  Result<> prepare() {
    outputs_ = SW_TRY(outputs_of(settings_, report::format_named));
    auto config = SW_TRY(ConfigFile::find(settings_.text("config"), settings_.program()));
    options_ = SW_TRY(scan_options(settings_, line_));
    options_.now = system_now;
    for (const auto& t : settings_.arguments())
      if (t == "-" || t == "sbom:-") options_.standard_input = SW_TRY(read_standard_input());
    if (find_ == Find::packages) return {};
    if (auto conditions = join(settings_.list("fail-on"), ","); !conditions.empty())
      gate_ = SW_TRY(in("--fail-on", model::Gate::parse(conditions)));
    exceptions_ = SW_TRY(in(config.path(), model::Exceptions::parse(config.root()["ignore"])));
    wanted_.only_fixed = settings_.flag("only-fixed");
    if (auto severity = settings_.text("severity"); !severity.empty())
      wanted_.floor = model::severity_from(severity).value_or(model::Severity::unknown);
    options_.database = SW_TRY(open_database(settings_));
    return {};
  }

  bool stale() const {
    auto most = settings_.integer("max-db-age");
    if (!options_.database || most <= 0) return false;
    auto info = options_.database->info();
    if (now_ - info.newest <= most) return false;
    std::fprintf(stderr,
                 "seawall: the advisory data is from %s, older than --max-db-age %s; `seawall db update` renews it\n",
                 to_date(info.newest).c_str(), settings_.text("max-db-age").c_str());
    return true;
  }

  void scan_one(const std::string& text) {
    line_.show(text);
    auto target = vulnerability::parse_target(text);
    if (!target) return failed({}, text, target.error());
    auto deadline = start_clock();
    auto reports = vulnerability::scan(*target, options_);
    if (!reports && deadline && std::chrono::steady_clock::now() >= *deadline)
      reports.error().what += " (--timeout " + settings_.text("timeout") + ")";
    if (!reports) return failed(target->kind, text, reports.error());
    for (auto& r : *reports) {
      ++scanned_;
      if (r.packages.empty()) ++empty_;
      reports_.push_back(std::move(r));
    }
  }

  // Each target has the whole time. What the registry client waits for is bounded too, retries among it.
  net::Deadline start_clock() {
    auto timeout = settings_.integer("timeout");
    if (timeout <= 0) return std::nullopt;
    options_.deadline = system_now() + timeout;
    net::Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(timeout);
    options_.image.registry.client.deadline = deadline;
    options_.image.registry.pacing.deadline = deadline;
    return deadline;
  }

  // Told on standard error and, beside the reports of other targets, in a report that is partial.
  void failed(std::optional<vulnerability::TargetKind> kind, const std::string& text, const Error& error) {
    line_.clear();
    auto what = error.what.contains(text) ? error.what : text + ": " + error.what;
    worst_ = std::max(worst_, report_error({error.code, what}));
    Report report;
    report.target.name = text;
    report.target.kind = vulnerability::name_of(kind.value_or(vulnerability::TargetKind::file));
    report.created = now_;
    report.findings_wanted = find_ == Find::vulnerabilities;
    report.notices.push_back({model::Notice::Level::partial, "could not be scanned: " + what});
    reports_.push_back(std::move(report));
  }

  // --why ID: the match step by step, for every package that the id is about.
  int explain() {
    auto wanted = settings_.text("why");
    std::string out;
    for (const auto& r : reports_) {
      vulnerability::Matcher matcher(options_.database, r.distro);
      for (const auto& f : r.findings) {
        if (f.id != wanted && std::find(f.aliases.begin(), f.aliases.end(), wanted) == f.aliases.end() &&
            f.advisory != wanted)
          continue;
        std::vector<std::string> steps;
        auto all = matcher.findings(f.package, &steps);
        out += f.id + " in " + f.package.name + " " + f.package.version + " (" + r.target.name + ")\n";
        for (const auto& l : f.package.locations) out += "  found at " + l.path + " by " + f.package.found_by + "\n";
        for (const auto& s : steps)
          if (s.contains(f.id) || s.contains(f.advisory) || contains_any(s, f.aliases)) out += "  " + s + "\n";
        out += "  " + f.remediation + "\n";
      }
    }
    bool partial = tell_missing_parts();
    if (out.empty())
      std::fprintf(stderr, "seawall: nothing %s is affected by %s\n", partial ? "that could be read" : "here",
                   printable(wanted).c_str());
    if (!print(printable_lines(out))) return exit_incomplete;
    return worst_ != 0 ? worst_ : partial ? exit_incomplete : exit_clean;
  }

  // A finding may hide in what could not be read.
  bool tell_missing_parts() const {
    bool partial = false;
    for (const auto& r : reports_)
      for (const auto& n : r.notices) {
        if (n.level != model::Notice::Level::partial) continue;
        partial = true;
        std::fprintf(stderr, "seawall: warning: %s: %s\n", printable(r.target.name).c_str(), printable(n.what).c_str());
      }
    return partial;
  }

  static bool contains_any(const std::string& text, const std::vector<std::string>& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](const auto& p) { return text.contains(p); });
  }

  bool write() {
    report::Options style;
    style.width = terminal_width();
    style.ignored = settings_.flag("show-ignored") ? report::Ignored::show : report::Ignored::hide;
    bool good = true;
    for (const auto& o : outputs_) {
      style.colour = o.file.empty() && colours_wanted() ? report::Colour::on : report::Colour::off;
      auto text = o.format.write(reports_, style);
      if (auto done = deliver(o, text); !done) {
        report_error(done.error());
        good = false;
      }
    }
    return good;
  }

  int exit_code() {
    bool partial = false;
    for (const auto& r : reports_) {
      partial = partial || r.partial();
      for (const auto& f : r.findings)
        if (gate_.stopped_by(f, now_)) return exit_gate;
    }
    if (worst_ != 0) return worst_;
    if (partial) return exit_incomplete;
    if (empty_ > 0 && empty_ == reports_.size()) {
      if (!settings_.flag("quiet"))
        std::fputs("seawall: warning: no packages were found in what was scanned\n", stderr);
      if (settings_.flag("fail-if-empty")) return exit_nothing;
    }
    return exit_clean;
  }

  const Settings& settings_;
  Find find_;
  ProgressLine line_;
  Instant now_ = system_now();
  std::vector<Output<report::Format>> outputs_;
  vulnerability::ScanOptions options_;
  model::Gate gate_;
  model::Exceptions exceptions_;
  Wanted wanted_;
  std::vector<Report> reports_;
  std::size_t scanned_ = 0, empty_ = 0;
  int worst_ = exit_clean;
};

constexpr std::string_view target_help =
    "What to scan: a registry reference (host/repo:tag), docker-archive:FILE, oci-archive:FILE, oci:DIR[:TAG], "
    "dir:PATH, "
    "host:, file:[FORMAT:]PATH, sbom:FILE; without a prefix it is told by what lies there; - is an SBOM on standard "
    "input.";

}  // namespace

// What scan and sbom share.
static std::vector<Option> target_options() {
  using enum OptionKind;
  std::vector<Option> options = {
      {.name = "output",
       .kind = list,
       .value = "FORMAT[=FILE]",
       .help = "How to write the result, and where to; `seawall formats` lists them.",
       .fallback = "table",
       .letter = 'o'},
      {.name = "platform", .value = "OS/ARCH[/VARIANT]", .help = "Which image of an index: linux/arm64, or all."},
      {.name = "base", .value = "REF", .help = "The base image, to tell its packages from the image's own."},
      {.name = "type", .value = "TYPE", .help = "Only packages of this kind.", .choices = {"os", "language"}},
      {.name = "skip", .kind = list, .value = "GLOB", .help = "Paths to leave out."},
      {.name = "distro",
       .value = "ID[:VERSION]",
       .help = "Take this distribution instead of what os-release says: debian:12."},
      {.name = "all-files", .kind = flag, .help = "host: look into container stores and package-manager caches, too."},
      {.name = "timeout", .kind = duration, .value = "TIME", .help = "Give up on a target after this time."},
      {.name = "no-cache", .kind = flag, .help = "Read every layer again and keep nothing."},
      {.name = "fail-if-empty", .kind = flag, .help = "Exit with 4 where no packages are found."},
  };
  for (const auto& f : report::formats()) options.front().suggestions.push_back(f.name);
  for (auto& o : registry_options()) options.push_back(std::move(o));
  return options;
}

Command scan_command() {
  using enum OptionKind;
  auto options = target_options();
  std::vector<Option> own = {
      {.name = "fail-on",
       .kind = list,
       .value = "CONDITIONS",
       .help = "Exit with 1 where a finding fulfils any of these, joined by commas: critical, high, medium, low, kev, "
               "ransomware, exploit, "
               "network, fixable, epss>=0.1, cvss>=9, age>30d; a+b needs both."},
      {.name = "severity",
       .value = "LEVEL",
       .help = "Leave out what is below.",
       .choices = {"negligible", "low", "medium", "high", "critical"}},
      {.name = "only-fixed", .kind = flag, .help = "Leave out what has no fix."},
      {.name = "show-ignored", .kind = flag, .help = "List what the ignore rules silence, too."},
      {.name = "max-db-age",
       .kind = duration,
       .value = "TIME",
       .help = "Exit with 5 where the advisory data is older."},
      {.name = "why",
       .value = "ID",
       .help = "Explain step by step why this vulnerability was reported, instead of the report."},
  };
  options.insert(options.begin() + 1, own.begin(), own.end());
  return {
      .name = "scan",
      .summary = "Find vulnerable packages in images, root file systems, source trees, lockfiles and SBOMs",
      .details = "",
      .arguments = {{"TARGET", target_help, Argument::Count::at_least_one}},
      .options = std::move(options),
      .examples = {{"seawall scan registry.example/shop/cart:1.4", "an image in a registry"},
                   {"seawall scan --fail-on critical,kev,high+fixable -o table -o sarif=out.sarif app:latest",
                    "gate a pipeline and keep a SARIF file"},
                   {"seawall scan host:", "this machine"},
                   {"seawall scan dir:. --only-fixed", "the lockfiles of a source tree"},
                   {"seawall scan file:package-lock.json:old-lock.json", "one file under another name"},
                   {"seawall scan app:latest --why CVE-2023-4911", "why a finding is there"}},
      .run = [](const Settings& s) { return ScanRun(s, ScanRun::Find::vulnerabilities).run(); },
  };
}

Command sbom_command() {
  auto options = target_options();
  options.front().fallback = "cyclonedx";
  return {
      .name = "sbom",
      .summary = "List the packages of a target: CycloneDX, SPDX, a table or JSON",
      .details = "",
      .arguments = {{"TARGET", target_help, Argument::Count::at_least_one}},
      .options = std::move(options),
      .examples = {{"seawall sbom app:latest -o spdx=app.spdx.json", "an SPDX file of an image"},
                   {"seawall sbom dir:/srv/rootfs -o table", "a root file system, for people"}},
      .run = [](const Settings& s) { return ScanRun(s, ScanRun::Find::packages).run(); },
  };
}

}  // namespace seawall::cli
