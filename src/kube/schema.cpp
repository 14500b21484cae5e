#include "kube/schema.h"

#include <algorithm>

#include "base/text.h"

namespace seawall::embedded {
std::string_view kubernetes_schemas() noexcept;  // cmake/embed.cmake
}

namespace seawall::kube {

namespace {
constexpr std::size_t most_records = 100'000, most_fields = 1'000'000;
constexpr unsigned deepest_type = 16;  // [[...]]

struct PlainType {
  std::string_view name;
  FieldKind kind;
};
constexpr PlainType plain_types[] = {
    {"any", FieldKind::any},       {"bool", FieldKind::boolean},      {"int", FieldKind::integer},
    {"number", FieldKind::number}, {"string", FieldKind::string},     {"bytes", FieldKind::bytes},
    {"time", FieldKind::time},     {"quantity", FieldKind::quantity}, {"int-or-string", FieldKind::int_or_string},
    {"object", FieldKind::object}, {"duration", FieldKind::duration},
};
}  // namespace

// Reads the lines one after the other; a record may be named before it is described.
class SchemaReader {
 public:
  Result<Schemas> read(std::string_view text);

 private:
  Result<> read_line(std::string_view line);
  Result<> read_kind(const std::vector<std::string_view>& parts);
  Result<> read_field(std::string_view line);
  Result<FieldType> read_type(std::string_view text, unsigned depth = 0);
  Result<> finish() const;

