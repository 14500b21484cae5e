#include "rulebook/benchmark.h"

#include <algorithm>

#include "rulebook/pack.h"
#include "rulebook/rule_paths.h"

namespace seawall::embedded {
std::string_view shipped_rules() noexcept;  // packed by the build, see room.cmake
std::string_view shipped_rule_files() noexcept;
}  // namespace seawall::embedded

namespace seawall::rulebook {

namespace {

constexpr model::Assess all_assess[] = {model::Assess::manifests, model::Assess::control_plane, model::Assess::node,
                                        model::Assess::cloud,     model::Assess::elsewhere,     model::Assess::manual};

bool is_benchmark(const codec::PlacedDocument& document) { return document.root().text_or("kind") == "Benchmark"; }

class BenchmarkReader {
 public:
  BenchmarkReader(RuleFile& file, const codec::PlacedDocument& document)
      : root_(file, document, document.root(), document.root_place().value.begin) {}

  BenchmarkFile read();

 private:
  // What a group says for all of its controls.
  struct Inherited {
    model::Assess assess;
    std::string reason;
  };
  model::BenchmarkGroup read_group(Fields& fields);
  model::BenchmarkControl read_control(Fields& fields, const Inherited& inherited);
  std::vector<std::string> read_rules(Fields& fields);
  static model::Assess read_assess(Fields& fields, model::Assess otherwise);
  std::string own_id(Fields& fields, std::set<std::string>& ids);

  Fields root_;
  BenchmarkFile made_;
  std::set<std::string> groups_, controls_;
};

// An id that the benchmark has not had yet.
std::string BenchmarkReader::own_id(Fields& fields, std::set<std::string>& ids) {
  auto id = fields.required_text("id");
  if (!id.empty() && !ids.insert(id).second) fields.report("id", "'" + id + "' is there already");
  return id;
}

model::Assess BenchmarkReader::read_assess(Fields& fields, model::Assess otherwise) {
  auto word = fields.word("assess", {"manifests", "control-plane", "node", "cloud", "elsewhere", "manual"},
                          model::text(otherwise));
  auto found = std::ranges::find(all_assess, word, [](model::Assess each) { return model::text(each); });
  return found == std::end(all_assess) ? otherwise : *found;
}

std::vector<std::string> BenchmarkReader::read_rules(Fields& fields) {
  auto rules = fields.texts("rules");
  for (const auto& rule : rules) made_.rules.push_back({rule, fields.where("rules")});
  return rules;
}

model::BenchmarkControl BenchmarkReader::read_control(Fields& fields, const Inherited& inherited) {
  model::BenchmarkControl control{.id = own_id(fields, controls_),
                                  .title = fields.required_text("title"),
                                  .rules = read_rules(fields),
                                  .assess = read_assess(fields, inherited.assess),
                                  .reason = fields.text("reason", inherited.reason)};
  if (control.rules.empty() && control.reason.empty())
    fields.report("id", "a control without rules needs a reason, its own or its group's");
  fields.finish();
  return control;
}

model::BenchmarkGroup BenchmarkReader::read_group(Fields& fields) {
  model::BenchmarkGroup group{.id = own_id(fields, groups_), .title = fields.required_text("title"), .controls = {}};
  Inherited inherited{read_assess(fields, model::Assess::manifests), fields.text("reason")};
  for (auto& each : fields.each("controls")) group.controls.push_back(read_control(each, inherited));
  if (group.controls.empty()) fields.report("controls", "is missing");
  fields.finish();
  return group;
}

BenchmarkFile BenchmarkReader::read() {
  (void)root_.text("apiVersion");
  (void)root_.text("kind");
  auto metadata = root_.below("metadata");
  auto& benchmark = made_.benchmark;
  benchmark.id = metadata.required_text("name");
  made_.where = metadata.where("name");
  if (!benchmark.id.empty() && !is_rule_id(benchmark.id))
    metadata.report("name", "'" + benchmark.id + "' is no id: lower case letters, digits, '-', '.' and '/'");
  metadata.finish();
  auto spec = root_.below("spec");
  benchmark.title = spec.required_text("title");
  benchmark.version = spec.text("version");
  benchmark.source = spec.text("source");
  benchmark.note = spec.text("note");
  for (auto& each : spec.each("groups")) benchmark.groups.push_back(read_group(each));
  if (benchmark.groups.empty()) spec.report("groups", "is missing");
  spec.finish();
  root_.finish();
  return std::move(made_);
}

void read_text(Benchmarks& into, const std::string& name, std::string text) {
  RuleFile file(name, std::move(text), into.mistakes);
  for (const auto& document : file.documents()) {
    if (!is_benchmark(document)) continue;
    if (auto read = read_benchmark(file, document, into.mistakes)) into.files.push_back(std::move(*read));
  }
}

}  // namespace

std::optional<BenchmarkFile> read_benchmark(RuleFile& file, const codec::PlacedDocument& document,
                                            std::vector<Mistake>& mistakes) {
  auto before = mistakes.size();
  auto made = BenchmarkReader(file, document).read();
  if (mistakes.size() != before) return std::nullopt;
  return made;
}

Benchmarks Benchmarks::shipped() {
  auto rules = open_pack(embedded::shipped_rules());
  auto sources = open_sources(embedded::shipped_rule_files());
  SW_CHECK(rules.has_value() && sources.has_value());
  std::set<std::string_view> files;
  for (const auto& rule : *rules)
    if (rule.kind == "Benchmark") files.insert(rule.file);
  Benchmarks made;
  for (const auto& source : *sources)
    if (files.contains(source.file)) read_text(made, std::string(source.file), std::string(source.text));
  return made;
}

Benchmarks Benchmarks::load(const std::vector<std::string>& paths) {
  Benchmarks made;
  for (const auto& path : paths) {
    for (const auto& name : rule_files_of(path, made.mistakes)) {
      if (auto text = read_rule_file(name))
        read_text(made, name, std::move(*text));
      else
        made.mistakes.push_back({{name}, text.error().what});
    }
  }
  return made;
}

}  // namespace seawall::rulebook
