// JSONPatch{op, path, from, value} and jsonpatch.escapeKey, for mutating policies of Kubernetes.
#include "cel/detail/library.h"
#include "cel/detail/texts.h"

namespace seawall::cel {

namespace library {

namespace {

Value escape_key(Call& call, Arguments arguments) {
  auto key = arguments[0].as_text();
  if (key.find_first_of("~/") == std::string_view::npos) return arguments[0];
  TextBuilder out(call);
  for (auto c : key) {
    if (c == '/')
      out.add("~1");
    else if (c == '~')
      out.add("~0");
    else
      out.add(c);
  }
  return out.finish();
}

constexpr Declaration functions[] = {
    {"string_jsonpatch_escapeKey_string", "jsonpatch.escapeKey(string) -> string", escape_key, cost::scan_first},
};

}  // namespace

}  // namespace library

void add_json_patch(Environment& environment) {
  library::declare(environment, library::functions);
  auto& schema = environment.schemas().add("JSONPatch");
  for (auto* name : {"op", "path", "from"})
    schema.add({.name = name, .type = TypeKind::string, .absent = Value::string("")});
  schema.add({.name = "value", .type = TypeKind::dyn, .absent = Value(), .presence = true});
  environment.add_type("JSONPatch", environment.types().record("JSONPatch"));
}

}  // namespace seawall::cel
