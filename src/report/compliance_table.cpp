// A benchmark for people at a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "report/compliance_report.h"
#include "report/detail/check_groups.h"
#include "report/detail/paint.h"
#include "report/detail/text.h"

namespace seawall::report {
namespace {

using detail::counted;
using detail::printable;
using model::ControlResult;
using model::ControlState;

constexpr std::size_t least_width = 60;
constexpr std::size_t most_objects = 5;  // told under a control, unless everything is asked for
constexpr std::string_view indent = "  ", deeper = "          ";

struct Badge {
  std::string_view word, style;
};

Badge badge_of(ControlState state) {
  switch (state) {
    case ControlState::pass:
      return {"PASS", "\x1b[32m"};
    case ControlState::fail:
      return {"FAIL", detail::red};
    case ControlState::undetermined:
      return {"UNDECIDED", detail::yellow};
    case ControlState::nothing_to_judge:
      return {"NOTHING TO JUDGE", detail::dim};
    case ControlState::not_assessable:
      return {"NOT ASSESSABLE FROM HERE", detail::dim};
  }
  return {};
}

// Controls that nothing is known of for the same reason.
struct Unknown {
  ControlState state;
  std::string_view reason;
  std::vector<std::size_t> positions;  // in the group
};

// "1.1 to 1.4, 1.6": what stands in a row is named by its ends.
std::string ids_of(const std::vector<ControlResult>& controls, const std::vector<std::size_t>& positions) {
  std::string out;
  auto id = [&](std::size_t position) { return printable(controls[position].control->id); };
  for (std::size_t i = 0; i < positions.size();) {
    auto last = i;
    while (last + 1 < positions.size() && positions[last + 1] == positions[last] + 1) ++last;
    if (last < i + 2) last = i;
    out += (out.empty() ? "" : ", ") + id(positions[i]);
    if (last > i) out += " to " + id(positions[last]);
    i = last + 1;
  }
  return out;
}

bool is_unknown(const ControlResult& result) {
  return result.state == ControlState::not_assessable || result.state == ControlState::nothing_to_judge;
}

std::vector<Unknown> unknown_of(const std::vector<ControlResult>& controls) {
  std::vector<Unknown> all;
  for (std::size_t i = 0; i < controls.size(); ++i) {
    const auto& each = controls[i];
    if (!is_unknown(each)) continue;
    auto found = std::ranges::find_if(
        all, [&](const Unknown& other) { return other.state == each.state && other.reason == each.reason; });
    if (found == all.end()) found = all.insert(all.end(), {each.state, each.reason, {}});
    found->positions.push_back(i);
  }
  return all;
}

class ComplianceTable {
 public:
  ComplianceTable(const ComplianceReport& report, const CheckOptions& options)
      : report_(report),
        paint_(options.colour),
        width_(std::max<std::size_t>(options.width, least_width)),
        whole_(options.detail == CheckOptions::Detail::everything) {}

  std::string written() const {
    auto out = head();
    for (const auto& group : report_.compliance.groups) out += group_text(group);
    return out + summary();
  }

 private:
  std::string head() const {
    const auto& benchmark = report_.benchmark;
    auto name = printable(benchmark.title) + (benchmark.version.empty() ? "" : " " + printable(benchmark.version));
    auto out = paint_.painted(detail::bold, name) + "\n";
    if (!benchmark.note.empty()) out += detail::wrapped(printable(benchmark.note), "", width_);
    return out + "\n";
  }

  std::string group_text(const model::GroupResult& group) const {
    auto out = paint_.painted(detail::bold, printable(group.group->id) + "  " + printable(group.group->title)) + "\n";
    for (const auto& control : group.controls)
      if (whole_ || !is_unknown(control)) out += control_text(control);
    if (!whole_)
      for (const auto& unknown : unknown_of(group.controls)) out += unknown_text(group.controls, unknown);
    return out + "\n";
  }

  std::string control_text(const ControlResult& result) const {
    auto badge = badge_of(result.state);
    auto line = printable(result.control->id) + "  " + printable(result.control->title);
    if (result.exempted > 0) line += fmt::format(" ({} ignored)", result.exempted);
    auto room = width_ - std::min(width_, badge.word.size() + 4);
    auto out =
        std::string(indent) + paint_.painted(badge.style, badge.word) + "  " + detail::shortened(line, room) + "\n";
    if (!result.reason.empty()) out += detail::wrapped(printable(result.reason), deeper, width_);
    return out + failures_text(result);
  }

  std::string failures_text(const ControlResult& result) const {
    std::string out;
    auto told = whole_ ? result.failures.size() : std::min(result.failures.size(), most_objects);
    for (std::size_t i = 0; i < told; ++i) {
      const auto& failure = result.failures[i];
      detail::FailedObject failed{failure.object, failure.result};
      auto line = printable(failure.object->object.text()) + "  " + printable(detail::place_of(failed).text());
      out += std::string(deeper) + detail::shortened(line, width_ - deeper.size()) + "\n";
      auto message = printable(detail::message_of(*failure.result));
      out += std::string(deeper) + "  " + detail::shortened(message, width_ - deeper.size() - 2) + "\n";
    }
    auto left = result.failures.size() - told;
    if (left > 0) out += fmt::format("{}and {} more; --all tells them\n", deeper, left);
    return out;
  }

  std::string unknown_text(const std::vector<ControlResult>& controls, const Unknown& unknown) const {
    auto text = fmt::format("{}: {}.", model::text(unknown.state), ids_of(controls, unknown.positions));
    if (!unknown.reason.empty()) text += " " + printable(unknown.reason);
    std::string whole = detail::wrapped(text, indent, width_), out;
    for (auto line : lines(whole)) out += paint_.painted(detail::dim, line) + "\n";
    return out;
  }

  std::string summary() const {
    const auto& compliance = report_.compliance;
    auto count = [&](ControlState state) { return compliance.count(state); };
    auto assessed = compliance.assessed();
    auto text = assessed == 0 ? std::string("no control could be judged by these objects")
                              : fmt::format("score {}: {} of {} passed, {} failed, {} undecided",
                                            detail::percent(compliance.score()), count(ControlState::pass),
                                            counted(assessed, "assessed control"), count(ControlState::fail),
                                            count(ControlState::undetermined));
    text += fmt::format("; {} with nothing to judge, {} not assessable from here",
                        count(ControlState::nothing_to_judge), count(ControlState::not_assessable));
    auto out = detail::wrapped(text, "", width_);
    if (!report_.check.mistakes.empty())
      out += detail::wrapped("Some of the input could not be read; nothing is said of it.", "", width_);
    return out;
  }

  const ComplianceReport& report_;
  detail::Painter paint_;
  std::size_t width_;
  bool whole_;
};

}  // namespace

std::string compliance_table(const ComplianceReport& report, const CheckOptions& options) {
  return ComplianceTable(report, options).written();
}

}  // namespace seawall::report
