// Our side of the comparison with cel-go (tests/realparts/cel_go): the same lines in, the same lines out.
//   {"input": {...}}    from here on the variable `object` is that
//   {"expr": "..."}     answered by {"type", "value", "cost"}, {"type", "error"} or {"compile_error"}
//
// Each expression is judged in every way that we have: by a program of its own, by one that it shares with the
// expressions before and after it, without and with cost counted, and by the explanation. Where two of them differ,
// the answer has "disagreement".
#include <algorithm>
#include <bit>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cel/evaluate.h"
#include "cel/explain.h"
#include "cel/parse.h"
#include "codec/json.h"

namespace {

using namespace seawall;
using namespace seawall::cel;

constexpr std::uint64_t cost_limit = 1'000'000;  // of one expression, as the API server sets it
constexpr std::size_t batch_size = 24;           // expressions that share a program

std::string hexadecimal(std::uint64_t value, int digits) {
  char text[20];
  std::snprintf(text, sizeof text, "%0*lx", digits, static_cast<unsigned long>(value));
  return text;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\')
      out += "\\x" + hexadecimal(byte, 2);
    else
      out += c;
  }
  return out + '"';
}

std::string joined(std::vector<std::string> parts, char open, char end) {
  std::string out(1, open);
  for (const auto& part : parts) {
    if (&part != parts.data()) out += ", ";
    out += part;
  }
  return out + end;
}

std::string rendered(const Value& value);

std::string rendered_list(const Value& list) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < list.size(); ++i) parts.push_back(rendered(list.item(i)));
  return joined(std::move(parts), '[', ']');
}

std::string rendered_map(const Value& map) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < map.size(); ++i) {
    auto [key, content] = map.entry(i);
    parts.push_back(rendered(key) + ": " + rendered(content));
  }
  std::sort(parts.begin(), parts.end());
  return joined(std::move(parts), '{', '}');
}

std::string rendered_number(double number) {
  return number != number ? "nan" : "double(" + hexadecimal(std::bit_cast<std::uint64_t>(number), 16) + ")";
}

std::string rendered(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return value.as_boolean() ? "true" : "false";
    case Kind::integer:
      return std::to_string(value.as_integer());
    case Kind::unsigned_integer:
      return std::to_string(value.as_unsigned()) + "u";
    case Kind::floating:
      return rendered_number(value.as_floating());
    case Kind::string:
      return quoted(value.as_text());
    case Kind::bytes:
      return "b" + quoted(value.as_text());
    case Kind::timestamp:
      return "timestamp(" + std::to_string(value.as_moment().seconds) + ", " + std::to_string(value.as_moment().nanos) +
             ")";
    case Kind::duration:
      return "duration(" + std::to_string(value.as_moment().seconds * 1'000'000'000 + value.as_moment().nanos) + ")";
    case Kind::list:
      return rendered_list(value);
    case Kind::map:
      return rendered_map(value);
    case Kind::type:
      return "type(" + std::string(value.as_type().name()) + ")";
    case Kind::optional:
      return value.as_optional() ? "optional(" + rendered(*value.as_optional()) + ")" : "none";
    case Kind::opaque:
    case Kind::record:
      return std::string(type_of(value).name());
    case Kind::error:
      return "error";
  }
  return "unknown";
}

struct Judged {
  std::string value, message;  // `message`: of an error
  std::uint64_t cost = 0;
};

Judged judged(const Value& value, std::uint64_t cost) {
  if (value.is_error()) return {"error", std::string(value.as_error().message), 0};
  return {rendered(value), {}, cost};
}

std::vector<Value> inputs_of(const Program& program, const Value& object) {
  return std::vector<Value>(program.inputs().size(), object);
}

Judged run_alone(std::shared_ptr<const Checked> checked, const CompileOptions& options, const Value& object,
                 std::string& mistake) {
  Compiler compiler(options);
  compiler.add(std::move(checked));
  auto program = std::move(compiler).finish();
  if (!program) {
    mistake = program.error().what;
    return {};
  }
  Evaluator evaluator({.cost = cost_limit});
  auto inputs = inputs_of(*program, object);
  evaluator.begin(*program, inputs);
  auto value = evaluator.run(0);
  return judged(value, evaluator.cost());
}

