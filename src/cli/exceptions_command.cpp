// `seawall exceptions audit`: which rules of the ignore list the reports given still need.
#include "base/files.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "codec/json.h"
#include "model/exceptions.h"
#include "report/check_reader.h"
#include "report/json_reader.h"

namespace seawall::cli {
namespace {

class Audit {
 public:
  explicit Audit(model::Exceptions rules) : rules_(std::move(rules)) {}

  Result<> add(const std::string& path) {
    auto text = SW_TRY(read_file(path, std::uint64_t{512} << 20));
    auto document = SW_TRY(in(path, codec::parse_json(text)));
    return in(path, document.root().is_array() ? add_check(document.root()) : add_scan(document.root()));
  }

  // Rules on what no report is about are told only where they have ended.
  std::string text() {
    std::string out;
    for (const auto& line : rules_.audit(now_)) {
      const auto& rule = rules_.rules()[line.rule];
      bool seen = rule.is_about_policies() ? checks_ : scans_;
      if (!seen && line.state == State::unused) continue;
      out += line.state == State::used ? "used     " : line.state == State::unused ? "unused   " : "expired  ";
      out += rules_.describe(line.rule) + ": " + std::to_string(line.matched) + " findings, " + rule.reason + "\n";
      stale_ = stale_ || line.state != State::used;
    }
    return out;
  }
  bool stale() const noexcept { return stale_; }

 private:
  using State = model::Exceptions::AuditLine::State;

  // What was silenced when the report was made counts as well.
  Result<> add_scan(codec::Value root) {
    scans_ = true;
    for (auto& report : SW_TRY(report::reports_from(root))) {
      for (auto& finding : report.ignored) report.findings.push_back(std::move(finding));
      report.ignored.clear();
      rules_.apply(report, now_);
    }
    return {};
  }

  Result<> add_check(codec::Value root) {
    checks_ = true;
    auto read = SW_TRY(report::check_from(root));
    (void)rules_.apply(read.objects, now_);
    return {};
  }

  model::Exceptions rules_;
  Instant now_ = system_now();
  bool scans_ = false, checks_ = false, stale_ = false;
};

int exceptions_audit(const Settings& settings) {
  auto config = ConfigFile::find(settings.text("config"), settings.program());
  if (!config) return report_error(config.error());
  auto rules = model::Exceptions::parse(config->root()["ignore"]);
  if (!rules) return report_error(std::move(rules.error()).in(config->path()));
  if (rules->rules().empty()) {
    auto done = print("no ignore rules" + (config->path().empty() ? std::string() : " in " + config->path()) + "\n");
    return done ? exit_clean : report_error(done.error());
  }
  Audit audit(std::move(*rules));
  for (const auto& path : settings.arguments())
    if (auto done = audit.add(path); !done) return report_error(done.error());
  if (auto done = print(audit.text()); !done) return report_error(done.error());
  return audit.stale() && settings.flag("fail-on-stale") ? exit_gate : exit_clean;
}

}  // namespace

Command exceptions_command() {
  return {.name = "exceptions audit",
          .summary = "Tell which ignore rules are used, unused or expired",
          .details = "",
          .arguments = {{"REPORT", "JSON reports of earlier scans and checks (-o json=FILE)",
                         Argument::Count::at_least_one}},
          .options = {{.name = "fail-on-stale",
                       .kind = OptionKind::flag,
                       .help = "Exit with 1 where a rule is unused or expired."}},
          .examples = {{"seawall exceptions audit report.json", "which rules of .seawall.yaml the report still needs"}},
          .run = exceptions_audit};
}

}  // namespace seawall::cli
