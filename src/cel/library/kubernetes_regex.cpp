// Kubernetes' regex library: find and findAll.
#include <limits>

#include "base/regex.h"
#include "cel/detail/library.h"
#include "cel/detail/texts.h"

namespace seawall::cel {

namespace library {

namespace {

Value find(Call& call, Arguments arguments) {
  Value error;
  auto* pattern = pattern_of(call, arguments[1], error);
  if (pattern == nullptr) return error;
  auto text = arguments[0].as_text();
  auto found = pattern->find(text);
  return found ? Value::string(text.substr(found->offset, found->size)) : Value::string("");
}

// An empty match right behind another one does not count.
Value find_up_to(Call& call, Arguments arguments, std::size_t limit) {
  Value error;
  auto* pattern = pattern_of(call, arguments[1], error);
  if (pattern == nullptr) return error;
  auto text = arguments[0].as_text();
  ListBuilder matches(call);
  std::size_t from = 0, last_end = std::string_view::npos;
  while (matches.size() < limit && from <= text.size() && !matches.failed()) {
    auto found = pattern->find(text, from);
    if (!found) break;
    auto end = found->offset + found->size;
    if (found->size > 0 || found->offset != last_end)
      matches.add(Value::string(text.substr(found->offset, found->size)));
    last_end = end;
    from = found->size > 0 ? end : end < text.size() ? end + code_point_size(text, end) : end + 1;
  }
  return matches.finish();
}
Value find_all(Call& call, Arguments arguments) {
  return find_up_to(call, arguments, std::numeric_limits<std::size_t>::max());
}
Value find_some(Call& call, Arguments arguments) {
  auto limit = arguments[2].as_integer();
  if (limit < 0) return find_all(call, arguments);
  return find_up_to(call, arguments, static_cast<std::size_t>(limit));
}

constexpr Declaration functions[] = {
    {"string_find_string", "<string>.find(string) -> string", find, cost::match, prepare_pattern},
    {"string_find_all_string", "<string>.findAll(string) -> list(string)", find_all, cost::match, prepare_pattern},
    {"string_find_all_string_int", "<string>.findAll(string, int) -> list(string)", find_some, cost::match,
     prepare_pattern},
};

}  // namespace

}  // namespace library

void add_kubernetes_regex(Environment& environment) { library::declare(environment, library::functions); }

}  // namespace seawall::cel
