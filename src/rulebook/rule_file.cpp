#include "rulebook/rule_file.h"

#include <algorithm>

#include "base/text.h"
#include "codec/json.h"

namespace seawall::rulebook {

namespace {

constexpr codec::Limits limits{.bytes = std::size_t{4} << 20, .nodes = 200'000, .depth = 64};

std::string_view called(codec::Kind kind) {
  switch (kind) {
    case codec::Kind::null:
      return "nothing";
    case codec::Kind::boolean:
      return "true or false";
    case codec::Kind::integer:
    case codec::Kind::number:
      return "a number";
    case codec::Kind::text:
      return "text";
    case codec::Kind::array:
      return "a list";
    case codec::Kind::object:
      return "a mapping";
  }
  return "something else";
}

// JSON, as the shipped rules are packed, is read several times as fast as YAML, which it is as well.
codec::PlacedDocuments read_part(std::string_view text, codec::TextRange part) {
  if (text.substr(part.begin, part.end - part.begin).starts_with('{'))
    if (auto json = codec::read_json_placed(text, part, limits)) return json;
  return codec::read_yaml_placed(text, part, codec::YamlWords::core, limits);
}

}  // namespace

bool is_rule_id(std::string_view id) noexcept {
  auto plain = [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '.' || c == '/'; };
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, plain) && id.front() != '/' && id.back() != '/';
}

std::string RulePlace::text() const {
  return line == 0 ? file : file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

RuleFile::RuleFile(std::string name, std::string text, std::vector<Mistake>& mistakes)
    : name_(std::move(name)), text_(std::move(text)), mistakes_(mistakes) {
  codec::YamlParts parts(text_);
  while (auto part = parts.next()) {
    auto read = read_part(text_, *part);
    if (!read) {
      report(read.error().offset, read.error().error.what);
      continue;
    }
    for (auto& document : *read) {
      if (document.root().kind() == codec::Kind::null) continue;
      documents_.push_back(std::move(document));
      parts_.push_back(*part);
    }
  }
}

std::string_view RuleFile::text_of(std::size_t document) const {
  auto part = parts_[document];
  auto text = std::string_view(text_).substr(part.begin, part.end - part.begin);
  if (text.starts_with("---")) text.remove_prefix(std::min(text.size(), text.find('\n') + 1));
  return text;
}

RulePlace RuleFile::place(std::size_t offset) const {
  auto before = std::string_view(text_).substr(0, std::min(offset, text_.size()));
  auto line_start = before.rfind('\n');
  auto column = before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1;
  return {name_, static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1, column};
}

Fields::Fields(RuleFile& file, const codec::PlacedDocument& document, codec::Value value, std::size_t around)
    : file_(file), document_(document), value_(value), around_(around) {
  if (value_ && !value_.is_object()) {
    file_.report(around_, "expected a mapping, found " + std::string(called(value_.kind())));
    value_ = {};
  }
}

std::optional<Fields::Found> Fields::find(std::string_view key) {
  known_.emplace(key);
  std::size_t position = 0;
  for (auto member : value_.members()) {
    if (member.key == key) return Found{member.value, document_.place_of(value_, position).value.begin};
    ++position;
  }
  return std::nullopt;
}

std::optional<Fields::Found> Fields::find(std::string_view key, codec::Kind wanted, std::string_view what) {
  auto found = find(key);
  if (!found || found->value.kind() == codec::Kind::null) return std::nullopt;
  if (found->value.kind() == wanted) return found;
  file_.report(found->offset, std::string(key) + ": expected " + std::string(what) + ", found " +
                                  std::string(called(found->value.kind())));
  return std::nullopt;
}

bool Fields::has(std::string_view key) const { return value_.has(codec::Key(key)); }

RulePlace Fields::where(std::string_view key) const {
  std::size_t position = 0;
  for (auto member : value_.members()) {
    if (member.key == key) return file_.place(document_.place_of(value_, position).value.begin);
    ++position;
  }
  return where();
}

void Fields::report(std::string_view key, std::string what) {
  auto found = find(key);
  file_.report(found ? found->offset : around_, std::string(key) + ": " + std::move(what));
}

std::string Fields::required_text(std::string_view key) {
  auto content = text(key);
  if (content.empty() && (!has(key) || value_[key].is_text())) report(key, "is missing");
  return content;
}

std::string Fields::text(std::string_view key, std::string_view otherwise) {
  auto found = find(key, codec::Kind::text, "text");
  return std::string(found ? found->value.text() : otherwise);
}

std::string Fields::word(std::string_view key, std::initializer_list<std::string_view> words,
                         std::string_view otherwise) {
  auto content = text(key, otherwise);
  if (std::ranges::find(words, content) != words.end()) return content;
  std::string choices;
  for (auto each : words) choices += (choices.empty() ? "" : ", ") + std::string(each);
  report(key, "'" + content + "' is none of " + choices);
  return std::string(otherwise);
}

bool Fields::boolean(std::string_view key, bool otherwise) {
  auto found = find(key, codec::Kind::boolean, "true or false");
  return found ? found->value.boolean().value_or(otherwise) : otherwise;
}

std::vector<std::string> Fields::texts(std::string_view key) {
  std::vector<std::string> all;
  auto found = find(key, codec::Kind::array, "a list");
  if (!found) return all;
  std::size_t position = 0;
  for (auto item : found->value.items()) {
    if (item.is_text())
      all.emplace_back(item.text());
    else
      file_.report(document_.place_of(found->value, position).value.begin,
                   std::string(key) + ": expected text, found " + std::string(called(item.kind())));
    ++position;
  }
  return all;
}

Expression Fields::expression(std::string_view key) {
  auto found = find(key, codec::Kind::text, "an expression");
  if (!found) return {};
  return {std::string(found->value.text()), file_.place(found->offset)};
}

Fields Fields::below(std::string_view key) {
  auto found = find(key);
  return {file_, document_, found ? found->value : codec::Value(), found ? found->offset : around_};
}

std::vector<Fields> Fields::each(std::string_view key) {
  std::vector<Fields> all;
  auto found = find(key, codec::Kind::array, "a list");
  if (!found) return all;
  for (std::size_t i = 0; i < found->value.size(); ++i)
    all.emplace_back(file_, document_, found->value.at(i), document_.place_of(found->value, i).value.begin);
  return all;
}

codec::Value Fields::any(std::string_view key) {
  auto found = find(key);
  return found ? found->value : codec::Value();
}

std::string Fields::json(std::string_view key) {
  if (!has(key)) return {};
  return codec::JsonWriter().value(any(key)).take();
}

void Fields::finish() {
  std::size_t position = 0;
  for (auto member : value_.members()) {
    if (!known_.contains(member.key))
      file_.report(document_.place_of(value_, position).key.begin, "unknown key '" + std::string(member.key) + "'");
    ++position;
  }
}

RuleHeader read_header(Fields& metadata, Fields& spec) {
  RuleHeader header;
  header.id = metadata.required_text("name");
  header.where = metadata.where("name");
  if (!header.id.empty() && !is_rule_id(header.id))
    metadata.report("name", "'" + header.id + "' is no id: lower case letters, digits, '-', '.' and '/'");
  header.title = spec.required_text("title");
  header.description = spec.text("description");
  header.remedy = spec.text("remedy");
  auto severity = spec.word("severity", {"low", "medium", "high", "critical"}, "medium");
  header.severity = model::severity_from(severity).value_or(model::Severity::medium);
  header.known_as = spec.texts("knownAs");
  header.sets = spec.texts("sets");
  header.references = spec.texts("references");
  header.constraint_kind = spec.text("constraintKind");
  return header;
}

}  // namespace seawall::rulebook
