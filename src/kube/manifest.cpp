#include "kube/manifest.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

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

// All bytes but those of the form 10xxxxxx; eight at a time, since JSON may be one long line.
static std::size_t characters_in(std::string_view text) {
  auto count = text.size();
  auto subtract = [&](std::uint64_t bytes) {
    auto others = (bytes & ~(bytes << 1) & 0x8080808080808080) >> 7;  // one bit a byte
    count -= static_cast<std::size_t>(others * 0x0101010101010101 >> 56);
  };
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), 8);
    subtract(word);
  }
  for (char c : text) subtract(static_cast<unsigned char>(c));
  return count;
}

TextPosition TextPosition::moved_to(std::size_t later, std::string_view text) const {
  auto between = text.substr(offset, std::min(later, text.size()) - offset);
  std::size_t lines = 0;
  auto rest = between;
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n'), ++lines)
    rest.remove_prefix(end + 1);
  return {offset + between.size(), line + lines, (lines == 0 ? column : 1) + characters_in(rest)};
}

SourcePlace ManifestPart::where(std::size_t offset, const TextPosition& near) const {
  const auto& from = near.offset <= offset ? near : begin;
  auto position = from.moved_to(offset, file->text);
  return {file->name, position.line, position.column};
}

const std::shared_ptr<const ManifestDocument>& document_of(const Manifest& manifest) noexcept {
  return manifest.document_;
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
  while (auto range = ranges.next()) parts.push_back({file, *range, {range->begin, ranges.line(), 1}});
  return parts;
}

// Neighbours that are to be read as YAML come together up to some size; others stand alone.
static std::vector<std::span<ManifestReader>> runs_of(std::vector<ManifestReader>& readers) {
  constexpr std::size_t most = std::size_t{128} << 10;
  std::vector<std::span<ManifestReader>> runs;
  for (std::size_t first = 0, last = 0; first < readers.size(); first = last) {
    auto begin = readers[first].part().range.begin;
    for (last = first + 1; last < readers.size() && readers[last - 1].is_yaml() && readers[last].is_yaml(); ++last)
      if (readers[last].part().range.end - begin > most) break;
    runs.push_back(std::span(readers).subspan(first, last - first));
  }
  return runs;
}

// One file of several: its parts, or why it has none.
struct FileParts {
  std::vector<ManifestReader> readers;
  std::optional<ManifestMistake> mistake;
};

static FileParts file_parts(ManifestFile file, ManifestOptions& left, NodesLeft& nodes_left) {
  if (file.text.size() > std::min<std::size_t>(left.limits.bytes, UINT32_MAX))
    return {{},
            ManifestMistake{Code::exhausted, "longer than " + human_size(left.limits.bytes), {std::move(file.name)}}};
  left.limits.bytes -= file.text.size();
  FileParts made;
  for (auto& part : parts_of(std::make_shared<const ManifestFile>(std::move(file))))
    made.readers.emplace_back(std::move(part), left.limits, nodes_left);
  return made;
}

static void append(Manifests& to, FileParts& file) {
  if (file.mistake) add_mistake(to, std::move(*file.mistake));
  std::size_t documents = 0;
  for (auto& reader : file.readers) {
    auto content = std::move(reader).take();
    append(to, content, documents);
    documents += content.documents;
  }
}

void read_texts(Manifests& to, std::vector<ManifestFile> texts, ManifestOptions& left) {
  NodesLeft nodes_left = left.limits.nodes;
  std::vector<FileParts> files;
  std::vector<std::span<ManifestReader>> runs;
  files.reserve(texts.size());
  for (auto& text : texts) {
    auto& file = files.emplace_back(file_parts(std::move(text), left, nodes_left));
    auto more = runs_of(file.readers);
    runs.insert(runs.end(), more.begin(), more.end());
  }
  parallel_for(runs.size(), left.workers, [&](std::size_t i) { read_parts(runs[i], left.limits, nodes_left); });
  left.limits.nodes = nodes_left;
  for (auto& file : files) append(to, file);
}

}  // namespace detail

Manifests read_manifests(std::string text, std::string file, const ManifestOptions& options) {
  Manifests out;
  auto left = options;
  std::vector<detail::ManifestFile> files;
  files.push_back({std::move(file), std::move(text)});
  detail::read_texts(out, std::move(files), left);
  return out;
}

}  // namespace seawall::kube
