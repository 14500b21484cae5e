// Room cel: expressions compiled and run. The machine with and without sharing and counting, and the explanation,
// agree.
#include "cel/evaluate.h"
#include "cel/explain.h"
#include "cel/parse.h"
#include "codec/json.h"
#include "fuzz.h"

namespace {
using namespace seawall;
using namespace seawall::cel;

const std::shared_ptr<const Environment>& environment() {
  static const auto made = [] {
    auto all = std::make_shared<Environment>();
    add_kubernetes(*all);
    all->add_variable("object", TypeKind::dyn);
    return std::shared_ptr<const Environment>(std::move(all));
  }();
  return made;
}

const codec::Document& input() {
  static const auto made = codec::parse_json(
      R"({"kind": "Pod", "metadata": {"name": "web", "labels": {"app": "web", "a": "b"}}, "n": 3, "f": 1.5, "t": true,
          "z": null, "spec": {"containers": [{"name": "a", "image": "r/a:1", "ports": [80, 443]}, {"name": "b"}]}})");
  return *made;
}

std::string run(const std::shared_ptr<const Checked>& expression, CompileOptions options) {
  Compiler compiler(options);
  compiler.add(expression);
  auto program = std::move(compiler).finish();
  if (!program) return "not compiled";
  Value inputs[] = {Value::document(input().root())};
  Evaluator evaluator({.iterations = 20'000, .memory = 1 << 20});
  evaluator.begin(*program, inputs);
  auto result = evaluator.run(0);
  // Limits are reached sooner or later by the way taken; where an error stands in for another is free.
  return result.is_error() ? "error" : cel::text(result);
}
}  // namespace

SW_FUZZ(evaluate,
        "=object.spec.containers.all(c,has(c.image)&&c.image.startsWith('r/'))||object.missing "
        "=object.spec.containers.map(c,c.name).exists(n,n=='a')?[1,2].map(x,x*2)[1]:quantity('1Gi').asInteger() "
        "={'a':object.n,'b':object.f}.transformMap(k,v,v+object.n).size()>1&&object.metadata.labels['app']in['web']") {
  auto tree = parse(data, {.bytes = 4096, .nodes = 2000, .depth = 40});
  if (!tree) return;
  auto checked = check(std::move(*tree), environment());
  if (!checked) return;
  auto expression = std::make_shared<const Checked>(std::move(*checked));
  auto plain = run(expression, {.share = false});
  if (plain == "not compiled") return;
  auto shared = run(expression, {});
  auto counted = run(expression, {.count_cost = true});
  SW_CHECK(plain == "error" || shared == "error" || plain == shared);
  SW_CHECK(plain == "error" || counted == "error" || plain == counted);
  Value inputs[] = {Value::document(input().root())};
  Explainer explainer({.iterations = 200'000, .memory = 4 << 20});
  auto explained = explainer.explain(*expression, inputs).value;
  SW_CHECK(plain == "error" || explained.is_error() || cel::text(explained) == plain);
}
