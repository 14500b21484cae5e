#include "rulebook/catalogue.h"

#include <algorithm>
#include <deque>
#include <map>

#include "rulebook/policy.h"
#include "rulebook/rule_paths.h"

namespace seawall::embedded {
std::string_view shipped_rule_files() noexcept;  // packed by the build, see room.cmake
}

namespace seawall::rulebook {

struct Catalogue::Reader {
  std::vector<Mistake> mistakes;
  std::deque<RuleFile> files;
  std::vector<CatalogueRule> rules;
  std::map<std::string, std::vector<RuleCase>, std::less<>> cases;  // by rule

  void read(const std::string& name, std::string text);
  void read_rule(RuleFile& file, std::size_t number);
  void read_tests(codec::Value document);
  void finish();
};

void Catalogue::Reader::read_rule(RuleFile& file, std::size_t number) {
  const auto& document = file.documents()[number];
  auto foreign = set_of_foreign(document.root());
  if (foreign.empty() && document.root().text_or("kind") != "Policy") return;
  Fields root(file, document, document.root(), document.root_place().value.begin);
  auto metadata = root.below("metadata");
  auto spec = root.below("spec");
  CatalogueRule rule{.header = {}, .names = {}, .document = document.root(), .text = file.text_of(number), .cases = {}};
  rule.header = foreign.empty() ? read_header(metadata, spec) : read_foreign_header(foreign, metadata);
  rule.names = names_of(rule.header);
  rules.push_back(std::move(rule));
}

void Catalogue::Reader::read_tests(codec::Value document) {
  auto& of_rule = cases[std::string(document.text_or("rule"))];
  for (auto each : document["cases"].items())
    of_rule.push_back({std::string(each.text_or("name")), std::string(each.text_or("expect"))});
}

void Catalogue::Reader::read(const std::string& name, std::string text) {
  auto& file = files.emplace_back(name, std::move(text), mistakes);
  for (std::size_t i = 0; i < file.documents().size(); ++i) {
    auto document = file.documents()[i].root();
    if (document.text_or("kind") == "RuleTest")
      read_tests(document);
    else
      read_rule(file, i);
  }
}

void Catalogue::Reader::finish() {
  for (auto& rule : rules)
    if (auto found = cases.find(rule.header.id); found != cases.end()) rule.cases = found->second;
  std::ranges::stable_sort(rules, {}, [](const CatalogueRule& rule) -> const std::string& { return rule.header.id; });
}

Catalogue::Catalogue(std::unique_ptr<Reader> reader) : reader_(std::move(reader)) { reader_->finish(); }
Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue::~Catalogue() = default;
const std::vector<CatalogueRule>& Catalogue::rules() const noexcept { return reader_->rules; }
const std::vector<Mistake>& Catalogue::mistakes() const noexcept { return reader_->mistakes; }

Catalogue Catalogue::shipped() {
  auto reader = std::make_unique<Reader>();
  auto sources = open_sources(embedded::shipped_rule_files());
  SW_CHECK(sources.has_value());
  for (const auto& source : *sources) reader->read(std::string(source.file), std::string(source.text));
  return Catalogue(std::move(reader));
}

Catalogue Catalogue::load(const std::vector<std::string>& paths) {
  auto reader = std::make_unique<Reader>();
  for (const auto& path : paths) {
    auto files = rule_files_of(path, reader->mistakes);
    std::ranges::move(rule_tests_of(path, reader->mistakes), std::back_inserter(files));
    for (const auto& file : files) {
      if (auto text = read_rule_file(file))
        reader->read(file, std::move(*text));
      else
        reader->mistakes.push_back({{file}, text.error().what});
    }
  }
  return Catalogue(std::move(reader));
}

}  // namespace seawall::rulebook
