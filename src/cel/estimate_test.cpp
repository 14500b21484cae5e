#include "cel/estimate.h"

#include <doctest/doctest.h>

#include <string>

#include "cel/parse.h"

namespace seawall::cel {
namespace {

std::shared_ptr<const Environment> environment() {
  auto made = std::make_shared<Environment>();
  add_strings(*made);
  add_sets(*made);
  add_lists(*made);
  add_bindings(*made);
  add_two_variable_comprehensions(*made);
  auto& types = made->types();
  made->add_variable("names", types.list(TypeKind::string));
  made->add_variable("labels", types.map(TypeKind::string, TypeKind::string));
  made->add_variable("name", TypeKind::string);
  made->add_variable("flag", TypeKind::boolean);
  made->add_variable("limit", types.wrapper(TypeKind::integer));
  return made;
}

// Lists have 2 to 5 elements, the names in one are of 10 to 20 characters; nothing is known of anything else.
std::optional<CostRange> hint(std::string_view path, Type type) {
  if (path == "names.@items") return CostRange{10, 20};
  if (path == "names" && type.is(TypeKind::list)) return CostRange{2, 5};
  return std::nullopt;
}

CostRange estimate(std::string_view source, const SizeHint& sizes) {
  auto tree = parse(source);
  REQUIRE_MESSAGE(tree, tree.error().what);
  auto checked = check(std::move(*tree), environment());
  REQUIRE_MESSAGE(checked, checked.error().what);
  return estimate_cost(*checked, sizes);
}

TEST_CASE("costs are bounded before an expression runs") {
  constexpr auto none = UINT64_MAX;
  struct Case {
    std::string_view source;
    CostRange expected;
  };
  constexpr Case cases[] = {
      {"true", {0, 0}},
      {"flag", {1, 1}},
      {"1 + 2", {1, 1}},
      {"flag && flag", {1, 2}},
      {"flag ? 1 + 1 : 2", {1, 2}},
      {"[1, 2]", {10, 10}},
      {"{'a': 1}", {30, 30}},
      {"'0123456789' == name", {2, 2}},            // a tenth of at most 10, and the name itself
      {"name == name", {3, 1844674407370955266}},  // nothing is known of its size
      {"has(labels.app)", {1, 1}},                 // what it asks is free
      {"labels.app", {2, 2}},
      {"labels.?app", {2, 2}},
      {"limit == limit", {3, 3}},  // a wrapper is as small as what it wraps
      {"names[0] == 'abcdefghijklmnopqrstuvwxyz'", {3, 4}},
      {"names.all(n, true)", {2 + 2 * 3, 2 + 5 * 3}},  // the name, the result; each: condition 2, step 1
      {"names.exists(n, n == '')", {2 + 2 * 4, 2 + 5 * 5}},
      {"names.map(n, n)", {12 + 2 * 13, 12 + 5 * 13}},
      {"names.map(n, n == 'a', n)", {12 + 2 * 3, 12 + 5 * 15}},
      {"names.filter(n, n == 'a')", {12 + 2 * 3, 12 + 5 * 15}},
      {"names.exists_one(n, n == 'a')", {3 + 2 * 3, 3 + 5 * 4}},
      {"names.join(',')", {1 + 3, 1 + 11}},  // 2 x 10 + 1 to 5 x 20 + 4 characters
      {"cel.bind(x, names, x.size())", {13, 13}},
      {"sets.contains(['a'], names)", {10 + 1 + 2 + 1, 10 + 1 + 5 + 1}},
      {"name.matches('a')", {2, 1844674407370955265}},
      {"labels.all(k, v, true)", {2, none}},
  };
  for (const auto& each : cases) {
    CAPTURE(each.source);
    auto found = estimate(each.source, hint);
    CHECK(found.least == each.expected.least);
    CHECK(found.most == each.expected.most);
  }
}

TEST_CASE("without hints only what is written is known") {
  CHECK(estimate("[1, 2].map(x, x + 1)", {}).most == 49);
  CHECK(estimate("names.all(n, true)", {}).most == UINT64_MAX);
  CHECK(estimate("'abcdefghij'.lowerAscii() == 'x'", {}) == CostRange{2, 2});
}

}  // namespace
}  // namespace seawall::cel
