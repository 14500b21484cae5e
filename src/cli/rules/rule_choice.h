// The rules that people ask for by name, text or path, for lists and pages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/rule_page.h"
#include "rulebook/catalogue.h"

namespace seawall::cli {

struct RuleChoice {
  std::vector<rulebook::Catalogue> catalogues;  // that the rules are of
  std::vector<const rulebook::CatalogueRule*> rules;

  std::vector<rulebook::Mistake> mistakes() const;
  std::vector<model::RulePage> pages() const;
};

// Each word is a path, the name of a rule or a set, and means all rules of it; no word: all shipped rules.
// Fails: invalid (a name that nothing goes by, with those that are near).
Result<RuleChoice> named_rules(const std::vector<std::string>& words);

// Rules of the paths among the words, or the shipped ones, that every other word finds: as a name, or as a part of
// their id, title or description. Fails: invalid (nothing is found, with names that are near).
Result<RuleChoice> searched_rules(const std::vector<std::string>& words);

model::RulePage page_of(const rulebook::CatalogueRule& rule);

}  // namespace seawall::cli
