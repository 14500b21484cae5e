#include "codec/json.h"

// A misuse ends the process in all builds.
#define RAPIDJSON_ASSERT(condition) SW_CHECK(condition)
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <variant>

#include "base/text.h"
#include "codec/detail/builder.h"

namespace seawall::codec {

struct JsonWriter::Impl {
  using Compact = rapidjson::Writer<rapidjson::StringBuffer>;
  using Pretty = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

  explicit Impl(Style style) {
    if (style == Style::pretty)
      writer.emplace<Pretty>(buffer).SetIndent(' ', 2);
    else
      writer.emplace<Compact>(buffer);
  }
  template <class Action>
  void with(Action&& action) {
    if (auto* compact = std::get_if<Compact>(&writer))
      action(*compact);
    else
      action(std::get<Pretty>(writer));
  }

  rapidjson::StringBuffer buffer;
  std::variant<std::monostate, Compact, Pretty> writer;
};

JsonWriter::JsonWriter(Style style) : impl_(std::make_unique<Impl>(style)) {}
JsonWriter::JsonWriter(JsonWriter&&) noexcept = default;
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::begin_object() {
  impl_->with([](auto& w) { w.StartObject(); });
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  impl_->with([](auto& w) { w.EndObject(); });
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  impl_->with([](auto& w) { w.StartArray(); });
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  impl_->with([](auto& w) { w.EndArray(); });
  return *this;
}

// Keys are strings to the writer: it checks itself that they stand where a key belongs.
JsonWriter& JsonWriter::key(std::string_view name) { return text(name); }

JsonWriter& JsonWriter::text(std::string_view content) {
  auto put = [this](std::string_view clean) {
    impl_->with([&](auto& w) { w.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size())); });
  };
  if (content.empty())
    put("");
  else if (is_utf8(content))
    put(content);
  else
    put(to_utf8(content));
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  impl_->with([&](auto& w) { w.Int64(value); });
  return *this;
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t value) {
  impl_->with([&](auto& w) { w.Uint64(value); });
  return *this;
}

// JSON has no infinities.
JsonWriter& JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  impl_->with([&](auto& w) { w.Double(value); });
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  impl_->with([&](auto& w) { w.Bool(value); });
  return *this;
}

JsonWriter& JsonWriter::null() {
  impl_->with([](auto& w) { w.Null(); });
  return *this;
}

JsonWriter& JsonWriter::value(Value value) {
  switch (value.kind()) {
    case Kind::null:
      return null();
    case Kind::boolean:
      return boolean(*value.boolean());
    case Kind::text:
      return text(value.text());
    case Kind::integer:
      return integer(*value.integer());
    case Kind::number: {
      // As written where that is JSON: digits beyond a double stay.
      auto written = value.scalar();
      if (!detail::is_json_number(written)) return number(*value.number());
      impl_->with([&](auto& w) { w.RawValue(written.data(), written.size(), rapidjson::kNumberType); });
      return *this;
    }
    case Kind::array:
      begin_array();
      for (auto item : value.items()) this->value(item);
      return end_array();
    case Kind::object:
      begin_object();
      for (auto member : value.members()) key(member.key).value(member.value);
      return end_object();
  }
  return *this;
}

std::string JsonWriter::take() {
  impl_->with([](auto& w) { SW_CHECK(w.IsComplete()); });
  std::string out;
  out.reserve(impl_->buffer.GetSize() + 1);  // most callers end the text with a line break
  out.append(impl_->buffer.GetString(), impl_->buffer.GetSize());
  impl_->buffer.Clear();
  impl_->with([&](auto& w) { w.Reset(impl_->buffer); });
  return out;
}

}  // namespace seawall::codec
