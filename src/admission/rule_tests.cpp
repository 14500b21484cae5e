#include "admission/rule_tests.h"

#include <algorithm>
#include <map>

#include "admission/manifest_check.h"
#include "admission/type_check.h"
#include "codec/json.h"
#include "rulebook/rule_paths.h"

namespace seawall::admission {

namespace {

using model::Verdict;
using rulebook::Fields;
using Pointer = rulebook::Rulebook::PolicyPointer;

// The pod's spec as an object of a kind that makes pods.
struct PodForm {
  std::string_view kind, before, after;
};
constexpr PodForm pod_forms[] = {
    {"Pod", R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"test"},"spec":)", "}"},
    {"Deployment",
     R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"test"},"spec":{"template":{"spec":)", "}}}"},
    {"CronJob",
     R"({"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"test"},"spec":{"jobTemplate":{"spec":{"template":{"spec":)",
     "}}}}}"},
};

struct Case {
  std::string name, parameters, in_namespace, version;
  std::string object, pod, request;  // JSON; one of them
  std::vector<std::string> data;     // JSON
  std::vector<std::string> paths;
  Verdict expect = Verdict::pass;
  bool fixed = true;  // the fix mends it
  rulebook::RulePlace where;
};

constexpr Verdict verdicts[] = {Verdict::pass, Verdict::fail, Verdict::undetermined, Verdict::not_applicable};

Case read_case(Fields& fields) {
  Case made;
  made.where = fields.where();
  made.name = fields.required_text("name");
  auto expect = fields.word("expect", {"pass", "fail", "undetermined", "not_applicable"}, "pass");
  if (!fields.has("expect")) fields.report("expect", "is missing");
  for (auto verdict : verdicts)
    if (model::text(verdict) == expect) made.expect = verdict;
  made.parameters = fields.json("params");
  made.in_namespace = fields.text("namespace", "default");
  made.version = fields.text("version");
  made.object = fields.json("object");
  made.pod = fields.json("pod");
  made.request = fields.json("request");
  if (made.object.empty() + made.pod.empty() + made.request.empty() != 2)
    fields.report("object", "a case has one of object, pod and request");
  for (auto item : fields.any("data").items()) made.data.push_back(codec::JsonWriter().value(item).take());
  made.paths = fields.texts("paths");
  made.fixed = fields.boolean("fixed", true);
  fields.finish();
  return made;
}

// Runs cases of one rule.
class RuleTester {
 public:
  RuleTester(Pointer policy, RuleTestReport& report) : policy_(std::move(policy)), report_(report) {}

  void run(const Case& test);

 private:
  struct Outcome {
    Verdict verdict = Verdict::not_applicable;
    std::string message;
    std::vector<std::string> paths;
    std::string mended;  // the object after the fix; empty without one
  };
  Result<Outcome> judge(const Case& test, std::string object) const;
  // `as_written`: not in a form that the case did not ask for, where paths differ and the rule may not apply.
  std::string wrong_with(const Case& test, std::string object, bool as_written) const;
  std::string wrong_with_fix(const Case& test, const Outcome& outcome) const;

  Pointer policy_;
  RuleTestReport& report_;
};

Result<RuleTester::Outcome> RuleTester::judge(const Case& test, std::string object) const {
  auto minor = test.version.empty() ? rulebook::newest_minor : rulebook::kubernetes_minor(test.version);
  if (!minor) return fail(Code::invalid, "'" + test.version + "' is no version of Kubernetes");
  BoundPolicy bound{.use = {policy_, test.parameters, *minor}, .binding = {}, .only_namespace = {}, .undecidable = {}};
  auto check = SW_TRY(ManifestCheck::compile({std::move(bound)}, {.namespace_of_none = test.in_namespace}));
  std::string others;
  for (const auto& each : test.data) others += (others.empty() ? "" : ",") + each;
  auto related = kube::read_manifests(R"({"apiVersion":"v1","kind":"List","items":[)" + others + "]}", "data");
  auto judged = kube::read_manifests(std::move(object), "object");
  for (const auto* set : {&judged, &related}) {
    if (!set->mistakes.empty()) return fail(Code::invalid, set->mistakes.front().text());
    for (const auto& manifest : set->manifests) check.add_related(manifest);
  }
  if (judged.manifests.size() != 1) return fail(Code::invalid, "a case judges one object");
  const auto& manifest = judged.manifests.front();
  auto result = std::move(check.check(manifest).front());
  Outcome outcome{.verdict = result.verdict, .message = {}, .paths = {}, .mended = {}};
  for (auto& finding : result.findings) {
    if (outcome.message.empty()) outcome.message = finding.message;
    std::ranges::move(finding.paths, std::back_inserter(outcome.paths));
  }
  if (!result.fix.empty() && !manifest.request) outcome.mended = SW_TRY(kube::patched(manifest.object, result.fix));
  return outcome;
}

std::string RuleTester::wrong_with_fix(const Case& test, const Outcome& outcome) const {
  if (policy_->fixes.empty() || !test.fixed || outcome.verdict != Verdict::fail || !test.request.empty()) return {};
  if (outcome.mended.empty()) return "the fix changes nothing";
  auto after = judge(test, outcome.mended);
  if (!after) return "after the fix: " + after.error().what;
  if (after->verdict == Verdict::pass) return {};
  return "after the fix still " + std::string(model::text(after->verdict)) + ": " + after->message;
}

std::string RuleTester::wrong_with(const Case& test, std::string object, bool as_written) const {
  auto outcome = judge(test, std::move(object));
  if (!outcome) return outcome.error().what;
  if (!as_written && outcome->verdict == Verdict::not_applicable) return {};
  if (outcome->verdict != test.expect)
    return std::string(model::text(test.expect)) + " expected, got " + std::string(model::text(outcome->verdict)) +
           (outcome->message.empty() ? "" : ": " + outcome->message);
  if (as_written)
    for (const auto& path : test.paths)
      if (std::ranges::find(outcome->paths, path) == outcome->paths.end()) {
        std::string got;
        for (const auto& each : outcome->paths) got += " " + each;
        return "path " + path + " expected, got" + (got.empty() ? " none" : got);
      }
  return wrong_with_fix(test, *outcome);
}

void RuleTester::run(const Case& test) {
  std::string wrong;
  if (!test.pod.empty()) {
    for (const auto& form : pod_forms) {
      if (!wrong.empty() || (form.kind != "Pod" && !policy_->pod_spec)) break;
      auto what = wrong_with(test, std::string(form.before) + test.pod + std::string(form.after), form.kind == "Pod");
      if (!what.empty()) wrong = "as " + std::string(form.kind) + ": " + what;
    }
  } else if (!test.request.empty()) {
    wrong = wrong_with(
        test, R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":)" + test.request + "}", true);
  } else {
    wrong = wrong_with(test, test.object, true);
  }
  if (wrong.empty())
    ++report_.passed;
  else
    report_.failed.push_back({test.where, policy_->header.id, test.name, std::move(wrong)});
}

class TestRun {
 public:
  explicit TestRun(const std::vector<std::string>& paths) : book_(rulebook::Rulebook::load(paths)) {
    report_.rules = book_.policies().size();
    report_.mistakes = book_.mistakes();
    check_types();
  }

  void run_file(const std::string& path);
  RuleTestReport finish();

 private:
  void check_types();
  void run_document(rulebook::RuleFile& file, const codec::PlacedDocument& document);

  rulebook::Rulebook book_;
  RuleTestReport report_;
  struct Seen {
    bool pass = false, fail = false;
  };
  std::map<std::string, Seen, std::less<>> seen_;
};

void TestRun::check_types() {
  TypeCheck types;
  for (const auto& policy : book_.policies())
    for (const auto& warning : types.check(*policy)) report_.warnings.push_back(warning.mistake());
}

void TestRun::run_document(rulebook::RuleFile& file, const codec::PlacedDocument& document) {
  Fields root(file, document, document.root(), document.root_place().value.begin);
  (void)root.text("apiVersion");
  root.word("kind", {"RuleTest"}, "RuleTest");
  auto id = root.required_text("rule");
  auto found = book_.find(id);
  auto policy = std::ranges::find_if(found, [&](const auto& each) { return each->header.id == id; });
  if (policy == found.end()) root.report("rule", "the rule '" + id + "' is not among the files");
  for (auto& fields : root.each("cases")) {
    auto before = report_.mistakes.size();
    auto test = read_case(fields);
    if (policy == found.end() || report_.mistakes.size() != before) continue;
    auto& seen = seen_[id];
    seen.pass |= test.expect == Verdict::pass;
    seen.fail |= test.expect == Verdict::fail;
    RuleTester(*policy, report_).run(test);
  }
  root.finish();
}

void TestRun::run_file(const std::string& path) {
  auto text = rulebook::read_rule_file(path);
  if (!text) {
    report_.mistakes.push_back({{path}, text.error().what});
    return;
  }
  rulebook::RuleFile file(path, std::move(*text), report_.mistakes);
  for (const auto& document : file.documents()) run_document(file, document);
}

RuleTestReport TestRun::finish() {
  for (const auto& policy : book_.policies()) {
    auto seen = seen_[policy->header.id];
    if (seen.pass && seen.fail) continue;
    std::string_view missing = seen.fail ? "passes" : seen.pass ? "fails" : "passes, and none that fails";
    report_.mistakes.push_back({policy->header.where, "no test case that " + std::string(missing)});
  }
  return std::move(report_);
}

}  // namespace

RuleTestReport test_rules(const std::vector<std::string>& paths) {
  TestRun run(paths);
  std::vector<rulebook::Mistake> mistakes;
  std::vector<std::string> files;
  for (const auto& path : paths)
    for (auto& each : rulebook::rule_tests_of(path, mistakes)) files.push_back(std::move(each));
  for (const auto& each : files) run.run_file(each);
  auto report = run.finish();
  std::ranges::move(mistakes, std::back_inserter(report.mistakes));
  return report;
}

}  // namespace seawall::admission
