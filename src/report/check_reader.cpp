#include "report/check_reader.h"

#include <map>
#include <optional>

#include "base/text.h"

namespace seawall::report {
namespace {

using codec::Value;
using model::Verdict;

std::optional<Verdict> verdict_from(std::string_view word) {
  for (auto verdict : {Verdict::pass, Verdict::fail, Verdict::undetermined, Verdict::not_applicable})
    if (model::text(verdict) == word) return verdict;
  return std::nullopt;
}

// "deploy/app.yaml" of "deploy/app.yaml:3:7".
std::string file_of(std::string_view place) {
  for (int numbers = 0; numbers < 2; ++numbers) {
    auto halves = cut_last(place, ":");
    if (halves && to_u64(halves->right)) place = halves->left;
  }
  return std::string(place);
}

class CheckReader {
 public:
  Result<> add(Value item) {
    auto verdict = verdict_from(item.text_or("verdict"));
    if (!verdict || item.text_or("rule").empty() || !item["object"].is_object())
      return fail(Code::invalid, "no result of a check: object, rule and verdict are wanted");
    auto object = item["object"];
    model::ObjectResults made{{std::string(object.text_or("apiVersion")), std::string(object.text_or("kind")),
                               std::string(object.text_or("namespace")), std::string(object.text_or("name"))},
                              {file_of(item.text_or("where"))},
                              {}};
    made.results.push_back(
        {.rule = rule_of(item), .binding = std::string(item.text_or("binding")), .verdict = *verdict});
    read_.objects.push_back(std::move(made));
    return {};
  }
  CheckRead take() && { return std::move(read_); }

 private:
  const model::RuleInfo* rule_of(Value item) {
    auto& known = known_[std::string(item.text_or("rule"))];
    if (known != nullptr) return known;
    model::RuleInfo info{.id = std::string(item.text_or("rule")), .title = std::string(item.text_or("title"))};
    info.severity = model::severity_from(item.text_or("severity")).value_or(model::Severity::unknown);
    for (auto name : item["frameworks"].items()) info.known_as.emplace_back(name.scalar());
    read_.rules.push_back(std::make_unique<const model::RuleInfo>(std::move(info)));
    return known = read_.rules.back().get();
  }

  CheckRead read_;
  std::map<std::string, const model::RuleInfo*> known_;
};

}  // namespace

Result<CheckRead> check_from(Value root) {
  if (!root.is_array()) return fail(Code::invalid, "no results of a check (seawall check -o json)");
  CheckReader reader;
  for (auto item : root.items()) SW_TRY(reader.add(item));
  return std::move(reader).take();
}

}  // namespace seawall::report
