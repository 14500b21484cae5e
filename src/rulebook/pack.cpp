#include "rulebook/pack.h"

#include <algorithm>

#include "base/text.h"
#include "codec/json.h"
#include "rulebook/rule_paths.h"

namespace seawall::rulebook {

namespace {

// Other tools' ids may have spaces in them.
constexpr char between_columns = '\t', between_names = '\x1f';

// One line of the pack: id, kind, file, names, and the rule as JSON, which has no tabs of its own.
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
  header.constraint_kind = spec["constraintKind"].text();
  std::string line = header.id;
  auto column = [&](std::string_view text) { (line += between_columns) += text; };
  column(root.text_or("kind"));
  column(file.place(document.root_place().value.begin).file);
  std::string names;
  for (const auto& name : names_of(header)) names += (names.empty() ? "" : std::string(1, between_names)) + name;
  column(names);
  column(codec::JsonWriter().value(root).take());
  return line + "\n";
}

}  // namespace

Names sets_of(const RuleHeader& header) {
  Names sets{"all"};
  auto add = [&](std::string_view id) {
    for (auto slash = id.find('/'); slash != std::string_view::npos; slash = id.find('/', slash + 1))
      sets.emplace(id.substr(0, slash));
  };
  add(header.id);
  for (const auto& each : header.known_as) add(each);
  sets.insert(header.sets.begin(), header.sets.end());
  return sets;
}

Names names_of(const RuleHeader& header) {
  auto names = sets_of(header);
  names.insert(header.id);
  names.insert(header.known_as.begin(), header.known_as.end());
  if (!header.constraint_kind.empty()) names.insert(header.constraint_kind);
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

// Each file is a line "name<tab>bytes", then its text.
Result<std::string> pack_sources(const std::vector<std::string>& folders) {
  std::string pack;
  std::vector<Mistake> mistakes;
  for (const auto& folder : folders) {
    auto files = rule_files_of(folder, mistakes);
    std::ranges::move(rule_tests_of(folder, mistakes), std::back_inserter(files));
    std::ranges::sort(files);
    for (const auto& path : files) {
      auto text = SW_TRY(read_rule_file(path));
      pack += path + between_columns + std::to_string(text.size()) + "\n" + text;
    }
  }
  if (!mistakes.empty()) return fail(Code::invalid, mistakes.front().text());
  return pack;
}

Result<std::vector<RuleSource>> open_sources(std::string_view pack) {
  std::vector<RuleSource> sources;
  while (!pack.empty()) {
    auto line = cut(pack, "\n");
    auto head = line ? cut_last(line->left, std::string_view(&between_columns, 1)) : std::nullopt;
    auto size = head ? to_u64(head->right) : std::nullopt;
    if (!size || *size > line->right.size())
      return fail(Code::invalid, "packed files of rules: number " + std::to_string(sources.size() + 1) + " is broken");
    sources.push_back({head->left, line->right.substr(0, *size)});
    pack = line->right.substr(*size);
  }
  return sources;
}

Result<std::vector<PackedRule>> open_pack(std::string_view pack) {
  std::vector<PackedRule> rules;
  for (auto line : split(pack, '\n')) {
    if (line.empty()) continue;
    auto columns = split(line, between_columns);
    constexpr std::size_t wanted = 5;
    if (columns.size() != wanted)
      return fail(Code::invalid, "packed rules: line " + std::to_string(rules.size() + 1) + " is broken");
    rules.push_back({.id = columns[0],
                     .kind = columns[1],
                     .file = columns[2],
                     .names = split(columns[3], between_names),
                     .text = columns[4]});
  }
  return rules;
}

}  // namespace seawall::rulebook
