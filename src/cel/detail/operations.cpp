#include "cel/detail/operations.h"

#include <cmath>

#include "cel/detail/accept.h"
#include "cel/detail/cost_rules.h"
#include "cel/message.h"

namespace seawall::cel::detail {

Value Operations::fail(ErrorCode code, std::string_view first, std::string_view second) noexcept {
  auto* memory = static_cast<char*>(arena_.allocate(first.size() + second.size()));
  if (!memory) return call_.out_of_memory();
  first.copy(memory, first.size());
  second.copy(memory + first.size(), second.size());
  auto* failure = arena_.make(Failure{code, {memory, first.size() + second.size()}});
  return failure ? Value::error(failure) : call_.out_of_memory();
}

Value Operations::no_overload(std::string_view function, std::span<const Value> arguments) {
  std::string message = "no such overload: ";
  message += function;
  const char* separator = "(";
  for (const auto& argument : arguments) {
    message += separator;
    message += type_of(argument).name();
    separator = ", ";
  }
  return fail(ErrorCode::no_such_overload, message, ")");
}

// --- Fields ---------------------------------------------------------------------------------------------------------

static const Field* field_by_name(const Schemas* schemas, const Value& record, std::string_view name) noexcept {
  const auto& schema = *record.as_record().schema;
  return schemas ? find_field(*schemas, schema, name) : schema.find(name);
}

Value Operations::record_field(const Value& operand, const Field& field) noexcept {
  if (operand.is(Kind::record)) return read_field(operand, field);
  return select(operand, codec::Key(field.name));
}

Value Operations::has_record_field(const Value& operand, const Field& field) noexcept {
  if (operand.is(Kind::record)) return Value::boolean(has_field(operand, field));
  return has(operand, codec::Key(field.name));
}

const Value* Operations::look(const Value& operand, const codec::Key& key, Value& scratch, Value& error) noexcept {
  switch (operand.kind()) {
    case Kind::map:
      return operand.find(key, scratch);
    case Kind::record: {
      const auto* field = field_by_name(schemas_, operand, key.text);
      if (!field) {
        error = fail(ErrorCode::no_such_field, "no such field: ", key.text);
        return nullptr;
      }
      if (!has_field(operand, *field)) return nullptr;
      scratch = read_field(operand, *field);
      return &scratch;
    }
    case Kind::optional:
      return operand.as_optional() ? look(*operand.as_optional(), key, scratch, error) : nullptr;
    default:
      if (operand.is(Kind::list) || bad_presence_ == BadPresence::error) error = no_overload(key.text, {&operand, 1});
      return nullptr;
  }
}

// What can have fields or elements; asking anything else for one is an error, asking whether it has one is not.
static bool has_parts(const Value& value) noexcept {
  return value.is(Kind::map) || value.is(Kind::record) || value.is(Kind::list) || value.is(Kind::optional);
}

Value Operations::select(const Value& operand, const codec::Key& key) noexcept {
  // A field of an optional is optional; one that a message leaves unset has its default.
  if (operand.is(Kind::optional)) return optional_select(operand, key);
  if (operand.is(Kind::record)) {
    if (const auto* field = field_by_name(schemas_, operand, key.text)) return read_field(operand, *field);
  }
  Value scratch, error;
  const auto* found = look(operand, key, scratch, error);
  if (error.is_error()) return error;
  if (found) return *found;
  return has_parts(operand) ? fail(ErrorCode::no_such_key, "no such key: ", key.text)
                            : no_overload(key.text, {&operand, 1});
}

Value Operations::has(const Value& operand, const codec::Key& key) noexcept {
  Value scratch, error;
  const auto* found = look(operand, key, scratch, error);
  return error.is_error() ? error : Value::boolean(found != nullptr);
}

Value Operations::optional_select(const Value& operand, const codec::Key& key) noexcept {
  Value scratch, error;
  const auto* found = look(operand, key, scratch, error);
  if (error.is_error()) return error;
  return found ? call_.optional(*found) : Value::optional_none();
}

// --- Elements -------------------------------------------------------------------------------------------------------

// 1, 1u and 1.0 are the same index.
static std::optional<std::int64_t> as_index(const Value& key) noexcept {
  if (key.is(Kind::integer)) return key.as_integer();
  if (key.is(Kind::unsigned_integer))
    return key.as_unsigned() <= INT64_MAX ? std::optional(key.as_integer()) : std::optional<std::int64_t>(-1);
  if (!key.is(Kind::floating)) return std::nullopt;
  double at = key.as_floating();
  if (!(std::abs(at) < 9e15) || at != std::floor(at)) return std::nullopt;
  return static_cast<std::int64_t>(at);
}

Value Operations::index(const Value& operand, const Value& key) noexcept {
  if (operand.is(Kind::optional)) return optional_index(operand, key);
  if (operand.is(Kind::map)) {
    if (auto found = operand.find(key)) return *found;
    return fail(ErrorCode::no_such_key, "no such key: ", text(key));
  }
  if (!operand.is(Kind::list)) {
    Value both[] = {operand, key};
    return no_overload("_[_]", both);
  }
  auto at = as_index(key);
  if (!at) return fail(ErrorCode::bad_argument, "not an index: ", text(key));
  if (*at < 0 || static_cast<std::uint64_t>(*at) >= operand.size())
    return fail(ErrorCode::out_of_range, "index out of bounds: ", text(key));
  return operand.item(static_cast<std::size_t>(*at));
}

Value Operations::optional_index(const Value& operand, const Value& key) noexcept {
  if (operand.is(Kind::optional)) {
    if (!operand.as_optional()) return operand;
    return optional_index(*operand.as_optional(), key);
  }
  if (!has_parts(operand) && bad_presence_ == BadPresence::absent) return Value::optional_none();
  auto found = index(operand, key);
  if (!found.is_error()) return call_.optional(found);
  auto code = found.as_error().code;
  bool missing = code == ErrorCode::no_such_key || code == ErrorCode::out_of_range;
  return missing ? Value::optional_none() : found;
}

// --- Functions ------------------------------------------------------------------------------------------------------

// Of lists the first element tells, as cel-go has it.
static bool fits_inside(Type parameter, const Value& value) noexcept {
  if (!accepts(parameter, value)) return false;
  bool has_elements = parameter.is(TypeKind::list) && value.size() > 0;
  return !has_elements || fits_inside(parameter.parameter(0), value.item(0));
}

bool fits(const Overload& overload, std::span<const Value> arguments) noexcept {
  if (overload.parameters.size() != arguments.size()) return false;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (!(overload.looks_inside ? fits_inside : accepts)(overload.parameters[i], arguments[i])) return false;
  return true;
}

static bool has_kinds(const CallSite& site, std::span<const Value> arguments) noexcept {
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if ((site.tested >> i & 1) != 0 && arguments[i].kind() != site.kinds[i]) return false;
  return true;
}

const Overload* Operations::chosen(const CallSite& site, std::span<const Value> arguments) noexcept {
  if (site.only) return has_kinds(site, arguments) ? site.only : nullptr;
  for (const auto* overload : site.overloads)
    if (fits(*overload, arguments)) return overload->run ? overload : nullptr;
  return nullptr;
}

Value Operations::call_function(const CallSite& site, const Overload& overload, std::span<const Value> arguments) {
  // What was prepared of constant arguments is the first overload's.
  bool prepared = site.prepared && &overload == site.overloads[0];
  call_.set_prepared(prepared ? site.prepared.get() : overload.bound.get());
  return overload.run(call_, arguments);
}

static bool decides(Opcode op, std::strong_ordering found) noexcept {
  switch (op) {
    case Opcode::less:
      return found < 0;
    case Opcode::less_equal:
      return found <= 0;
    case Opcode::greater:
      return found > 0;
    default:
      return found >= 0;
  }
}

Value Operations::compare(Opcode op, const Value& a, const Value& b, std::string_view function) {
  if (a.is(Kind::integer) && b.is(Kind::integer)) return Value::boolean(decides(op, a.as_integer() <=> b.as_integer()));
  if (auto found = order(a, b)) return Value::boolean(decides(op, *found));
  if (unordered(a, b)) return Value::boolean(false);
  Value both[] = {a, b};
  return no_overload(function, both);
}

Value Operations::contains(const Value& a, const Value& b) {
  if (b.is(Kind::map)) return Value::boolean(b.find(a).has_value());
  if (!b.is(Kind::list)) {
    Value both[] = {a, b};
    return no_overload("@in", both);
  }
  for (std::size_t i = 0; i < b.size(); ++i)
    if (equal(a, b.item(i))) return Value::boolean(true);
  return Value::boolean(false);
}

// --- Lists, maps, records -------------------------------------------------------------------------------------------

static bool is_optional_element(const std::uint64_t* bits, std::size_t index) noexcept {
  return bits && (bits[index / 64] >> (index % 64) & 1) != 0;
}

Value Operations::make_list(std::span<const Value> items, const std::uint64_t* optional) noexcept {
  auto* kept = arena_.array<Value>(items.size());
  if (!kept) return call_.out_of_memory();
  std::size_t count = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!is_optional_element(optional, i)) {
      kept[count++] = items[i];
      continue;
    }
    if (!items[i].is(Kind::optional)) return no_overload("[?_]", items.subspan(i, 1));
    if (const auto* held = items[i].as_optional()) kept[count++] = *held;
  }
  return Value::list(kept, count);
}

