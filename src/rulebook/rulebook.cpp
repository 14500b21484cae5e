#include "rulebook/rulebook.h"

#include <algorithm>

#include "codec/json.h"
#include "rulebook/pack.h"
#include "rulebook/rule_paths.h"

namespace seawall::embedded {
std::string_view shipped_rules() noexcept;  // packed by the build, see room.cmake
}

namespace seawall::rulebook {

static constexpr std::string_view benchmark_kind = "Benchmark";

void Rulebook::read_document(RuleFile& file, const codec::PlacedDocument& document) {
  auto kind = document.root().text_or("kind");
  if (kind == "Policy" || !set_of_foreign(document.root()).empty()) {
    if (auto policy = read_policy(file, document, mistakes_))
      policies_.push_back(std::make_shared<const Policy>(std::move(*policy)));
  } else if (kind == "ValidatingAdmissionPolicyBinding") {
    bindings_.push_back(read_binding(file, document));
  } else if (document.root().text_or("apiVersion").starts_with("constraints.gatekeeper.sh/")) {
    bindings_.push_back(read_constraint(file, document));
  } else if (kind != benchmark_kind) {  // which names rules and is none; whoever shows one reads it
    read_other(file, document);
  }
}

void Rulebook::read_other(RuleFile& file, const codec::PlacedDocument& document) {
  auto root = document.root();
  auto place = document.root_place().value.begin;
  auto kind = root.text_or("kind");
  if (kind.empty()) return file.report(place, "no rule: `kind` is missing");
  parameters_.push_back({.api_version = std::string(root.text_or("apiVersion")),
                         .kind = std::string(kind),
                         .name = std::string(root.path("metadata", "name").text()),
                         .in_namespace = std::string(root.path("metadata", "namespace").text()),
                         .json = codec::JsonWriter().value(root).take(),
                         .where = file.place(place)});
}

// What is no rule and no policy's parameters either has come here by mistake.
void Rulebook::refuse_strangers() {
  for (const auto& each : parameters_) {
    bool asked_for =
        std::ranges::any_of(policies_, [&](const auto& policy) { return policy->param_kind == each.kind; });
    if (!asked_for) mistakes_.push_back({each.where, "no rule of kind '" + each.kind + "' is known"});
  }
}

void Rulebook::read_text(const std::string& name, std::string text) {
  RuleFile file(name, std::move(text), mistakes_);
  for (const auto& document : file.documents()) read_document(file, document);
}

void Rulebook::read_path(const std::string& path) {
  for (const auto& name : rule_files_of(path, mistakes_)) {
    if (auto text = read_rule_file(name))
      read_text(name, std::move(*text));
    else
      mistakes_.push_back({{name}, text.error().what});
  }
}

// One id, one rule: the first keeps it.
void Rulebook::index() {
  std::map<std::string_view, RulePlace> seen;
  std::erase_if(policies_, [&](const PolicyPointer& policy) {
    const auto& header = policy->header;
    auto [first, fresh] = seen.try_emplace(header.id, header.where);
    if (fresh) return false;
    mistakes_.push_back({header.where, "the id '" + header.id + "' is taken by " + first->second.text()});
    return true;
  });
  for (const auto& policy : policies_)
    for (const auto& name : names_of(policy->header)) by_name_[name].push_back(policy);
}

Rulebook Rulebook::load(const std::vector<std::string>& paths) {
  Rulebook book;
  for (const auto& path : paths) book.read_path(path);
  book.refuse_strangers();
  book.index();
  return book;
}

Rulebook Rulebook::read(const std::string& name, std::string text) {
  Rulebook book;
  book.read_text(name, std::move(text));
  book.refuse_strangers();
  book.index();
  return book;
}

Rulebook Rulebook::shipped(const std::vector<std::string>& names, std::vector<std::string>& unknown) {
  Rulebook book;
  auto pack = open_pack(embedded::shipped_rules());
  SW_CHECK(pack.has_value());
  std::vector<bool> wanted(pack->size());
  for (const auto& name : names) {
    bool known = false;
    for (std::size_t i = 0; i < pack->size(); ++i) {
      const auto& rule = (*pack)[i];
      if (rule.kind == benchmark_kind || std::ranges::find(rule.names, name) == rule.names.end()) continue;
      wanted[i] = known = true;
    }
    if (!known) unknown.push_back(name);
  }
  for (std::size_t i = 0; i < pack->size(); ++i)
    if (wanted[i]) book.read_text(std::string((*pack)[i].file), std::string((*pack)[i].text));
  book.refuse_strangers();
  book.index();
  return book;
}

std::vector<std::string_view> Rulebook::shipped_names() {
  auto pack = open_pack(embedded::shipped_rules());
  SW_CHECK(pack.has_value());
  std::set<std::string_view> names;
  for (const auto& rule : *pack)
    if (rule.kind != benchmark_kind) names.insert(rule.names.begin(), rule.names.end());
  return {names.begin(), names.end()};
}

std::vector<Rulebook::PolicyPointer> Rulebook::find(std::string_view name) const {
  auto found = by_name_.find(name);
  return found == by_name_.end() ? std::vector<PolicyPointer>() : found->second;
}

}  // namespace seawall::rulebook