struct Question {
  std::shared_ptr<const Checked> checked;
  Judged answer;
  std::string mistake;       // why it doesn't compile
  std::string disagreement;  // between our own ways
};

class Probe {
 public:
  Probe() {
    auto environment = std::make_shared<Environment>();
    add_kubernetes(*environment);
    environment->add_variable("object", TypeKind::dyn);
    environment_ = std::move(environment);
  }

  void set_input(codec::Document document) {
    answer_batch();
    document_ = std::move(document);
    object_ = Value::document(document_.root()["input"]);
  }

  void ask(std::string_view expression) {
    batch_.push_back(read(expression));
    if (batch_.size() == batch_size) answer_batch();
  }

  void answer_batch() {
    for (bool counts : {false, true}) run_together(counts);
    for (const auto& question : batch_) print(question);
    batch_.clear();
  }

 private:
  Question read(std::string_view expression) {
    Question made;
    auto tree = parse(expression);
    if (!tree) return made.mistake = tree.error().what, made;
    auto checked = check(std::move(*tree), environment_, Checking::homogeneous);
    if (!checked) return made.mistake = checked.error().what, made;
    made.checked = std::make_shared<const Checked>(std::move(*checked));
    made.answer = run_alone(made.checked, {.count_cost = true, .share = false}, object_, made.mistake);
    if (!made.mistake.empty()) return made;
    std::string mistake;
    for (bool share : {false, true})
      hold_against(made, run_alone(made.checked, {.count_cost = false, .share = share}, object_, mistake),
                   share ? "shared" : "plain");
    if (!mistake.empty()) made.disagreement += "compiles only with cost: " + mistake + "; ";
    hold_against(made, judged(explainer_.explain(*made.checked, std::vector<Value>{object_}).value, 0), "explained");
    return made;
  }

  // What only a cost limit ends may have a value where cost is not counted.
  static void hold_against(Question& question, const Judged& other, std::string_view way) {
    if (other.value == question.answer.value || question.answer.message.find("cost limit") != std::string::npos) return;
    ((((question.disagreement += way) += ": ") += other.value) += other.message) += "; ";
  }

  void run_together(bool counts) {
    Compiler compiler({.count_cost = counts});
    std::vector<Question*> added;
    for (auto& question : batch_) {
      if (!question.mistake.empty()) continue;
      compiler.add(question.checked);
      added.push_back(&question);
    }
    auto program = std::move(compiler).finish();
    if (!program) {
      for (auto* each : added) each->disagreement += "together: " + program.error().what + "; ";
      return;
    }
    auto inputs = inputs_of(*program, object_);
    evaluator_.begin(*program, inputs);
    for (std::uint32_t i = 0; i < added.size(); ++i) {
      auto value = evaluator_.run(i);
      auto found = judged(value, counts ? evaluator_.cost() : 0);
      hold_against(*added[i], found, counts ? "together with cost" : "together");
      if (counts && !value.is_error() && found.cost != added[i]->answer.cost)
        added[i]->disagreement += "cost together: " + std::to_string(found.cost) + "; ";
    }
  }

  static void print(const Question& question) {
    codec::JsonWriter out;
    out.begin_object();
    if (!question.mistake.empty()) {
      out.field("compile_error", question.mistake);
    } else {
      out.field("type", text(question.checked->type()));
      if (question.answer.value == "error")
        out.field("error", question.answer.message);
      else
        out.field("value", question.answer.value).field("cost", static_cast<std::int64_t>(question.answer.cost));
    }
    if (!question.disagreement.empty()) out.field("disagreement", question.disagreement);
    std::puts(out.end_object().take().c_str());
  }

  std::shared_ptr<const Environment> environment_;
  codec::Document document_;
  Value object_;
  Explainer explainer_;
  Evaluator evaluator_{{.cost = cost_limit}};
  std::vector<Question> batch_;
};

}  // namespace

int main() {
  Probe probe;
  std::string line;
  while (std::getline(std::cin, line)) {
    auto document = codec::parse_json(line);
    if (!document) return std::fprintf(stderr, "%s\n", document.error().what.c_str()), 3;
    auto expression = document->root()["expr"];
    if (expression)
      probe.ask(expression.text());
    else
      probe.set_input(std::move(*document));
  }
  probe.answer_batch();
  return 0;
}
