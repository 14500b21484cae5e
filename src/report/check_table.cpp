#include <map>
#include <utility>

#include "base/text.h"
#include "base/unicode.h"
#include "report/check_report.h"

namespace seawall::report {
namespace {

std::string badge(std::string_view word) {
  std::string made(word);
  for (char& c : made)
    if (is_lower(c)) c = static_cast<char>(c - 32);
  return made;
}

std::string lines_of(const model::PolicyResult& result) {
  bool fails = result.verdict == model::Verdict::fail;
  const auto& rule = *result.rule;
  std::string out = "  " + badge(fails ? model::text(rule.severity) : std::string_view("undecided")) + "  " + rule.id +
                    (rule.title.empty() ? "" : "  " + printable(rule.title)) + "\n";
  for (const auto& finding : result.findings) {
    out += "      " + printable(finding.message) + "\n";
    for (const auto& path : finding.paths) out += "        " + printable(path) + "\n";
    out += "        " + printable(finding.where.text()) + "\n";
  }
  if (!result.fix.empty()) out += "      fix: " + printable(result.fix) + "\n";
  if (fails && !rule.remedy.empty()) out += "      " + printable(rule.remedy) + "\n";
  return out;
}

}  // namespace

std::string check_table(const std::vector<model::ObjectResults>& objects) {
  std::string out;
  std::map<model::Verdict, std::size_t> counts;
  for (const auto& object : objects) {
    bool named = false;
    for (const auto& result : object.results) {
      ++counts[result.verdict];
      if (result.verdict != model::Verdict::fail && result.verdict != model::Verdict::undetermined) continue;
      if (!std::exchange(named, true))
        out += printable(object.object.text()) + "  " + printable(object.where.text()) + "\n";
      out += lines_of(result);
    }
    if (named) out += "\n";
  }
  return out + std::to_string(objects.size()) + " objects: " + std::to_string(counts[model::Verdict::fail]) +
         " failed, " + std::to_string(counts[model::Verdict::undetermined]) + " undecided, " +
         std::to_string(counts[model::Verdict::pass]) + " passed\n";
}

}  // namespace seawall::report
