// Values as JSON has them (Protocol Buffers, "ProtoJSON Format").
#include <string>

#include "cel/detail/record_builder.h"
#include "cel/message.h"
#include "codec/base64.h"

namespace seawall::cel {
namespace {

constexpr unsigned deepest = 200;
constexpr std::int64_t largest_exact = (std::int64_t{1} << 53) - 1;  // a double holds every integer up to it

class JsonMaker {
 public:
  explicit JsonMaker(Call& call) : call_(call) {}

  Value make(const Value& value, unsigned depth) {
    if (depth > deepest) return call_.fail(ErrorCode::bad_argument, "nested too deep for JSON");
    switch (value.kind()) {
      case Kind::null:
      case Kind::boolean:
      case Kind::floating:
      case Kind::string:
        return value;
      case Kind::integer:
        return integer(value.as_integer());
      case Kind::unsigned_integer:
        return value.as_unsigned() <= largest_exact ? Value::floating(static_cast<double>(value.as_unsigned()))
                                                    : call_.string(std::to_string(value.as_unsigned()));
      case Kind::bytes:
        return call_.string(codec::to_base64(value.as_text()));
      case Kind::timestamp:
      case Kind::duration:
        return call_.string(moment_text(value));
      case Kind::list:
        return list(value, depth + 1);
      case Kind::map:
        return map(value, depth + 1);
      case Kind::record:
        return record(value.as_record(), depth + 1);
      default:
        return call_.fail(ErrorCode::bad_argument, "no JSON form of " + std::string(type_of(value).name()));
    }
  }

 private:
  Value integer(std::int64_t number) {
    if (number >= -largest_exact && number <= largest_exact) return Value::floating(static_cast<double>(number));
    return call_.string(std::to_string(number));
  }

  Value list(const Value& value, unsigned depth) {
    auto* items = call_.arena().array<Value>(value.size());
    if (items == nullptr) return call_.out_of_memory();
    for (std::size_t i = 0; i < value.size(); ++i) {
      items[i] = make(value.item(i), depth);
      if (items[i].is_error()) return items[i];
    }
    return Value::list(items, value.size());
  }

  Value map(const Value& value, unsigned depth) {
    MapBuilder made(call_.arena(), value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
      auto [key, content] = value.entry(i);
      if (!key.is(Kind::string)) return call_.fail(ErrorCode::unsupported_key, "bad key type: JSON has texts only");
      auto failure = add(made, key, content, depth);
      if (failure.is_error()) return failure;
    }
    return finish(made);
  }

  Value record(const RecordNode& record, unsigned depth) {
    if (record.schema->name() == "google.protobuf.FieldMask") return paths(record);
    const auto& fields = record.schema->fields();
    MapBuilder made(call_.arena(), fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!detail::is_present(record, i)) continue;
      auto name = call_.string(camel_case(fields[i].name));
      if (name.is_error()) return name;
      auto failure = add(made, name, number_as_text(fields[i], record.fields[i]), depth);
      if (failure.is_error()) return failure;
    }
    return finish(made);
  }

  // 64-bit fields of a message are texts, however small.
  Value number_as_text(const Field& field, const Value& value) {
    bool wide = value.is(Kind::integer) || value.is(Kind::unsigned_integer);
    switch (field.wire) {
      case Wire::int64:
      case Wire::sint64:
      case Wire::sfixed64:
        return wide ? call_.string(std::to_string(value.as_integer())) : value;
      case Wire::uint64:
      case Wire::fixed64:
        return wide ? call_.string(std::to_string(value.as_unsigned())) : value;
      default:
        return value;
    }
  }

  // A FieldMask is its paths in one text.
  Value paths(const RecordNode& record) {
    std::string joined;
    for (std::size_t i = 0; !record.schema->fields().empty() && i < record.fields[0].size(); ++i) {
      if (i > 0) joined += ',';
      joined += camel_case(record.fields[0].item(i).as_text());
    }
    return call_.string(joined);
  }

  static std::string camel_case(std::string_view name) {
    std::string out;
    bool raise = false;
    for (char c : name) {
      if (c == '_') {
        raise = true;
        continue;
      }
      out += raise && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      raise = false;
    }
    return out;
  }

  Value add(MapBuilder& made, const Value& key, const Value& content, unsigned depth) {
    auto value = make(content, depth);
    if (value.is_error()) return value;
    return made.set(key, value) == MapBuilder::Added::out_of_memory ? call_.out_of_memory() : Value();
  }

  Value finish(MapBuilder& made) {
    auto map = made.finish();
    return map ? *map : call_.out_of_memory();
  }

  Call& call_;
};

}  // namespace

Value json_value(Call& call, const Value& value) { return JsonMaker(call).make(value, 0); }

}  // namespace seawall::cel
