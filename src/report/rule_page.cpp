// One rule for people at a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "report/detail/paint.h"
#include "report/detail/text.h"
#include "report/rules_report.h"

namespace seawall::report {
namespace {

using detail::printable;
using model::RulePage;

constexpr std::string_view indent = "  ", deeper = "      ";
constexpr std::size_t widest_text = 120;

class PageWriter {
 public:
  PageWriter(const RulePage& page, const Options& options)
      : page_(page), paint_(options.colour), width_(std::clamp<std::size_t>(options.width, 40, widest_text)) {}

  std::string written() {
    head();
    paragraph("Why", page_.rule.description);
    paragraph("What to do", page_.rule.remedy);
    entries("Judges", page_.judges);
    entries("Looks at", page_.reads);
    named("Parameters", page_.parameters);
    named("Only where", page_.conditions);
    named("Variables", page_.variables);
    checks();
    entries(page_.mutates ? "Fix (an admission controller may make it)" : "Fix", page_.fixes);
    entries("Known as", page_.rule.known_as);
    entries("In the sets", page_.sets);
    entries("To read on", page_.rule.references);
    cases();
    heading("Written in");
    out_ += indent;
    out_ += printable(page_.file) + "\n";
    return std::move(out_);
  }

 private:
  void head() {
    out_ += paint_.painted(detail::bold, printable(page_.rule.id)) + "  " +
            std::string(model::text(page_.rule.severity)) + "\n";
    out_ += detail::wrapped(printable(page_.rule.title), "", width_);
  }
  void heading(std::string_view text) { out_ += "\n" + paint_.painted(detail::bold, text) + "\n"; }
  void paragraph(std::string_view title, std::string_view text) {
    if (text.empty()) return;
    heading(title);
    out_ += detail::wrapped(printable_lines(text), indent, width_);
  }
  void entries(std::string_view title, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    heading(title);
    for (const auto& each : texts) out_ += std::string(indent) + printable(each) + "\n";
  }
  // Expressions are broken where their author broke them, or else between words.
  void expression(std::string_view text, std::string_view before) {
    for (auto line : lines(trim(text))) out_ += detail::wrapped(printable(line), before, width_);
  }
  void named(std::string_view title, const std::vector<RulePage::Named>& all) {
    if (all.empty()) return;
    heading(title);
    for (const auto& each : all) {
      auto line = fmt::format("{}{}: {}", indent, printable(each.name), printable(trim(each.text)));
      if (detail::display_width(line) <= width_ && !trim(each.text).contains('\n')) {
        out_ += line + "\n";
        continue;
      }
      out_ += fmt::format("{}{}:\n", indent, printable(each.name));
      expression(each.text, deeper);
    }
  }
  void checks() {
    heading("Passes where");
    for (const auto& check : page_.checks) {
      expression(check.expression, indent);
      if (!check.versions.empty()) out_ += fmt::format("{}for Kubernetes {}\n", deeper, printable(check.versions));
      if (!check.message.empty()) out_ += detail::wrapped("else: " + printable(check.message), deeper, width_);
    }
  }
  void cases() {
    if (page_.cases.empty()) return;
    heading("Test cases");
    for (const auto& each : page_.cases)
      out_ += fmt::format("{}{:<14}  {}\n", indent, printable(each.text), printable(each.name));
  }

  const RulePage& page_;
  detail::Painter paint_;
  std::size_t width_;
  std::string out_;
};

}  // namespace

std::string rule_page_text(const RulePage& page, const Options& options) { return PageWriter(page, options).written(); }

}  // namespace seawall::report
