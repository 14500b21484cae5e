#include "cli/rules/rule_choice.h"

#include <algorithm>
#include <set>

#include "base/files.h"
#include "base/spelling.h"
#include "base/text.h"
#include "cli/check/policy_choice.h"

namespace seawall::cli {
namespace {

using rulebook::Catalogue;
using rulebook::CatalogueRule;

bool is_path(const std::string& word) { return status_of(word, Links::followed).has_value(); }

std::vector<std::string_view> names_in(const RuleChoice& choice) {
  std::set<std::string_view> names;
  for (const auto& catalogue : choice.catalogues)
    for (const auto& rule : catalogue.rules()) names.insert(rule.names.begin(), rule.names.end());
  return {names.begin(), names.end()};
}

bool contains(std::string_view text, std::string_view lower_word) { return lower(text).contains(lower_word); }

bool says(const CatalogueRule& rule, const std::string& lower_word) {
  const auto& header = rule.header;
  return contains(header.id, lower_word) || contains(header.title, lower_word) ||
         contains(header.description, lower_word) ||
         std::ranges::any_of(header.known_as, [&](const auto& id) { return contains(id, lower_word); });
}

void take_all(RuleChoice& choice) {
  for (const auto& catalogue : choice.catalogues)
    for (const auto& rule : catalogue.rules()) choice.rules.push_back(&rule);
}

// Two words may name the same rule.
void leave_out_repeated(std::vector<const CatalogueRule*>& rules) {
  std::set<const CatalogueRule*> seen;
  std::erase_if(rules, [&](const auto* rule) { return !seen.insert(rule).second; });
}

}  // namespace

std::vector<rulebook::Mistake> RuleChoice::mistakes() const {
  std::vector<rulebook::Mistake> all;
  for (const auto& catalogue : catalogues) std::ranges::copy(catalogue.mistakes(), std::back_inserter(all));
  return all;
}

std::vector<model::RulePage> RuleChoice::pages() const {
  std::vector<model::RulePage> all;
  for (const auto* rule : rules) all.push_back(page_of(*rule));
  return all;
}

Result<RuleChoice> named_rules(const std::vector<std::string>& words) {
  RuleChoice choice;
  std::vector<std::string> names;
  for (const auto& word : words) {
    if (!is_path(word)) {
      names.push_back(word);
      continue;
    }
    choice.catalogues.push_back(Catalogue::load({word}));
  }
  take_all(choice);
  if (names.empty() && !words.empty()) return choice;
  const auto& shipped = choice.catalogues.emplace_back(Catalogue::shipped());
  if (names.empty()) take_all(choice);
  for (const auto& name : names) {
    auto before = choice.rules.size();
    for (const auto& rule : shipped.rules())
      if (rule.names.contains(name)) choice.rules.push_back(&rule);
    if (choice.rules.size() == before) return fail(Code::invalid, unknown_rule(name, names_in(choice)));
  }
  leave_out_repeated(choice.rules);
  return choice;
}

Result<RuleChoice> searched_rules(const std::vector<std::string>& words) {
  RuleChoice choice;
  for (const auto& word : words)
    if (is_path(word)) choice.catalogues.push_back(Catalogue::load({word}));
  if (choice.catalogues.empty()) choice.catalogues.push_back(Catalogue::shipped());
  take_all(choice);
  auto names = names_in(choice);
  for (const auto& word : words) {
    if (is_path(word)) continue;
    bool is_name = std::ranges::binary_search(names, word);
    auto searched = lower(word);
    std::erase_if(choice.rules,
                  [&](const auto* rule) { return is_name ? !rule->names.contains(word) : !says(*rule, searched); });
    if (choice.rules.empty())
      return fail(Code::invalid, "no rule is found by '" + word + "'" +
                                     (words.size() > 1 ? " and the other words" : "") + "." +
                                     did_you_mean(word, names));
  }
  return choice;
}

}  // namespace seawall::cli
