// Rules as a folder of Markdown pages: an index, a page for each first part of the ids, and one for who comes with an
// id of another tool or framework.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "report/detail/markdown.h"
#include "report/detail/text.h"
#include "report/rules_report.h"

namespace seawall::report {
namespace {

using detail::code;
using detail::plain;
using model::RulePage;

using Group = std::vector<const RulePage*>;

constexpr std::string_view known_as_file = "known-as.md";

std::string first_part(std::string_view id) { return std::string(id.substr(0, id.find('/'))); }

std::string anchor_of(std::string_view id) {
  std::string out;
  for (char c : id) out += is_alnum(c) || c == '-' ? to_lower(c) : '-';
  return out;
}

// Ids of rules and sets need no escapes, which would only hinder those who read the page as it is written.
std::string label(std::string_view id) {
  bool harmless = std::ranges::all_of(id, [](char c) { return is_alnum(c) || std::string_view("-./").contains(c); });
  return harmless ? std::string(id) : plain(id);
}

std::string file_of(std::string_view set) { return anchor_of(set) + ".md"; }

std::string rule_link(const RulePage& page, std::string_view file) {
  return fmt::format("[{}]({}#{})", label(page.rule.id), file, anchor_of(page.rule.id));
}

// A block of text that no content can end.
std::string fenced(std::string_view text, std::string_view language) {
  std::string fence = "```";
  while (text.contains(fence)) fence += '`';
  return fmt::format("{}{}\n{}\n{}\n\n", fence, language, trim(text), fence);
}

std::string bullets(std::string_view title, const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  std::string out = fmt::format("{}\n\n", title);
  for (const auto& each : texts) out += "- " + label(each) + "\n";
  return out + "\n";
}

std::string links(const std::vector<std::string>& addresses) {
  std::string out;
  for (const auto& each : addresses) {
    auto hash = each.find('#');
    auto safe = detail::is_safe_link(each.substr(0, hash)) && each.starts_with("https://");
    out += safe ? fmt::format("- <{}>\n", printable(each)) : fmt::format("- {}\n", plain(each));
  }
  return out.empty() ? out : "To read on:\n\n" + out + "\n";
}

std::string expressions(const RulePage& page) {
  std::string out;
  for (const auto& each : page.conditions) out += fmt::format("// only where: {}\n{}\n", each.name, trim(each.text));
  for (const auto& each : page.variables) out += fmt::format("// variables.{}\n{}\n", each.name, trim(each.text));
  for (const auto& check : page.checks) {
    if (!check.versions.empty()) out += fmt::format("// for Kubernetes {}\n", check.versions);
    if (!check.message.empty()) out += fmt::format("// else: {}\n", replace_all(trim(check.message), "\n", " "));
    out += fmt::format("{}\n", trim(check.expression));
  }
  return fenced(out, "cel");
}

std::string parameters(const RulePage& page) {
  if (page.parameters.empty()) return {};
  std::string out = "| Parameter | Default |\n|---|---|\n";
  for (const auto& each : page.parameters) out += fmt::format("| {} | {} |\n", code(each.name), code(each.text));
  return out + "\n";
}

std::string section(const RulePage& page) {
  const auto& rule = page.rule;
  auto out = fmt::format("## <a id=\"{}\"></a>{}\n\n**{}.** Severity: {}.\n\n", anchor_of(rule.id), label(rule.id),
                         plain(rule.title), model::text(rule.severity));
  if (!rule.description.empty()) out += plain(trim(rule.description)) + "\n\n";
  if (!rule.remedy.empty()) out += "What to do: " + plain(trim(rule.remedy)) + "\n\n";
  out += bullets("Judges:", page.judges) + bullets("Looks at:", page.reads) + parameters(page) + expressions(page);
  out += bullets("Fix:", page.fixes) + bullets("Known as:", rule.known_as) + links(rule.references);
  return out;
}

std::string rule_rows(const Group& rules, std::string_view file) {
  std::string out = "| Rule | Severity | What holds where it passes |\n|---|---|---|\n";
  for (const auto* page : rules)
    out += fmt::format("| {} | {} | {} |\n", rule_link(*page, file), model::text(page->rule.severity),
                       plain(page->rule.title));
  return out + "\n";
}

std::string set_page(std::string_view set, const Group& rules) {
  auto out = fmt::format("# {}\n\n{} of the set {}. [All sets](README.md)\n\n", label(set),
                         detail::counted(rules.size(), "rule"), code(set));
  out += rule_rows(rules, "");
  for (const auto* page : rules) out += section(*page);
  return out;
}

std::string index_page(const std::map<std::string, Group>& groups, std::size_t count) {
  auto out = fmt::format("# Rules\n\n{}. Ids of other tools and frameworks: [known as]({}).\n\n",
                         detail::counted(count, "rule"), known_as_file);
  out += "| Set | Rules |\n|---|---:|\n";
  for (const auto& [set, rules] : groups)
    out += fmt::format("| [{}]({}) | {} |\n", label(set), file_of(set), rules.size());
  return out;
}

std::string known_as_page(const std::vector<RulePage>& rules) {
  std::multimap<std::string_view, const RulePage*> known;
  for (const auto& page : rules)
    for (const auto& each : page.rule.known_as) known.emplace(each, &page);
  std::string out =
      "# Known as\n\nWhich rule answers to an id of another tool or framework.\n\n| Id | Rule |\n|---|---|\n";
  for (const auto& [id, page] : known)
    out += fmt::format("| {} | {} |\n", code(id), rule_link(*page, file_of(first_part(page->rule.id))));
  return out;
}

}  // namespace

std::vector<Page> rule_pages_markdown(const std::vector<RulePage>& rules) {
  std::map<std::string, Group> groups;
  for (const auto& page : rules) groups[first_part(page.rule.id)].push_back(&page);
  std::vector<Page> pages{{"README.md", index_page(groups, rules.size())},
                          {std::string(known_as_file), known_as_page(rules)}};
  for (const auto& [set, of_set] : groups) pages.push_back({file_of(set), set_page(set, of_set)});
  return pages;
}

}  // namespace seawall::report
