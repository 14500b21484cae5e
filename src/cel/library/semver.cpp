// Kubernetes' semver library, version 1.
#include "cel/detail/semver.h"
#include "cel/detail/library.h"

namespace seawall::cel {

namespace library {

namespace {

struct SemverNode : OpaqueNode {
  Semver version;
};
const Semver& version_in(const OpaqueNode& node) { return static_cast<const SemverNode&>(node).version; }
const Semver& version_in(const Value& value) { return version_in(value.as_opaque()); }

bool same(const OpaqueNode& left, const OpaqueNode& right) noexcept {
  return compare(version_in(left), version_in(right)) == 0;
}
std::string print(const OpaqueNode& node) {
  auto& version = version_in(node);
  auto out = "semver(\"" + std::to_string(version.major) + '.' + std::to_string(version.minor) + '.' +
             std::to_string(version.patch);
  if (!version.pre_release.empty()) (out += '-') += version.pre_release;
  return out + "\")";
}

constexpr OpaqueKind semver_kind{.type_name = "kubernetes.Semver", .equal = same, .print = print};

struct Read {
  std::optional<Semver> version;
  bool out_of_memory = false;
};
Read read(Call& call, Arguments arguments) {
  bool tolerant = arguments.size() > 1 && arguments[1].as_boolean();
  if (!tolerant) return {read_semver(arguments[0].as_text())};
  Read made;
  made.version = read_tolerant_semver(arguments[0].as_text(), call.arena(), made.out_of_memory);
  return made;
}

Value of_string(Call& call, Arguments arguments) {
  auto made = read(call, arguments);
  if (made.out_of_memory) return call.out_of_memory();
  if (!made.version) return call.fail(ErrorCode::bad_argument, "no semantic version");
  return make_opaque(call, SemverNode{{&semver_kind}, *made.version});
}
Value is_semver(Call& call, Arguments arguments) {
  auto made = read(call, arguments);
  return made.out_of_memory ? call.out_of_memory() : Value::boolean(made.version.has_value());
}

template <std::uint64_t Semver::* part>
Value part_of(Call&, Arguments arguments) {
  return Value::integer(static_cast<std::int64_t>(version_in(arguments[0]).*part));
}

std::strong_ordering compare_arguments(Arguments arguments) {
  return compare(version_in(arguments[0]), version_in(arguments[1]));
}
Value is_greater(Call&, Arguments arguments) { return Value::boolean(compare_arguments(arguments) > 0); }
Value is_less(Call&, Arguments arguments) { return Value::boolean(compare_arguments(arguments) < 0); }
Value compare_to(Call&, Arguments arguments) {
  auto found = compare_arguments(arguments);
  return Value::integer(found > 0 ? 1 : found < 0 ? -1 : 0);
}

constexpr Declaration functions[] = {
    {"string_to_semver", "semver(string) -> kubernetes.Semver", of_string, cost::scan_first},
    {"string_bool_to_semver", "semver(string, bool) -> kubernetes.Semver", of_string, cost::scan_first},
    {"is_semver_string", "isSemver(string) -> bool", is_semver, cost::scan_first},
    {"is_semver_string_bool", "isSemver(string, bool) -> bool", is_semver, cost::scan_first},
    {"semver_is_greater_than", "<kubernetes.Semver>.isGreaterThan(kubernetes.Semver) -> bool", is_greater},
    {"semver_is_less_than", "<kubernetes.Semver>.isLessThan(kubernetes.Semver) -> bool", is_less},
    {"semver_compare_to", "<kubernetes.Semver>.compareTo(kubernetes.Semver) -> int", compare_to},
    {"semver_major", "<kubernetes.Semver>.major() -> int", part_of<&Semver::major>},
    {"semver_minor", "<kubernetes.Semver>.minor() -> int", part_of<&Semver::minor>},
    {"semver_patch", "<kubernetes.Semver>.patch() -> int", part_of<&Semver::patch>},
};

}  // namespace

}  // namespace library

void add_semver(Environment& environment) {
  library::add_opaque_type(environment, library::semver_kind.type_name);
  library::declare(environment, library::functions);
}

}  // namespace seawall::cel
