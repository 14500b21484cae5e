// What manifests share: the document that they came from and the file around it.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/placed.h"
#include "kube/manifest.h"

namespace seawall::kube::detail {

struct ManifestFile {
  std::string name;
  std::string text;
};

// A part of a file between two document markers.
struct ManifestPart {
  std::shared_ptr<const ManifestFile> file;
  codec::TextRange range;
  TextPosition begin;

  // `near` is a position before it, if there is one: the way from there is walked.
  SourcePlace where(std::size_t offset, const TextPosition& near) const;
};

struct ManifestDocument {
  ManifestPart part;
  codec::PlacedDocument document;
  std::string_view chart_template;
};

// What is in one part of a file; documents are numbered from 1 in it.
struct PartContent {
  Manifests found;
  std::size_t documents = 0;
};

// Budget of values that several threads take from.
using NodesLeft = std::atomic<std::size_t>;

enum class TextForm : unsigned char { yaml, json };
struct PartDocuments {
  codec::PlacedDocuments documents;
  TextForm form;
};

// Reads one part.
class ManifestReader {
 public:
  ManifestReader(ManifestPart part, const codec::Limits& limits, NodesLeft& nodes_left);
  const ManifestPart& part() const noexcept { return part_; }
  // Whether it holds anything that is to be read as YAML in the first place.
  bool is_yaml() const noexcept;
  void read();
  // What the part says, without looking for objects in it.
  PartDocuments documents() const;
  // Takes a document that somebody else has read.
  void take_document(codec::PlacedDocument document);
  PartContent take() && { return std::move(content_); }

 private:
  // What the List or review around an object says of it.
  struct Around {
    std::string_view api_version, kind;
    std::optional<AdmissionRequest> request;
  };
  void skip_to_content();
  bool is_empty() const noexcept { return begin_ == part_.range.end; }
  void charge(std::size_t nodes);
  void take(codec::Value value, const codec::Place& place, const Around& around);
  void take_items(codec::Value list, const Around& around);
  void take_review(codec::Value review, const codec::Place& place);
  void take_object(codec::Value object, const codec::Place& place, const Around& around);
  bool guess_kind(Manifest& manifest, const codec::Place& place);
  TextPosition position_of(std::size_t offset);
  SourcePlace where(std::size_t offset);
  void mistake(codec::TextMistake mistake);
  void mistake(const codec::Place& place, std::string what);

  ManifestPart part_;
  codec::Limits limits_;
  NodesLeft* nodes_left_;
  std::size_t begin_ = 0;  // of what is no comment
  std::string_view chart_template_;
  // At every 16 KiB of the part up to what was asked for: objects behind aliases are asked for in any order.
  std::vector<TextPosition> positions_;
  PartContent content_;
  std::shared_ptr<const ManifestDocument> document_;
};

// Reads parts that follow each other.
void read_parts(std::span<ManifestReader> parts, const codec::Limits& limits, NodesLeft& nodes_left);

void add_mistake(Manifests& to, ManifestMistake mistake);
// All that is in these files, by as many threads as the options say; takes its bytes and values from the limits.
void read_texts(Manifests& to, std::vector<ManifestFile> files, ManifestOptions& left);

}  // namespace seawall::kube::detail