static bool is_key(const Value& key) noexcept {
  return key.is(Kind::string) || key.is(Kind::integer) || key.is(Kind::unsigned_integer) || key.is(Kind::boolean);
}

Value Operations::add_entry(MapBuilder& builder, const Value& key, const Value& value) {
  if (!is_key(key)) return fail(ErrorCode::unsupported_key, "unsupported key type: ", type_of(key).name());
  switch (builder.add(key, value)) {
    case MapBuilder::Added::yes:
      return {};
    case MapBuilder::Added::duplicate:
      return fail(ErrorCode::duplicate_key, "duplicate key: ", text(key));
    case MapBuilder::Added::out_of_memory:
      break;
  }
  return call_.out_of_memory();
}

Value Operations::make_map(std::span<const Value> given, const std::uint64_t* optional) noexcept {
  MapBuilder builder(arena_, given.size() / 2);
  for (std::size_t i = 0; i < given.size() / 2; ++i) {
    auto value = given[2 * i + 1];
    if (is_optional_element(optional, i)) {
      if (!value.is(Kind::optional)) return no_overload("{?_: _}", {&value, 1});
      if (!value.as_optional()) continue;
      value = *value.as_optional();
    }
    auto wrong = add_entry(builder, given[2 * i], value);
    if (wrong.is_error()) return wrong;
  }
  return builder.finish().value_or(call_.out_of_memory());
}

