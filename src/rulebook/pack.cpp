#include "rulebook/pack.h"

#include "base/text.h"
#include "codec/json.h"
#include "rulebook/rule_paths.h"

namespace seawall::rulebook {

namespace {

constexpr char between_columns = '\t', between_names = ' ';

// One line of the pack: id, kind, file, line, names, and the rule as JSON, which has no tabs of its own.
std::string packed(const RuleFile& file, const codec::PlacedDocument& document) {
  auto root = document.root();
  auto spec = root["spec"];
  auto texts = [&](std::string_view key) {
    std::vector<std::string> all;
    for (auto item : spec[key].items()) all.emplace_back(item.text());
    return all;
  };
  RuleHeader header;
  header.id = root.path("metadata", "name").text();
  header.known_as = texts("knownAs");
  header.sets = texts("sets");
  auto place = file.place(document.root_place().value.begin);
  std::string line = header.id;
  auto column = [&](std::string_view text) { (line += between_columns) += text; };
  column(root.text_or("kind"));
  column(place.file);
  column(std::to_string(place.line));
  std::string names;
  auto all = names_of(header);
  if (auto kind = spec["constraintKind"].text(); !kind.empty()) all.emplace(kind);
  for (const auto& name : all) (names += names.empty() ? "" : " ") += name;
  column(names);
  codec::JsonWriter json;
  json.value(root);
  column(json.take());
  return line + "\n";
}

}  // namespace

std::set<std::string, std::less<>> names_of(const RuleHeader& header) {
  std::set<std::string, std::less<>> names{"all"};
  auto add = [&](std::string_view id) {
    names.emplace(id);
    for (auto slash = id.find('/'); slash != std::string_view::npos; slash = id.find('/', slash + 1))
      names.emplace(id.substr(0, slash));
  };
  add(header.id);
  for (const auto& each : header.known_as) add(each);
  for (const auto& each : header.sets) names.insert(each);
  return names;
}

Result<std::string> pack_rules(const std::vector<std::string>& folders) {
  std::string pack;
  std::vector<Mistake> mistakes;
  for (const auto& folder : folders) {
    for (const auto& path : rule_files_of(folder, mistakes)) {
      auto text = SW_TRY(read_rule_file(path));
      RuleFile file(path, std::move(text), mistakes);
      for (const auto& document : file.documents()) pack += packed(file, document);
    }
  }
  if (!mistakes.empty()) return fail(Code::invalid, mistakes.front().text());
  return pack;
}

Result<std::vector<PackedRule>> open_pack(std::string_view pack) {
  std::vector<PackedRule> rules;
  for (auto line : split(pack, '\n')) {
    if (line.empty()) continue;
    auto columns = split(line, between_columns);
    constexpr std::size_t wanted = 6;
    if (columns.size() != wanted)
      return fail(Code::invalid, "packed rules: line " + std::to_string(rules.size() + 1) + " is broken");
    rules.push_back({.id = columns[0],
                     .kind = columns[1],
                     .file = columns[2],
                     .line = to_u64(columns[3]).value_or(0),
                     .names = split(columns[4], between_names),
                     .text = columns[5]});
  }
  return rules;
}

}  // namespace seawall::rulebook
