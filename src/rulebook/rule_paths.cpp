#include "rulebook/rule_paths.h"

#include <algorithm>

#include "base/files.h"

namespace seawall::rulebook {

namespace {

constexpr std::size_t most_files = 10'000;
constexpr unsigned deepest_folder = 16;
constexpr std::uint64_t largest_file = std::uint64_t{4} << 20;

bool is_test_name(std::string_view name) { return name.ends_with(".test.yaml") || name.ends_with(".test.yml"); }

bool is_wanted(std::string_view name, bool tests) {
  bool yaml = name.ends_with(".yaml") || name.ends_with(".yml");
  return yaml && is_test_name(name) == tests && !name.starts_with('.');
}

struct Walk {
  std::vector<Mistake>& mistakes;
  bool tests = false;
  std::vector<std::string> files = {};

  void take(const std::string& path);
  void descend(const std::string& folder, unsigned depth);
};

void Walk::take(const std::string& path) {
  if (files.size() < most_files) return files.push_back(path);
  if (files.size() == most_files) mistakes.push_back({{path}, "more than 10,000 files: this and others are not read"});
}

void Walk::descend(const std::string& folder, unsigned depth) {
  if (depth > deepest_folder) return mistakes.push_back({{folder}, "folders are nested more than 16 deep"});
  auto names = list_directory(folder);
  if (!names) return mistakes.push_back({{folder}, names.error().what});
  std::ranges::sort(*names);
  for (const auto& name : *names) {
    auto below = folder + "/" + name;
    auto status = status_of(below);
    if (status && status->kind == FileKind::directory && !name.starts_with('.')) descend(below, depth + 1);
    if (status && status->kind == FileKind::regular && is_wanted(name, tests)) take(below);
  }
}

}  // namespace

static std::vector<std::string> files_of(const std::string& path, bool tests, std::vector<Mistake>& mistakes) {
  Walk walk{mistakes, tests};
  auto status = status_of(path, Links::followed);
  if (!status)
    mistakes.push_back({{path}, status.error().what});
  else if (status->kind == FileKind::directory)
    walk.descend(path, 0);
  else
    walk.take(path);
  return std::move(walk.files);
}

std::vector<std::string> rule_files_of(const std::string& path, std::vector<Mistake>& mistakes) {
  return files_of(path, false, mistakes);
}

std::vector<std::string> rule_tests_of(const std::string& path, std::vector<Mistake>& mistakes) {
  std::string_view name = path;
  bool is_rule = is_wanted(name, false);
  auto status = status_of(path, Links::followed);
  if (!is_rule || !status || status->kind == FileKind::directory) return files_of(path, true, mistakes);
  // "a.yaml" is tested by "a.test.yaml".
  auto dot = name.rfind('.');
  auto beside = std::string(name.substr(0, dot)) + ".test" + std::string(name.substr(dot));
  return status_of(beside) ? std::vector{beside} : std::vector<std::string>();
}

Result<std::string> read_rule_file(const std::string& path) { return read_file(path, largest_file); }

}  // namespace seawall::rulebook
