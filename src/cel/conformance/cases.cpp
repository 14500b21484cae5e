#include "cel/conformance/cases.h"

#include "base/files.h"
#include "base/text.h"
#include "codec/json.h"

namespace seawall::cel::conformance {
namespace {

constexpr std::uint64_t largest_file = 64 << 20;

std::string_view file_name(std::string_view path) {
  auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_true(codec::Value value) { return value.boolean().value_or(false); }

}  // namespace

Case case_from(std::string_view suite, codec::Value test) {
  Case made;
  auto section = test.text_or("section");
  made.name = std::string(suite) + "/" + std::string(section) + "/" + std::string(test.text_or("name"));
  made.expression = test.text_or("expr");
  made.container = test.text_or("container");
  made.macros = !is_true(test["disable_macros"]);
  made.checked = !is_true(test["disable_check"]);
  made.check_only = is_true(test["check_only"]);
  made.strong_enums = section.starts_with("strong_");
  made.type_env = test["type_env"];
  made.bindings = test["bindings"];
  made.expect = test["expect"];
  return made;
}

Case kubernetes_case_from(std::string_view suite, codec::Value test) {
  Case made;
  made.source = Source::kubernetes;
  made.name = std::string(suite) + "/" + std::string(test.text_or("id"));
  made.expression = test.text_or("expr");
  made.expect = test["expect"];
  made.runtime_cost = test["runtime_cost"];
  made.estimated_cost = test["estimated_cost"];
  return made;
}

namespace {

Result<> add_specification(Suite& suite, std::string_view text) {
  auto& document = suite.documents.emplace_back(SW_TRY(codec::parse_json(text)));
  auto root = document.root();
  if (!root["tests"].is_array()) return fail(Code::invalid, "no list \"tests\"");
  for (auto test : root["tests"].items()) suite.cases.push_back(case_from(root.text_or("suite"), test));
  return {};
}

Result<> add_kubernetes(Suite& suite, std::string_view name, std::string_view text) {
  std::size_t number = 0;
  for (auto line : lines(text)) {
    ++number;
    if (trim(line).empty()) continue;
    auto parsed = in("line " + std::to_string(number), codec::parse_json(line));
    auto& document = suite.documents.emplace_back(SW_TRY(std::move(parsed)));
    suite.cases.push_back(kubernetes_case_from(name, document.root()));
  }
  return {};
}

}  // namespace

Result<> add_file(Suite& suite, const std::string& path) {
  auto name = file_name(path);
  if (name == "_types.json") return {};  // describes the others
  auto text = SW_TRY(read_file(path, largest_file));
  if (name.ends_with(".jsonl")) return in(path, add_kubernetes(suite, name.substr(0, name.size() - 6), text));
  return in(path, add_specification(suite, text));
}

Result<codec::Document> types_beside(const std::string& path) {
  auto beside = path.substr(0, path.size() - file_name(path).size()) + "_types.json";
  if (!exists(beside)) return codec::Document();
  return in(beside, codec::parse_json(SW_TRY(read_file(beside, largest_file))));
}

}  // namespace seawall::cel::conformance
