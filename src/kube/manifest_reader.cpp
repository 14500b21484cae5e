#include <algorithm>
#include <map>

#include "base/text.h"
#include "kube/detail/manifest_document.h"
#include "kube/pod_spec.h"
#include "kube/schema.h"

namespace seawall::kube::detail {
namespace {

using codec::Place;
using codec::Value;

constexpr std::string_view white_space = " \t\r\n";

std::string_view rest_after(std::string_view prefix, std::string_view text) {
  return text.starts_with(prefix) ? trim(text.substr(prefix.size())) : std::string_view();
}

bool is_list(Value object) { return object.text_or("kind").ends_with("List") && object["items"].is_array(); }

bool is_review(Value object) {
  return object.text_or("kind") == "AdmissionReview" && api_group(object.text_or("apiVersion")) == "admission.k8s.io";
}

// What the request is for where it doesn't say so.
std::string_view operation_of(const AdmissionRequest& request) {
  if (!request.old_object) return "CREATE";
  return request.object ? "UPDATE" : "DELETE";
}

AdmissionRequest request_of(Value review) {
  auto request = review["request"];
  AdmissionRequest out{.api_version = review.text_or("apiVersion"),
                       .uid = request.text_or("uid"),
                       .operation = request.text_or("operation"),
                       .name = request.text_or("name"),
                       .in_namespace = request.text_or("namespace"),
                       .sub_resource = request.text_or("subResource"),
                       .dry_run = request["dryRun"].boolean().value_or(false),
                       .object = request["object"],
                       .old_object = request["oldObject"],
                       .user_info = request["userInfo"],
                       .options = request["options"],
                       .kind = request["kind"],
                       .resource = request["resource"],
                       .whole = request};
  if (out.operation.empty()) out.operation = operation_of(out);
  return out;
}

struct KnownKind {
  std::string api_version, kind;
};

// Where several groups have a kind of that name, the core group's, else the first.
const std::map<std::string, KnownKind>& kinds_by_lower_name() {
  static const auto kinds = [] {
    std::map<std::string, KnownKind> all;
    for (const auto& each : builtin_schemas().kinds()) {
      std::string version(each.version), kind(each.kind);
      if (each.group.empty())
        all[lower(kind)] = {version, kind};
      else
        all.try_emplace(lower(kind), std::string(each.group) + "/" + version, kind);
    }
    return all;
  }();
  return kinds;
}

// Whether what failed as JSON was meant to be JSON: brackets of YAML hold plain words.
bool looks_like_json(std::string_view text, std::size_t bracket) {
  auto next = text.find_first_not_of(white_space, bracket + 1);
  return next != std::string_view::npos && std::string_view("\"{[").find(text[next]) != std::string_view::npos;
}

}  // namespace

ManifestReader::ManifestReader(ManifestPart part, const codec::Limits& limits, NodesLeft& nodes_left)
    : part_(std::move(part)), limits_(limits), nodes_left_(&nodes_left) {
  skip_to_content();
}

bool ManifestReader::is_yaml() const noexcept {
  if (is_empty()) return false;
  char first = part_.file->text[begin_];
  return first != '{' && first != '[';
}

void ManifestReader::read() {
  if (is_empty()) {
    auto text = std::string_view(part_.file->text).substr(part_.range.begin, begin_ - part_.range.begin);
    content_.documents = text.starts_with("---") || text.find("\n---") != std::string_view::npos ? 1 : 0;
    return;
  }
  auto read = documents().documents;
  if (read) {
    for (auto& document : *read) take_document(std::move(document));
    return;
  }
  content_.documents = 1;
  // A bomb in each of many documents would be many bombs.
  charge(read.error().nodes);
  mistake(std::move(read).error());
}

// Over blanks, comments, directives and the document marker.
void ManifestReader::skip_to_content() {
  auto text = std::string_view(part_.file->text).substr(0, part_.range.end);
  std::size_t at = part_.range.begin;
  if (at == 0 && text.starts_with("\xEF\xBB\xBF")) at = 3;
  for (;;) {
    auto before = at;
    at = std::min(text.find_first_not_of(white_space, at), text.size());
    if (at == text.size()) break;
    bool at_line_begin = at == part_.range.begin || (at == before ? at == 3 : text[at - 1] == '\n');
    if (text[at] == '#' || (text[at] == '%' && at_line_begin)) {
      auto end = std::min(text.find('\n', at), text.size());
      // Helm's, on top of each document of a chart.
      auto source = rest_after("# Source: ", text.substr(at, end - at));
      if (!source.empty()) chart_template_ = source;
      at = end;
    } else if (at_line_begin && text.substr(at).starts_with("---") &&
               (at + 3 == text.size() || white_space.find(text[at + 3]) != std::string_view::npos)) {
      at += 3;
    } else {
      break;
    }
  }
  begin_ = at;
}

PartDocuments ManifestReader::documents() const {
  std::string_view text = part_.file->text;
  auto limits = limits_;
  limits.nodes = *nodes_left_;
  auto read_yaml = [&] { return codec::read_yaml_placed(text, part_.range, codec::YamlWords::kubernetes, limits); };
  if (is_empty() || is_yaml()) return {read_yaml(), TextForm::yaml};
  auto json = codec::read_json_placed(text, {static_cast<std::uint32_t>(begin_), part_.range.end}, limits);
  if (json || json.error().error.code == Code::exhausted) return {std::move(json), TextForm::json};
  // JSON with comments, or brackets of YAML.
  auto yaml = read_yaml();
  if (yaml || !looks_like_json(text, begin_)) return {std::move(yaml), TextForm::yaml};
  return {std::move(json), TextForm::json};
}

// Others may have taken from the budget meanwhile: it ends at 0.
void ManifestReader::charge(std::size_t nodes) {
  for (auto left = nodes_left_->load(); !nodes_left_->compare_exchange_weak(left, left - std::min(left, nodes));) {
  }
}

void ManifestReader::take_document(codec::PlacedDocument document) {
  ++content_.documents;
  charge(document.nodes());
  auto place = document.root_place();
  document_ = std::make_shared<const ManifestDocument>(part_, std::move(document), chart_template_);
  auto root = document_->document.root();
  if (root) take(root, place, {});
}

void ManifestReader::take(Value value, const Place& place, const Around& around) {
  if (!value.is_object()) return mistake(place, "not an object");
  if (is_review(value)) return take_review(value, place);
  if (!is_list(value)) return take_object(value, place, around);
  Around list;
  auto kind = value.text_or("kind");
  if (kind != "List") {
    // The API server leaves them out of the items of a typed list.
    list.api_version = value.text_or("apiVersion");
    list.kind = kind.substr(0, kind.size() - std::string_view("List").size());
  }
  take_items(value["items"], list);
}

// As deep as documents nest.
void ManifestReader::take_items(Value items, const Around& around) {
  std::size_t position = 0;
  for (auto item : items.items()) take(item, document_->document.place_of(items, position++), around);
}

void ManifestReader::take_review(Value review, const Place& place) {
  auto request = request_of(review);
  auto object = request.object ? request.object : request.old_object;
  if (!object.is_object()) return mistake(place, "an AdmissionReview without an object in its request");
  Around around{.api_version = {}, .kind = request.kind.text_or("kind"), .request = request};
  auto holder = *child_at(review, {.name = "request"});
  auto request_value = child_of(review, holder);
  auto position = *child_at(request_value, {.name = request.object ? "object" : "oldObject"});
  take_object(object, document_->document.place_of(request_value, position), around);
}

void ManifestReader::take_object(Value object, const Place& place, const Around& around) {
  Manifest manifest;
  manifest.object = object;
  manifest.api_version = object.text_or("apiVersion", around.api_version);
  manifest.kind = object.text_or("kind", around.kind);
  if (manifest.kind.empty()) return mistake(place, "no kind");
  if (manifest.api_version.empty() && !around.request && !guess_kind(manifest, place))
    return mistake(place, "no apiVersion");
  auto metadata = object["metadata"];
  manifest.name = metadata["name"].scalar();
  manifest.generate_name = metadata["generateName"].scalar();
  manifest.in_namespace = metadata["namespace"].scalar();
  if (around.request && !around.request->in_namespace.empty()) manifest.in_namespace = around.request->in_namespace;
  manifest.request = around.request;
  manifest.document_ = document_;
  manifest.place_ = place;
  manifest.begin_ = position_of(place.value.begin);
  manifest.number_ = content_.documents;
  content_.found.manifests.push_back(std::move(manifest));
}

// What people write by hand and no API server takes, "kind: pod" alone: the kind that can only be meant.
bool ManifestReader::guess_kind(Manifest& manifest, const Place& place) {
  const auto& guesses = kinds_by_lower_name();
  auto found = guesses.find(lower(manifest.kind));
  if (found == guesses.end()) return false;
  manifest.api_version = found->second.api_version;
  manifest.kind = found->second.kind;
  add_mistake(content_.found,
              {.code = Code::invalid,
               .what = "no apiVersion; taken for " + found->second.api_version + " " + found->second.kind,
               .where = where(place.value.begin),
               .warning = true});
  return true;
}

TextPosition ManifestReader::position_of(std::size_t offset) {
  constexpr std::size_t step = std::size_t{16} << 10;
  std::string_view text = part_.file->text;
  if (positions_.empty()) positions_.push_back(part_.begin);
  while (positions_.back().offset + step <= offset)
    positions_.push_back(positions_.back().moved_to(positions_.back().offset + step, text));
  return positions_[(offset - part_.range.begin) / step].moved_to(offset, text);
}

SourcePlace ManifestReader::where(std::size_t offset) {
  auto position = position_of(offset);
  return {part_.file->name, position.line, position.column};
}

void ManifestReader::mistake(codec::TextMistake mistake) {
  auto what = std::move(mistake.error.what);
  if (mistake.other) {
    auto other = where(*mistake.other);
    what += ", the first time in line " + std::to_string(other.line) + ", column " + std::to_string(other.column);
  }
  add_mistake(content_.found, {mistake.error.code, std::move(what), where(mistake.offset)});
}

void ManifestReader::mistake(const Place& place, std::string what) {
  mistake({.error = {Code::invalid, std::move(what)}, .offset = place.value.begin});
}

// Many documents are small and a parser of libyaml takes a while to start: one reads them all. Where there is a mistake
// each part is read on its own, and charges the budget for what it costs.
static bool read_together(std::span<ManifestReader> parts, codec::Limits limits, const NodesLeft& nodes_left) {
  codec::TextRange range{parts.front().part().range.begin, parts.back().part().range.end};
  limits.nodes = nodes_left;
  auto read = codec::read_yaml_placed(parts.front().part().file->text, range, codec::YamlWords::kubernetes, limits);
  if (!read) return false;
  auto part = parts.begin();
  for (auto& document : *read) {
    while (document.root_place().value.begin >= part->part().range.end && part + 1 != parts.end()) ++part;
    part->take_document(std::move(document));
  }
  return true;
}

void read_parts(std::span<ManifestReader> parts, const codec::Limits& limits, NodesLeft& nodes_left) {
  if (parts.size() > 1 && read_together(parts, limits, nodes_left)) return;
  for (auto& part : parts) part.read();
}

}  // namespace seawall::kube::detail
