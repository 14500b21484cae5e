#include "kube/manifest.h"

#include <algorithm>

#include "base/text.h"
#include "base/threads.h"
#include "kube/detail/manifest_document.h"

namespace seawall::kube {

std::string SourcePlace::text() const {
  if (line == 0) return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

const std::string& Manifest::file() const noexcept { return document_->part.file->name; }
std::string_view Manifest::text() const noexcept { return document_->part.file->text; }
std::string_view Manifest::chart_template() const noexcept { return document_->chart_template; }

static std::size_t begin_of(const codec::Place& place) {
  return place.key.end > place.key.begin ? place.key.begin : place.value.begin;
}

SourcePlace Manifest::where() const { return {file(), begin_.line, begin_.column}; }

FieldPlace Manifest::find_place(const FieldPath& path) const {
  FieldPlace found{.value = object, .steps_found = 0, .place = place_, .where = {}};
  for (const auto& step : path.steps) {
    auto position = child_at(found.value, step);
    if (!position) break;
    found.place = document_->document.place_of(found.value, *position);
    found.value = child_of(found.value, *position);
    ++found.steps_found;
  }
  found.where = found.steps_found == 0 ? where() : document_->part.where(begin_of(found.place), begin_);
  return found;
}

namespace detail {

TextPosition TextPosition::moved_to(std::size_t later, std::string_view text) const {
  auto between = text.substr(offset, std::min(later, text.size()) - offset);
  auto lines = static_cast<std::size_t>(std::ranges::count(between, '\n'));
  auto rest = lines == 0 ? between : between.substr(between.rfind('\n') + 1);
  auto is_first_byte = [](char c) { return (c & 0xC0) != 0x80; };
  auto characters = static_cast<std::size_t>(std::ranges::count_if(rest, is_first_byte));
  return {offset + between.size(), line + lines, (lines == 0 ? column : 1) + characters};
}

SourcePlace ManifestPart::where(std::size_t offset, const TextPosition& near) const {
  const auto& from = near.offset <= offset ? near : begin;
  auto position = from.moved_to(offset, file->text);
  return {file->name, position.line, position.column};
}

void add_mistake(Manifests& to, ManifestMistake mistake) {
  if (to.mistakes.size() < most_mistakes)
    to.mistakes.push_back(std::move(mistake));
  else
    ++to.mistakes_left_out;
}

void append(Manifests& to, PartContent& part, std::size_t documents_before) {
  for (auto& manifest : part.found.manifests) {
    manifest.number_ += documents_before;
    to.manifests.push_back(std::move(manifest));
  }
  for (auto& mistake : part.found.mistakes) add_mistake(to, std::move(mistake));
  to.mistakes_left_out += part.found.mistakes_left_out;
}

static std::vector<ManifestPart> parts_of(const std::shared_ptr<const ManifestFile>& file) {
  std::vector<ManifestPart> parts;
  codec::YamlParts ranges(file->text);
  TextPosition begin;
  while (auto range = ranges.next()) {
    begin = begin.moved_to(range->begin, file->text);
    parts.push_back({file, *range, begin});
  }
  return parts;
}

void read_text(Manifests& to, std::string text, std::string name, ManifestOptions& left) {
  if (text.size() > std::min<std::size_t>(left.limits.bytes, UINT32_MAX))
    return add_mistake(to, {Code::exhausted, "longer than " + human_size(left.limits.bytes), {std::move(name)}});
  left.limits.bytes -= text.size();
  NodesLeft nodes_left = left.limits.nodes;
  auto parts = parts_of(std::make_shared<const ManifestFile>(ManifestFile{std::move(name), std::move(text)}));
  std::vector<PartContent> contents(parts.size());
  parallel_for(parts.size(), left.workers, [&](std::size_t i) {
    contents[i] = ManifestReader(std::move(parts[i]), left.limits, nodes_left).read();
  });
  left.limits.nodes = nodes_left;
  std::size_t documents = 0;
  for (auto& content : contents) {
    append(to, content, documents);
    documents += content.documents;
  }
}

}  // namespace detail

Manifests read_manifests(std::string text, std::string file, const ManifestOptions& options) {
  Manifests out;
  auto left = options;
  detail::read_text(out, std::move(text), std::move(file), left);
  return out;
}

}  // namespace seawall::kube
