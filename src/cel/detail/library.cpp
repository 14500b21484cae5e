#include "cel/detail/library.h"

#include <algorithm>

namespace seawall::cel::library {

namespace {

struct PlainName {
  std::string_view name;
  TypeKind kind;
};
constexpr PlainName plain_names[] = {
    {"bool", TypeKind::boolean},      {"int", TypeKind::integer},   {"uint", TypeKind::unsigned_integer},
    {"double", TypeKind::floating},   {"string", TypeKind::string}, {"bytes", TypeKind::bytes},
    {"dyn", TypeKind::dyn},           {"null", TypeKind::null},     {"timestamp", TypeKind::timestamp},
    {"duration", TypeKind::duration},
};

// Reads one signature. The tables are ours, so a mistake in them is a broken invariant.
class SignatureReader {
 public:
  SignatureReader(Environment& environment, std::string_view text) : environment_(environment), rest_(text) {}

  struct Signature {
    std::string_view name;
    Style style = Style::global;
    std::vector<Type> parameters;
    Type result;
  };

  Signature read() {
    Signature signature;
    if (take("<")) {
      signature.style = Style::method;
      signature.parameters.push_back(type());
      SW_CHECK(take(">."));
    }
    signature.name = up_to("(");
    if (!take(")")) do
        signature.parameters.push_back(type());
      while (take(", "));
    take(")");
    SW_CHECK(take(" -> "));
    signature.result = type();
    SW_CHECK(rest_.empty());
    return signature;
  }

 private:
  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  std::string_view up_to(std::string_view end) {
    auto at = rest_.find(end);
    SW_CHECK(at != std::string_view::npos);
    auto taken = rest_.substr(0, at);
    rest_.remove_prefix(at + end.size());
    return taken;
  }
  Type inner() {
    auto made = type();
    take(")");
    return made;
  }
  Type type() {
    auto name = rest_.substr(0, rest_.find_first_of("(),> "));
    rest_.remove_prefix(name.size());
    if (take("(")) return composed(name);
    if (name.size() == 1) return environment_.types().parameter(name);
    for (auto& plain : plain_names)
      if (plain.name == name) return plain.kind;
    auto* known = environment_.find_type(name);
    SW_CHECK(known != nullptr);
    return *known;
  }
  Type composed(std::string_view name) {
    auto& types = environment_.types();
    if (name == "list") return types.list(inner());
    if (name == "type") return types.type_of(inner());
    if (name == "optional") return types.optional(inner());
    SW_CHECK(name == "map");
    auto key = type();
    SW_CHECK(take(", "));
    return types.map(key, inner());
  }

  Environment& environment_;
  std::string_view rest_;
};

}  // namespace

void declare(Environment& environment, std::span<const Declaration> declarations) {
  for (auto& declaration : declarations) {
    auto signature = SignatureReader(environment, declaration.signature).read();
    Overload overload{.id = std::string(declaration.id),
                      .parameters = std::move(signature.parameters),
                      .result = signature.result,
                      .run = declaration.run,
                      .cost = declaration.cost,
                      .prepare = declaration.prepare,
                      .looks_inside = declaration.looks_inside,
                      .pure = declaration.pure};
    environment.add_function(signature.name, signature.style, std::move(overload));
  }
}

Type add_opaque_type(Environment& environment, std::string_view name) {
  auto type = environment.types().opaque(name);
  environment.add_type(name, type);
  return type;
}

Value no_such_overload(Call& call, std::string_view name) noexcept {
  std::string message = "no such overload: ";
  message += name;
  return call.fail(ErrorCode::no_such_overload, message);
}

namespace cost {

std::uint64_t size(const Value& value) noexcept {
  switch (value.kind()) {
    case Kind::string:
      return count_code_points(value.as_text());
    case Kind::bytes:
    case Kind::list:
    case Kind::map:
      return value.size();
    case Kind::optional:
      return value.as_optional() ? size(*value.as_optional()) : 1;
    case Kind::opaque: {
      auto& node = value.as_opaque();
      return node.kind->size ? node.kind->size(node) : 1;
    }
    default:
      return 1;
  }
}

std::uint64_t add(std::uint64_t left, std::uint64_t right) noexcept {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(left, right, &sum) ? UINT64_MAX : sum;
}

std::uint64_t multiply(std::uint64_t left, std::uint64_t right) noexcept {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(left, right, &product) ? UINT64_MAX : product;
}

// Values are no deeper than the expression or the document that made them, and both are bounded by their readers;
// the bound here keeps the stack whatever they do.
static std::uint64_t traverse(const Value& value, unsigned depth) noexcept {
  if (depth == 0) return 1;
  switch (value.kind()) {
    case Kind::string:
    case Kind::bytes:
      return static_cast<std::uint64_t>(static_cast<double>(value.size()) * of_character);
    case Kind::list: {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < value.size(); ++i) sum += traverse(value.item(i), depth - 1);
      return sum;
    }
    case Kind::map: {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < value.size(); ++i) {
        auto entry = value.entry(i);
        sum += traverse(entry.key, depth - 1) + traverse(entry.value, depth - 1);
      }
      return sum;
    }
    default:
      return 1;
  }
}

std::uint64_t of_traversal(const Value& value) noexcept { return traverse(value, 512); }

std::uint64_t scan_first(Arguments arguments, const Value&) { return scaled(size(arguments[0]), of_character); }

std::uint64_t scan_first_twice(Arguments arguments, const Value&) {
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(size(arguments[0])) * 2 * of_character));
}

std::uint64_t traverse_first(Arguments arguments, const Value&) { return of_traversal(arguments[0]); }

// One more than the text has: an empty text costs the pattern nevertheless.
std::uint64_t match(Arguments arguments, const Value&) {
  return multiply(scaled(size(arguments[0]) + 1, of_character), scaled(size(arguments[1]), of_pattern_character));
}

}  // namespace cost

}  // namespace seawall::cel::library
