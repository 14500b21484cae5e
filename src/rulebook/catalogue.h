// What rules say of themselves and how they are written, with their test cases; expressions are not checked. For lists,
// pages and searches: reading all shipped rules takes milliseconds.
// Threads: read-only once made. Owns: the files; documents and texts live as long as it. Limits: as Rulebook.
// Fails: never as a whole; mistakes are listed, the other rules are there.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rulebook/pack.h"
#include "rulebook/rule_file.h"

namespace seawall::rulebook {

struct RuleCase {
  std::string name, expect;
};

struct CatalogueRule {
  RuleHeader header;
  Names names;  // that find it
  codec::Value document;
  std::string_view text;        // YAML, as it is written
  std::vector<RuleCase> cases;  // of its tests

  std::string_view kind() const { return document.text_or("kind"); }
};

class Catalogue {
 public:
  static Catalogue shipped();
  // Files and folders, as Rulebook::load takes them.
  static Catalogue load(const std::vector<std::string>& paths);
  Catalogue(Catalogue&&) noexcept;
  ~Catalogue();

  // Sorted by id.
  const std::vector<CatalogueRule>& rules() const noexcept;
  const std::vector<Mistake>& mistakes() const noexcept;

 private:
  struct Reader;
  explicit Catalogue(std::unique_ptr<Reader> reader);
  std::unique_ptr<Reader> reader_;
};

}  // namespace seawall::rulebook