Value Operations::make_record(const RecordSite& site, std::span<const Value> values) {
  std::vector<FieldInit> fields;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto value = values[i];
    if (site.optional[i]) {
      if (!value.is(Kind::optional)) return no_overload("{?field: _}", {&value, 1});
      if (!value.as_optional()) continue;
      value = *value.as_optional();
    }
    if (!site.fields[i]) return fail(ErrorCode::no_such_field, "no such field in ", site.schema->name());
    fields.push_back({site.fields[i], value});
  }
  return cel::make_record(call_, *site.schemas, *site.schema, fields);
}

Value Operations::append(const Value& value, std::span<const Value> values) noexcept {
  auto& growing = growing_of(value);
  if (growing.size + values.size() > growing.capacity) {
    auto capacity = std::max<std::size_t>(8, growing.capacity * std::size_t{2});
    auto* moved = arena_.array<Value>(capacity);
    if (!moved) return call_.out_of_memory();
    std::copy_n(growing.values, growing.size, moved);
    growing.values = moved;
    growing.capacity = static_cast<std::uint32_t>(capacity);
  }
  for (const auto& each : values) growing.values[growing.size++] = each;
  return {};
}

Value Operations::built_list(const Value& value) noexcept {
  const auto& growing = growing_of(value);
  return Value::list(growing.values, growing.size);
}

Value Operations::insert_entries(const Value& growing, const Value& map) noexcept {
  if (!map.is(Kind::map)) return no_overload("transformMapEntry", {&map, 1});
  for (std::size_t i = 0; i < map.size(); ++i) {
    auto entry = map.entry(i);
    Value both[] = {entry.key, entry.value};
    auto wrong = append(growing, both);
    if (wrong.is_error()) return wrong;
  }
  return {};
}

Value Operations::built_map(const Value& value) noexcept {
  const auto& growing = growing_of(value);
  MapBuilder builder(arena_, growing.size / 2);
  for (std::size_t i = 0; i + 1 < growing.size; i += 2) {
    auto wrong = add_entry(builder, growing.values[i], growing.values[i + 1]);
    if (wrong.is_error()) return wrong;
  }
  return builder.finish().value_or(call_.out_of_memory());
}

}  // namespace seawall::cel::detail
