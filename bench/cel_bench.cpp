// Rooms: base codec cel
// Nanoseconds per evaluation of bench/cel/expressions.json: compiled, compiled with cost counted as Kubernetes does,
// and the same question as a hand-written predicate over the same parsed document (the bound). One JSON object a line.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>

#include "allocation_count.h"
#include "base/files.h"
#include "base/regex.h"
#include "cel/evaluate.h"
#include "cel/parse.h"
#include "codec/json.h"

using namespace seawall;
using codec::Key;
using JsonValue = codec::Value;

namespace {

volatile bool sink;

double nanoseconds(const std::function<bool()>& once) {
  using Clock = std::chrono::steady_clock;
  std::size_t turns = 1000;
  for (;;) {
    auto start = Clock::now();
    for (std::size_t i = 0; i < turns; ++i) sink = once();
    auto taken = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
    if (taken > 2e8) return taken / static_cast<double>(turns);
    turns *= 4;
  }
}

// The bound: what a patient programmer would write for the one question.
bool comparison(JsonValue object) {
  static const Key metadata("metadata"), name_space("namespace");
  return object[metadata][name_space].text() == "shop";
}

bool string_set(JsonValue object) {
  static const Key metadata("metadata"), name_space("namespace");
  auto text = object[metadata][name_space].text();
  switch (text.size()) {
    case 4:
      return text == "shop";
    case 6:
      return text == "backup";
    case 7:
      return text == "default" || text == "ingress";
    case 8:
      return text == "payments";
    case 10:
      return text == "monitoring";
    case 11:
      return text == "kube-system" || text == "kube-public";
    default:
      return false;
  }
}

bool privileged(JsonValue object) {
  static const Key spec("spec"), containers("containers"), context("securityContext"), flag("privileged");
  for (auto container : object[spec][containers].items()) {
    auto privileged = container[context][flag];
    if (privileged && privileged.boolean() != std::optional(false)) return false;
  }
  return true;
}

bool prefix(JsonValue object) {
  static const Key spec("spec"), containers("containers"), image("image");
  for (auto container : object[spec][containers].items())
    if (container[image].text().starts_with("registry.other/")) return true;
  return false;
}

// Plain integers with a binary suffix: less than the library must know.
bool quantity(JsonValue object) {
  static const Key spec("spec"), containers("containers"), resources("resources"), limits("limits"), memory("memory");
  for (auto container : object[spec][containers].items()) {
    auto text = container[resources][limits][memory].text();
    std::uint64_t value = 0;
    std::size_t at = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
      value = value * 10 + static_cast<unsigned>(text[at++] - '0');
    auto suffix = text.substr(at);
    unsigned shift = suffix == "Ki" ? 10 : suffix == "Mi" ? 20 : suffix == "Gi" ? 30 : 0;
    if (value << shift > 1ULL << 30) return false;
  }
  return true;
}

bool regex(JsonValue object) {
  static const Key spec("spec"), containers("containers"), image("image");
  static const auto pattern = Regex::compile("^registry\\.example/[a-z0-9/-]+:[a-z0-9.]+$");
  for (auto container : object[spec][containers].items())
    if (!pattern->search(container[image].text())) return false;
  return true;
}

const std::map<std::string_view, bool (*)(JsonValue)> bounds = {{"comparison", comparison}, {"string set", string_set},
                                                                {"privileged", privileged}, {"prefix", prefix},
                                                                {"quantity", quantity},     {"regex", regex}};

cel::Program compiled(std::string_view text, const std::shared_ptr<const cel::Environment>& environment, bool cost) {
  auto tree = cel::parse(text);
  SW_CHECK(tree);
  auto checked = cel::check(std::move(*tree), environment);
  SW_CHECK(checked);
  auto program = cel::compile(std::move(*checked), {.count_cost = cost});
  SW_CHECK(program);
  return std::move(*program);
}

struct Measured {
  double nanoseconds;
  double allocations;  // per evaluation
  bool result;
};

Measured measure(const cel::Program& program, JsonValue object) {
  cel::Evaluator evaluator({.cost = 1'000'000});
  cel::Value inputs[] = {cel::Value::document(object)};
  auto once = [&] {
    evaluator.begin(program, inputs);
    return evaluator.run(0).is_true();
  };
  auto result = once();  // the first one makes room
  constexpr int turns = 1000;
  auto before = allocations;
  for (int i = 0; i < turns; ++i) sink = once();
  auto made = static_cast<double>(allocations - before) / turns;
  return {nanoseconds(once), made, result};
}

}  // namespace

int main(int argc, char** argv) {
  auto file = read_file(argc > 1 ? argv[1] : "bench/cel/expressions.json", 1 << 20);
  if (!file) return std::fprintf(stderr, "%s\n", file.error().what.c_str()), 3;
  auto document = codec::parse_json(*file);
  if (!document) return std::fprintf(stderr, "%s\n", document.error().what.c_str()), 3;
  auto environment = std::make_shared<cel::Environment>();
  cel::add_kubernetes(*environment);
  cel::add_strings(*environment);
  environment->add_variable("object", cel::TypeKind::dyn);
  auto object = document->root()["input"];
  for (auto each : document->root()["expressions"].items()) {
    auto name = each["name"].text(), text = each["text"].text();
    auto plain = measure(compiled(text, environment, false), object);
    auto cost = measure(compiled(text, environment, true), object);
    auto bound = bounds.at(name);
    auto by_hand = nanoseconds([&] { return bound(object); });
    auto compile = nanoseconds([&] { return compiled(text, environment, false).size() == 1; });
    SW_CHECK(plain.result == bound(object) && cost.result == plain.result);
    std::printf(
        R"({"name": "%s", "ns": %.1f, "ns_with_cost": %.1f, "ns_by_hand": %.1f, "compile_us": %.1f, "allocations": %g})"
        "\n",
        std::string(name).c_str(), plain.nanoseconds, cost.nanoseconds, by_hand, compile / 1000,
        std::max(plain.allocations, cost.allocations));
  }
  return 0;
}
