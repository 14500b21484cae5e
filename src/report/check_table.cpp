// A check for people at a terminal: by rule, the worst first, in few lines; or everything, object by object.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "report/check_report.h"
#include "report/detail/check_groups.h"
#include "report/detail/paint.h"
#include "report/detail/text.h"

namespace seawall::report {
namespace {

using detail::printable;
using detail::RuleGroup;
using detail::shortened;
using model::ObjectResults;
using model::PolicyResult;
using model::Severity;
using model::Verdict;

constexpr std::size_t least_width = 60;
constexpr std::string_view indent = "      ", deeper = "        ";

struct Badge {
  std::string_view word, style;
};

Badge badge_of(const model::RuleInfo& rule, Verdict verdict) {
  if (verdict == Verdict::undetermined) return {"UNDECIDED", detail::yellow};
  switch (rule.severity) {
    case Severity::critical:
      return {"CRITICAL", detail::bright_red};
    case Severity::high:
      return {"HIGH", detail::red};
    case Severity::medium:
      return {"MEDIUM", detail::yellow};
    case Severity::low:
      return {"LOW", detail::blue};
    default:
      return {"INFO", detail::dim};
  }
}

std::size_t count_lines(std::string_view text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

// "a, b and 2 more": as many as fit, and one at least, which is cut.
std::string listed(const std::vector<std::string>& names, std::size_t width) {
  auto with_rest = [&](std::string_view text, std::size_t told) {
    auto rest = names.size() - told;
    auto more = rest > 0 ? fmt::format(" and {} more", rest) : std::string();
    return std::pair(detail::display_width(text) + more.size(), std::string(text) + more);
  };
  std::string out;
  for (std::size_t told = 1; told <= names.size(); ++told) {
    auto longer = out.empty() ? names[0] : out + ", " + names[told - 1];
    if (told > 1 && with_rest(longer, told).first > width) return with_rest(out, told - 1).second;
    out = std::move(longer);
    auto needed = with_rest(out, told).first;
    if (told == 1 && needed > width)
      out = shortened(out, std::max(detail::display_width(out), needed - width) - (needed - width));
  }
  return out;
}

class Table {
 public:
  Table(const model::CheckReport& report, const CheckOptions& options)
      : report_(report),
        paint_(options.colour),
        width_(std::max<std::size_t>(options.width, least_width)),
        totals_(detail::totals_of(report.objects)) {}

  std::string ranked() const {
    auto groups = detail::groups_of(report_.objects);
    auto end = footer(groups);
    if (totals_.failed + totals_.undetermined < most_ranked_lines)  // else they have more lines than that
      if (auto all = in_full(groups); count_lines(all) + count_lines(end) <= most_ranked_lines) return all + end;
    return in_short(groups, end);
  }

  std::string everything() const {
    std::string out;
    for (const auto& object : report_.objects) out += whole_object(object);
    return out + footer(detail::groups_of(report_.objects));
  }

 private:
  std::string wrapped(std::string_view text, std::string_view before) const {
    return detail::wrapped(text, before, width_);
  }

  std::string head(const model::RuleInfo& rule, Verdict verdict) const {
    auto badge = badge_of(rule, verdict);
    auto rest = printable(rule.id) + (rule.title.empty() ? "" : "  " + printable(rule.title));
    auto used = badge.word.size() + 2;
    return paint_.painted(badge.style, badge.word) + "  " + shortened(rest, width_ - used) + "\n";
  }

  std::string findings(const PolicyResult& result) const {
    std::string out;
    for (const auto& finding : result.findings) {
      out += wrapped(printable(finding.message), deeper);
      std::vector<std::string_view> told;
      for (const auto& path : finding.paths) {
        if (std::ranges::find(told, path) != told.end()) continue;
        told.push_back(path);
        out += std::string(deeper) + "  " + printable(path) + "\n";
      }
    }
    if (!result.fix.empty()) out += wrapped("fix: " + printable(result.fix), deeper);
    return out;
  }

  std::string in_full(const std::vector<RuleGroup>& groups) const {
    std::string out;
    for (const auto& group : groups) {
      out += head(*group.rule, group.verdict);
      for (const auto& failed : group.failed) {
        auto object = printable(failed.object->object.text()), place = printable(detail::place_of(failed).text());
        out += std::string(indent) + object + "  " + paint_.painted(detail::dim, place) + "\n";
        out += findings(*failed.result);
      }
      out += wrapped(printable(group.rule->remedy), indent) + "\n";
    }
    return out;
  }

  // Three lines a rule: what, who and where, what to do.
  std::string in_short(const std::vector<RuleGroup>& groups, const std::string& end) const {
    constexpr std::size_t lines_of_rule = 3, line_for_rest = 1;
    auto room = most_ranked_lines - count_lines(end) - line_for_rest;
    auto shown = std::min(groups.size(), room / lines_of_rule);
    std::string out;
    for (const auto& group : std::span(groups).first(shown))
      out += head(*group.rule, group.verdict) + who_and_where(group) + what_to_do(group);
    return out + end + left_out(groups, shown);
  }

  std::string who_and_where(const RuleGroup& group) const {
    std::vector<std::string> names;
    for (const auto& failed : group.failed) names.push_back(printable(failed.object->object.text()));
    auto room = width_ - indent.size() - 2;
    auto place = shortened(printable(detail::place_of(group.failed.front()).text()), room / 2, detail::Cut::start);
    auto who = listed(names, room - detail::display_width(place));
    auto taken = detail::display_width(who) + detail::display_width(place) + 2;
    constexpr std::size_t worth_telling = 12;
    if (auto field = only_field(group); !field.empty() && taken + worth_telling <= room)
      who += "  " + shortened(field, room - taken, detail::Cut::start);
    return std::string(indent) + who + "  " + paint_.painted(detail::dim, place) + "\n";
  }

  // Of one object there is room to say more.
  static std::string only_field(const RuleGroup& group) {
    const auto& findings = group.failed.front().result->findings;
    bool one = group.failed.size() == 1 && !findings.empty() && !findings.front().paths.empty();
    return one ? printable(findings.front().paths.front()) : "";
  }

  std::string what_to_do(const RuleGroup& group) const {
    const auto& first = *group.failed.front().result;
    auto text =
        group.verdict == Verdict::fail && !group.rule->remedy.empty() ? group.rule->remedy : detail::message_of(first);
    std::string_view offer = has_fix(group) ? " [--fix]" : "";
    return std::string(indent) + shortened(printable(text), width_ - indent.size() - offer.size()) +
           std::string(offer) + "\n";
  }

  // The first object speaks for the others: of those reasons may not have been asked for.
  static bool has_fix(const RuleGroup& group) { return !group.failed.front().result->patch.empty(); }

  std::string left_out(const std::vector<RuleGroup>& groups, std::size_t shown) const {
    auto rest = std::span(groups).subspan(shown);
    if (rest.empty()) return shortened("Fields and messages: --all.", width_) + "\n";
    auto text = fmt::format("{} more {} fail, the worst of them {}; every finding with its fields: --all", rest.size(),
                            rest.size() == 1 ? "rule" : "rules", model::text(rest.front().rule->severity));
    return shortened(text, width_) + "\n";
  }

  std::string footer(const std::vector<RuleGroup>& groups) const {
    auto out = wrapped(detail::totals_sentence(totals_), "");
    if (!report_.mistakes.empty()) out += wrapped("Some of the input could not be read; nothing is said of it.", "");
    if (std::ranges::any_of(groups, has_fix))
      out += "What has a fix can be mended: --fix writes it, --fix --dry-run shows it.\n";
    return out;
  }

  std::string whole_object(const ObjectResults& object) const {
    auto out = paint_.painted(detail::bold, printable(object.object.text())) + "  " +
               paint_.painted(detail::dim, printable(object.where.text())) + "\n";
    std::string passed, others;
    for (const auto& result : object.results) {
      auto& list = result.verdict == Verdict::pass ? passed : others;
      if (result.verdict == Verdict::pass || result.verdict == Verdict::not_applicable)
        list += (list.empty() ? "" : ", ") + printable(result.rule->id);
      else
        out += whole_result(result);
    }
    if (!passed.empty()) out += wrapped("passed: " + passed, "  ");
    if (!others.empty()) out += wrapped("do not apply: " + others, "  ");
    return out + "\n";
  }

  std::string whole_result(const PolicyResult& result) const {
    auto out = "  " + head(*result.rule, result.verdict);
    if (!result.exempted.empty()) out += wrapped("ignored: " + printable(result.exempted), deeper);
    out += findings(result);
    if (!result.findings.empty()) {
      auto place = printable(result.findings.front().where.text());
      out += std::string(deeper) + paint_.painted(detail::dim, place) + "\n";
    }
    return out + wrapped(printable(result.rule->remedy), deeper);
  }

  const model::CheckReport& report_;
  detail::Painter paint_;
  std::size_t width_;
  detail::CheckTotals totals_;
};

}  // namespace

std::string check_table(const model::CheckReport& report, const CheckOptions& options) {
  Table table(report, options);
  return options.detail == CheckOptions::Detail::everything ? table.everything() : table.ranked();
}

}  // namespace seawall::report
