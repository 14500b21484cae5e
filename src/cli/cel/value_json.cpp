#include "cli/cel/value_json.h"

#include <cmath>
#include <unordered_set>

#include "base/text.h"
#include "cel/message.h"
#include "cel/schema.h"
#include "codec/base64.h"

namespace seawall::cli {
namespace {

using cel::Kind;
using cel::Value;

// Values may share their parts and be larger, written out, than any memory.
constexpr std::size_t largest = std::size_t{64} << 20;
constexpr unsigned deepest = 500;

class Writer {
 public:
  explicit Writer(codec::JsonWriter& to) : to_(to) {}

  Result<> write(const Value& value, unsigned depth) {
    SW_TRY(count(value));
    if (depth > deepest) return fail(Code::exhausted, "the value is nested too deeply for JSON");
    switch (value.kind()) {
      case Kind::list:
        return list(value, depth + 1);
      case Kind::map:
        return map(value, depth + 1);
      case Kind::record:
        return record(value, depth + 1);
      case Kind::optional:
        return write(value.as_optional() ? *value.as_optional() : Value(), depth + 1);
      default:
        scalar(value);
        return {};
    }
  }

 private:
  Result<> count(const Value& value) {
    written_ += value.is(Kind::string) || value.is(Kind::bytes) ? value.as_text().size() + 8 : 8;
    if (written_ > largest)
      return fail(Code::exhausted, "the value is longer than " + human_size(largest) + " as JSON");
    return {};
  }

  void scalar(const Value& value) {
    switch (value.kind()) {
      case Kind::null:
        to_.null();
        break;
      case Kind::boolean:
        to_.boolean(value.as_boolean());
        break;
      case Kind::integer:
        to_.integer(value.as_integer());
        break;
      case Kind::unsigned_integer:
        to_.unsigned_integer(value.as_unsigned());
        break;
      case Kind::floating:
        floating(value);
        break;
      case Kind::string:
        to_.text(value.as_text());
        break;
      case Kind::bytes:
        to_.text(codec::to_base64(value.as_text()));
        break;
      case Kind::timestamp:
      case Kind::duration:
        to_.text(cel::moment_text(value));
        break;
      default:
        to_.text(cel::text(value));
    }
  }

  void floating(const Value& value) {
    if (std::isfinite(value.as_floating()))
      to_.number(value.as_floating());
    else
      to_.text(cel::text(value));
  }

  Result<> list(const Value& value, unsigned depth) {
    to_.begin_array();
    for (std::size_t i = 0; i < value.size(); ++i) SW_TRY(write(value.item(i), depth));
    to_.end_array();
    return {};
  }

  Result<> map(const Value& value, unsigned depth) {
    std::unordered_set<std::string, TextHash> seen;
    to_.begin_object();
    for (std::size_t i = 0; i < value.size(); ++i) {
      auto [key, content] = value.entry(i);
      SW_TRY(count(key));
      auto name = key.is(Kind::string) ? std::string(key.as_text()) : cel::text(key);
      // 1 and "1" are two keys here and one there.
      if (!seen.insert(name).second) return fail(Code::invalid, "two keys of a map are both \"" + name + "\" in JSON");
      to_.key(name);
      SW_TRY(write(content, depth));
    }
    to_.end_object();
    return {};
  }

  Result<> record(const Value& value, unsigned depth) {
    to_.begin_object();
    for (const auto& field : value.as_record().schema->fields()) {
      if (!cel::has_field(value, field)) continue;
      to_.key(field.name);
      SW_TRY(write(cel::read_field(value, field), depth));
    }
    to_.end_object();
    return {};
  }

  codec::JsonWriter& to_;
  std::size_t written_ = 0;
};

}  // namespace

Result<> write_json(codec::JsonWriter& to, const Value& value) { return Writer(to).write(value, 0); }

}  // namespace seawall::cli