  Schemas made_;
  std::vector<bool> described_;
  std::uint32_t current_ = 0;  // the record whose fields follow
  bool in_record_ = false;
};

Result<FieldType> SchemaReader::read_type(std::string_view text, unsigned depth) {
  if (depth > deepest_type) return fail(Code::exhausted, "a type is nested too deep");
  bool is_list = text.starts_with('[') && text.ends_with(']');
  bool is_map = text.starts_with('{') && text.ends_with('}');
  if (is_list || is_map) {
    auto element = SW_TRY(read_type(text.substr(1, text.size() - 2), depth + 1));
    return made_.compose(is_list ? FieldKind::list : FieldKind::map, element);
  }
  auto* plain = std::ranges::find(plain_types, text, &PlainType::name);
  if (plain != std::end(plain_types)) return FieldType{.kind = plain->kind};
  if (text.find('/') == std::string_view::npos) return fail(Code::corrupt, "no type: " + std::string(text));
  return FieldType{.kind = FieldKind::record, .number = made_.number_of_record(text)};
}

// " name! type"
Result<> SchemaReader::read_field(std::string_view line) {
  auto halves = cut(line, " ");
  if (!in_record_ || !halves || halves->left.empty()) return fail(Code::corrupt, "no field of a type");
  auto name = halves->left;
  bool required = name.ends_with('!');
  if (required) name.remove_suffix(1);
  auto type = SW_TRY(read_type(halves->right));
  made_.fields_.push_back({.name = name, .type = type, .required = required});
  ++made_.records_[current_].field_count;
  return {};
}

// "kind apps/v1 Deployment deployments namespaced apps/v1.Deployment"
Result<> SchemaReader::read_kind(const std::vector<std::string_view>& parts) {
  bool namespaced = parts[4] == "namespaced";
  if (!namespaced && parts[4] != "cluster") return fail(Code::corrupt, "no scope: " + std::string(parts[4]));
  auto halves = cut(parts[1], "/");
  made_.add_kind({.group = halves ? halves->left : std::string_view(),
                  .version = halves ? halves->right : parts[1],
                  .kind = parts[2],
                  .resource = parts[3],
                  .scope = namespaced ? Scope::namespaced : Scope::cluster,
                  .type = SW_TRY(read_type(parts[5]))});
  return {};
}

Result<> SchemaReader::read_line(std::string_view line) {
  if (line.empty() || line.starts_with('#')) return {};
  if (made_.is_full()) return fail(Code::exhausted, "too many types");
  if (line.starts_with(' ')) return read_field(line.substr(1));
  auto parts = split(line, ' ');
  in_record_ = parts[0] == "type" && parts.size() == 2;
  if (in_record_) {
    current_ = made_.number_of_record(parts[1]);
    described_.resize(made_.records_.size());
    if (described_[current_]) return fail(Code::corrupt, "a second " + std::string(line));
    described_[current_] = true;
    made_.records_[current_].first_field = static_cast<std::uint32_t>(made_.fields_.size());
    return {};
  }
  if (parts[0] == "kind" && parts.size() == 6) return read_kind(parts);
  if (parts[0] != "kubernetes" || parts.size() != 2) return fail(Code::corrupt, "no kind, type or field");
  made_.version_ = parts[1];
  return {};
}

Result<> SchemaReader::finish() const {
  for (std::size_t i = 0; i < made_.records_.size(); ++i)
    if (i >= described_.size() || !described_[i])
      return fail(Code::corrupt, "the type " + std::string(made_.records_[i].name) + " is not described");
  return {};
}

Result<Schemas> SchemaReader::read(std::string_view text) {
  std::size_t number = 0;
  for (auto line : lines(text)) {
    ++number;
    if (auto done = read_line(line); !done)
      return std::unexpected(std::move(done).error().in("line " + std::to_string(number)));
  }
  SW_TRY(finish());
  return std::move(made_);
}

Result<Schemas> Schemas::read(std::string_view text) { return SchemaReader().read(text); }

bool Schemas::is_full() const noexcept {
  return records_.size() >= most_records || fields_.size() + elements_.size() >= most_fields ||
         kinds_.size() >= most_records;
}

std::uint32_t Schemas::number_of_record(std::string_view name) {
  auto [known, fresh] = by_name_.try_emplace(name, static_cast<std::uint32_t>(records_.size()));
  if (fresh) records_.push_back({.name = name});
  return known->second;
}

FieldType Schemas::compose(FieldKind kind, FieldType element) {
  elements_.push_back(element);
  return {.kind = kind, .number = static_cast<std::uint32_t>(elements_.size() - 1)};
}

std::string_view Schemas::keep(std::string_view text) {
  return *kept_.emplace_back(std::make_shared<const std::string>(text));
}

void Schemas::add_kind(const ApiKind& kind) {
  auto same = std::ranges::find_if(kinds_, [&](const ApiKind& each) {
    return each.group == kind.group && each.version == kind.version && each.kind == kind.kind;
  });
  auto index = static_cast<std::uint32_t>(same - kinds_.begin());
  if (same == kinds_.end()) {
    by_kind_.emplace(kind.kind, index);
    kinds_.push_back(kind);
  } else {
    *same = kind;
  }
  by_resource_.emplace(kind.resource, index);
}

const ApiKind* Schemas::find_kind(std::string_view api_version, std::string_view kind) const noexcept {
  auto halves = cut(api_version, "/");
  auto group = halves ? halves->left : std::string_view();
  auto version = halves ? halves->right : api_version;
  auto [first, last] = by_kind_.equal_range(kind);
  for (; first != last; ++first) {
    const auto& each = kinds_[first->second];
    if (each.group == group && each.version == version) return &each;
  }
  return nullptr;
}

const ApiKind* Schemas::find_any_version(std::string_view group, std::string_view kind) const noexcept {
  auto [first, last] = by_kind_.equal_range(kind);
  for (; first != last; ++first)
    if (kinds_[first->second].group == group) return &kinds_[first->second];
  return nullptr;
}

std::vector<const ApiKind*> Schemas::find_resource(std::string_view resource) const {
  std::vector<const ApiKind*> found;
  auto [first, last] = by_resource_.equal_range(resource);
  for (; first != last; ++first) {
    const auto* kind = &kinds_[first->second];
    // A custom resource that was replaced may have had another name, or the same once before.
    bool listed = std::ranges::find(found, kind) != found.end();
    if (kind->resource == resource && !listed) found.push_back(kind);
  }
  return found;
}

const SchemaRecord& Schemas::record(FieldType type) const noexcept {
  SW_CHECK(type.kind == FieldKind::record && type.number < records_.size());
  return records_[type.number];
}

const SchemaRecord* Schemas::find_record(std::string_view name, FieldType* type) const noexcept {
  auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  if (type) *type = {.kind = FieldKind::record, .number = found->second};
  return &records_[found->second];
}

std::span<const SchemaField> Schemas::fields(const SchemaRecord& record) const noexcept {
  return std::span(fields_).subspan(record.first_field, record.field_count);
}

const SchemaField* Schemas::find_field(FieldType type, std::string_view name) const noexcept {
  auto all = fields(record(type));
  auto found = std::ranges::find(all, name, &SchemaField::name);
  return found == all.end() ? nullptr : &*found;
}

FieldType Schemas::element(FieldType type) const noexcept {
  SW_CHECK(type.kind == FieldKind::list || type.kind == FieldKind::map);
  return elements_[type.number];
}

std::optional<FieldType> Schemas::type_at(FieldType from, const FieldPath& path) const noexcept {
  for (const auto& step : path.steps) {
    if (from.kind == FieldKind::any || from.kind == FieldKind::object) return FieldType{};
    if (step.index) {
      if (from.kind != FieldKind::list) return std::nullopt;
      from = element(from);
    } else if (from.kind == FieldKind::map) {
      from = element(from);
    } else if (from.kind == FieldKind::record) {
      const auto* field = find_field(from, step.name);
      if (!field && !record(from).open) return std::nullopt;
      from = field ? field->type : FieldType{};
    } else {
      return std::nullopt;
    }
  }
  return from;
}

const Schemas& builtin_schemas() {
  static const Schemas schemas = [] {
    auto read = Schemas::read(embedded::kubernetes_schemas());
    SW_CHECK(read.has_value());
    return std::move(*read);
  }();
  return schemas;
}

}  // namespace seawall::kube
