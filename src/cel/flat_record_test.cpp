#include <doctest/doctest.h>

#include <cstddef>
#include <functional>

#include "cel/evaluate.h"
#include "cel/explain.h"
#include "cel/message.h"
#include "cel/parse.h"
#include "cel/schema.h"

using namespace seawall;
using namespace seawall::cel;

namespace {

// As a sensor would hand it over.
struct Event {
  std::int64_t time;  // nanoseconds
  std::string_view program;
  std::uint32_t process;
  std::int16_t change;
  double load;
  bool privileged;
};

std::shared_ptr<Environment> environment_of(std::string_view variable, const std::function<void(Schema&)>& describe) {
  auto environment = std::make_shared<Environment>();
  auto& schema = environment->schemas().add("test.Record");
  describe(schema);
  environment->add_variable(std::string(variable), schema.type());
  return environment;
}

void describe_event(Schema& schema) {
  auto field = [&](const char* name, Type type, Layout layout, std::size_t offset) {
    schema.add({.name = name,
                .type = type,
                .absent = Value(),
                .layout = layout,
                .offset = static_cast<std::uint32_t>(offset)});
  };
  field("time", TypeKind::timestamp, Layout::timestamp, offsetof(Event, time));
  field("program", TypeKind::string, Layout::text, offsetof(Event, program));
  field("process", TypeKind::unsigned_integer, Layout::unsigned32, offsetof(Event, process));
  field("change", TypeKind::integer, Layout::integer16, offsetof(Event, change));
  field("load", TypeKind::floating, Layout::floating64, offsetof(Event, load));
  field("privileged", TypeKind::boolean, Layout::boolean, offsetof(Event, privileged));
}

// What the program and the slower reading beside it say.
std::string evaluated(const std::shared_ptr<Environment>& environment, std::string_view source, const void* data) {
  auto tree = parse(source);
  REQUIRE(tree);
  auto checked = check(std::move(*tree), environment);
  if (!checked) return "mistake: " + checked.error().what;
  RecordNode record{environment->schemas().find("test.Record"), nullptr, nullptr, data};
  Value input = Value::record(&record);
  Explainer explainer;
  auto explained = text(explainer.explain(*checked, {&input, 1}).value);
  auto program = compile(std::move(*checked));
  REQUIRE(program);
  Evaluator evaluator;
  evaluator.begin(*program, {&input, 1});
  auto result = text(evaluator.run(0));
  CHECK(explained == result);
  return result;
}

}  // namespace

TEST_CASE("events are read where they lie") {
  auto environment = environment_of("event", describe_event);
  Event event{1'700'000'000'000'000'000, "/usr/bin/nc", 4711, -3, 0.5, true};
  struct Case {
    std::string_view source, value;
  };
  const Case cases[] = {
      {"event.program.endsWith('/nc') && event.privileged", "true"},
      {"event.process > 4000u && event.change < 0 && event.load == 0.5", "true"},
      {"event.time > timestamp('2023-01-01T00:00:00Z')", "true"},
      {"event.time.getFullYear()", "2023"},
      {"['/bin/', '/usr/bin/'].exists(p, event.program.startsWith(p))", "true"},
      {"event.process in [1u, 4711u]", "true"},
      {"has(event.program)", "true"},
      {"event.change + 1", "-2"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.source);
    CHECK(evaluated(environment, each.source, &event) == each.value);
  }
  CHECK(evaluated(environment, "event.nothing == 1", &event).starts_with("mistake: "));
}

TEST_CASE("rows are cells side by side, of which some may be empty") {
  const Column columns[] = {{"name", TypeKind::string}, {"count", TypeKind::integer}, {"seen", TypeKind::timestamp}};
  auto environment = environment_of("row", [&](Schema& schema) { describe_row(schema, columns); });
  Value cells[] = {Value::string("nginx"), Value::integer(3), Value()};
  CHECK(evaluated(environment, "row.name == 'nginx' && row.count > 2", cells) == "true");
  CHECK(evaluated(environment, "has(row.count) && !has(row.seen)", cells) == "true");
  CHECK(evaluated(environment, "row.name.size() + row.count", cells) == "8");
  CHECK(evaluated(environment, "row == row", cells) == "true");
}
