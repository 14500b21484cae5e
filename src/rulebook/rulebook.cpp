#include "rulebook/rulebook.h"

#include <algorithm>

#include "base/files.h"

namespace seawall::rulebook {

namespace {
constexpr std::size_t most_files = 10'000;
constexpr unsigned deepest_folder = 16;
constexpr std::uint64_t largest_file = std::uint64_t{4} << 20;

bool is_rule_name(std::string_view name) {
  bool yaml = name.ends_with(".yaml") || name.ends_with(".yml");
  return yaml && !name.ends_with(".test.yaml") && !name.ends_with(".test.yml") && !name.starts_with('.');
}
}  // namespace

void Rulebook::read_file(const std::string& path) {
  if (++files_ > most_files) {
    if (files_ == most_files + 1) mistakes_.push_back({{path}, "more than 10,000 files: this and others are not read"});
    return;
  }
  auto text = seawall::read_file(path, largest_file);
  if (!text) {
    mistakes_.push_back({{path}, text.error().what});
    return;
  }
  RuleFile file(path, std::move(*text), mistakes_);
  for (const auto& document : file.documents()) {
    auto kind = document.root().text_or("kind");
    if (kind == "Policy" || kind == "ValidatingAdmissionPolicy") {
      if (auto policy = read_policy(file, document, mistakes_)) policies_.push_back(std::move(*policy));
    } else {
      file.report(document.root_place().value.begin,
                  kind.empty() ? "no rule: `kind` is missing" : "no rule of kind '" + std::string(kind) + "' is known");
    }
  }
}

void Rulebook::read_path(const std::string& path, unsigned depth, bool named) {
  auto status = status_of(path, named ? Links::followed : Links::as_they_are);
  if (!status) {
    mistakes_.push_back({{path}, status.error().what});
    return;
  }
  if (status->kind == FileKind::regular) return read_file(path);
  if (status->kind != FileKind::directory) return;
  if (depth > deepest_folder) {
    mistakes_.push_back({{path}, "folders are nested more than 16 deep"});
    return;
  }
  auto names = list_directory(path);
  if (!names) {
    mistakes_.push_back({{path}, names.error().what});
    return;
  }
  std::ranges::sort(*names);
  for (const auto& name : *names) {
    auto below = path + "/" + name;
    auto kind = status_of(below);
    bool folder = kind && kind->kind == FileKind::directory && !name.starts_with('.');
    if (folder || is_rule_name(name)) read_path(below, depth + 1, false);
  }
}

// One id, one rule: the first keeps it.
void Rulebook::index() {
  std::map<std::string_view, RulePlace> seen;
  std::erase_if(policies_, [&](const Policy& policy) {
    auto [first, fresh] = seen.try_emplace(policy.header.id, policy.header.where);
    if (fresh) return false;
    mistakes_.push_back({policy.header.where, "the id '" + policy.header.id + "' is taken by " + first->second.text()});
    return true;
  });
  for (std::size_t i = 0; i < policies_.size(); ++i) {
    by_id_.emplace(policies_[i].header.id, i);
    for (const auto& other : policies_[i].header.known_as) by_id_.emplace(other, i);
  }
}

Rulebook Rulebook::load(const std::vector<std::string>& paths) {
  Rulebook book;
  for (const auto& path : paths) book.read_path(path, 0, true);
  book.index();
  return book;
}

std::vector<const Policy*> Rulebook::find(std::string_view id) const {
  std::vector<const Policy*> found;
  auto [first, last] = by_id_.equal_range(id);
  for (; first != last; ++first) found.push_back(&policies_[first->second]);
  return found;
}

}  // namespace seawall::rulebook
