// Kubernetes' URL library.
#include <algorithm>

#include "cel/detail/library.h"
#include "cel/detail/url.h"

namespace seawall::cel {

namespace library {

namespace {

struct UrlNode : OpaqueNode {
  Url url;
};
const Url& url_in(const OpaqueNode& node) { return static_cast<const UrlNode&>(node).url; }
const Url& url_in(const Value& value) { return url_in(value.as_opaque()); }

std::string print(const OpaqueNode& node) {
  auto& url = url_in(node);
  std::string out = "url(\"";
  if (!url.scheme.empty()) (out += url.scheme) += ':';
  out += url.opaque;
  if (!url.host.empty() || !url.user.empty()) out += "//";
  if (!url.user.empty()) (out += url.user) += '@';
  (out += url.host) += url.path;
  if (url.has_query) (out += '?') += url.query;
  if (!url.fragment.empty()) (out += '#') += url.fragment;
  return out + "\")";
}

constexpr OpaqueKind url_kind{
    .type_name = "kubernetes.URL",
    .equal = [](const OpaqueNode& left, const OpaqueNode& right) noexcept { return url_in(left) == url_in(right); },
    .print = print,
};

Value of_string(Call& call, Arguments arguments) {
  auto read = read_url(arguments[0].as_text(), call.arena());
  if (read.out_of_memory) return call.out_of_memory();
  if (read.error != nullptr)
    return call.fail(ErrorCode::bad_argument,
                     std::string("URL parse error during conversion from string: ") + read.error);
  return make_opaque(call, UrlNode{{&url_kind}, read.url});
}
Value is_url(Call& call, Arguments arguments) {
  auto read = read_request_target(arguments[0].as_text(), call.arena());
  return read.out_of_memory ? call.out_of_memory() : Value::boolean(read.error == nullptr);
}

Value scheme(Call&, Arguments arguments) { return Value::string(url_in(arguments[0]).scheme); }
Value host(Call&, Arguments arguments) { return Value::string(url_in(arguments[0]).host); }
Value hostname(Call&, Arguments arguments) { return Value::string(url_in(arguments[0]).hostname()); }
Value port(Call&, Arguments arguments) { return Value::string(url_in(arguments[0]).port()); }
Value escaped_path(Call&, Arguments arguments) { return Value::string(url_in(arguments[0]).path); }

// --- Query: name -> values ---

struct Parameter {
  std::string_view name;
  Value value;
  std::size_t place;
};

// Parts that are no pair of escaped texts do not count.
bool read_parameter(std::string_view part, Arena& arena, Parameter& parameter, bool& out_of_memory) {
  if (part.empty() || part.find(';') != std::string_view::npos) return false;
  auto equals = std::min(part.find('='), part.size());
  auto name = unescape(part.substr(0, equals), Plus::space, arena);
  auto value = unescape(part.substr(std::min(equals + 1, part.size())), Plus::space, arena);
  if (!name || !value) return false;
  out_of_memory = out_of_memory || name->data() == nullptr || value->data() == nullptr;
  parameter.name = *name;
  parameter.value = Value::string(*value);
  return true;
}

// One entry a name, with its values in their order; the parameters stand sorted.
Value grouped(Call& call, std::span<const Parameter> parameters) {
  auto* values = call.arena().array<Value>(parameters.size());
  if (values == nullptr) return call.out_of_memory();
  MapBuilder map(call.arena(), parameters.size());
  for (std::size_t begin = 0, end = 0; begin < parameters.size(); begin = end) {
    while (end < parameters.size() && parameters[end].name == parameters[begin].name) {
      values[end] = parameters[end].value;
      ++end;
    }
    if (map.add(Value::string(parameters[begin].name), Value::list(values + begin, end - begin)) ==
        MapBuilder::Added::out_of_memory)
      return call.out_of_memory();
  }
  auto made = map.finish();
  return made ? *made : call.out_of_memory();
}

Value query(Call& call, Arguments arguments) {
  auto rest = url_in(arguments[0]).query;
  auto* parameters = call.arena().array<Parameter>(static_cast<std::size_t>(std::ranges::count(rest, '&')) + 1);
  if (parameters == nullptr) return call.out_of_memory();
  std::size_t count = 0;
  bool out_of_memory = false;
  while (!rest.empty() && !out_of_memory) {
    auto part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    parameters[count].place = count;
    if (read_parameter(part, call.arena(), parameters[count], out_of_memory)) ++count;
  }
  if (out_of_memory) return call.out_of_memory();
  std::sort(parameters, parameters + count, [](const Parameter& left, const Parameter& right) {
    return left.name != right.name ? left.name < right.name : left.place < right.place;
  });
  return grouped(call, {parameters, count});
}

constexpr Declaration functions[] = {
    {"string_to_url", "url(string) -> kubernetes.URL", of_string, cost::scan_first},
    {"is_url_string", "isURL(string) -> bool", is_url},
    {"url_get_scheme", "<kubernetes.URL>.getScheme() -> string", scheme},
    {"url_get_host", "<kubernetes.URL>.getHost() -> string", host},
    {"url_get_hostname", "<kubernetes.URL>.getHostname() -> string", hostname},
    {"url_get_port", "<kubernetes.URL>.getPort() -> string", port},
    {"url_get_escaped_path", "<kubernetes.URL>.getEscapedPath() -> string", escaped_path},
    {"url_get_query", "<kubernetes.URL>.getQuery() -> map(string, list(string))", query},
};

}  // namespace

}  // namespace library

void add_urls(Environment& environment) {
  library::add_opaque_type(environment, library::url_kind.type_name);
  library::declare(environment, library::functions);
}

}  // namespace seawall::cel
