// Kubernetes objects out of files: YAML streams, JSON, Lists, what Helm and kustomize print, AdmissionReviews; each
// with the place of every field.
//
// Objects that can be read are given, whatever is wrong with others: mistakes are listed with their place.
// Threads: free functions are safe; a Manifest may be read and copied by any thread.
// Owns: a Manifest keeps the text and the document that it came from.
// Limits: one budget for a whole call, see ManifestOptions.
// Fails: never as a whole; mistakes are invalid, unsupported, exhausted (the budget), and of files not_found, denied,
// unavailable.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/placed.h"
#include "codec/value.h"
#include "kube/field_path.h"

namespace seawall::kube {

// For people: lines and columns (characters) count from 1; line 0 is the whole file.
struct SourcePlace {
  std::string file;
  std::size_t line = 0, column = 0;

  std::string text() const;  // "app.yaml:3:7"
  bool operator==(const SourcePlace&) const = default;
};

// What an API server asks about an object. Views and values live as long as the Manifest.
struct AdmissionRequest {
  std::string_view api_version;  // of the review: "admission.k8s.io/v1"
  std::string_view uid;          // empty where it is missing, like all texts here
  std::string_view operation;    // CREATE, UPDATE, DELETE, CONNECT; what the objects tell where it is missing
  std::string_view name, in_namespace, sub_resource;
  bool dry_run = false;
  codec::Value object, old_object, user_info, options;  // empty where they are missing or null
  codec::Value kind, resource;                          // objects with group, version, kind or resource
  codec::Value whole;                                   // the request as sent
};

// A field, or where it is missing the nearest one around it that is there.
struct FieldPlace {
  codec::Value value;
  std::size_t steps_found = 0;  // of the path
  codec::Place place;           // in the text of the file
  SourcePlace where;            // of the key, or of the item
};

class Manifest;
struct Manifests;
namespace detail {
// An offset in a text with the line and column (characters) that it is in.
struct TextPosition {
  std::size_t offset = 0, line = 1, column = 1;
  TextPosition moved_to(std::size_t later, std::string_view text) const;
};
struct ManifestDocument;
struct PartContent;
class ManifestReader;
void append(Manifests& to, PartContent& part, std::size_t documents_before);
const std::shared_ptr<const ManifestDocument>& document_of(const Manifest&) noexcept;
}  // namespace detail

class Manifest {
 public:
  codec::Value object;  // of a review what it asks about: the new object, or the old one if that is all there is
  std::string_view api_version, kind;  // where the object has none: what the List or the review around it says
  std::string_view in_namespace;       // as written; of a review that of the request
  std::string_view name, generate_name;
  std::optional<AdmissionRequest> request;

  const std::string& file() const noexcept;
  // The whole file as it was read.
  std::string_view text() const noexcept;
  // Counted from 1; documents that hold nothing count, too.
  std::size_t document_number() const noexcept { return number_; }
  // The template that a Helm chart's "# Source:" comment names; empty where there is none.
  std::string_view chart_template() const noexcept;
  SourcePlace where() const;
  // Where the object stands in the text.
  const codec::Place& place() const noexcept { return place_; }
  FieldPlace find_place(const FieldPath&) const;

 private:
  friend class detail::ManifestReader;
  friend void detail::append(Manifests&, detail::PartContent&, std::size_t);
  friend const std::shared_ptr<const detail::ManifestDocument>& detail::document_of(const Manifest&) noexcept;
  std::shared_ptr<const detail::ManifestDocument> document_;
  codec::Place place_;
  detail::TextPosition begin_;
  std::size_t number_ = 0;
};

struct ManifestMistake {
  Code code = Code::invalid;
  std::string what;
  SourcePlace where;
  bool warning = false;  // the object is given all the same

  std::string text() const { return where.text() + ": " + what; }
};

struct Manifests {
  std::vector<Manifest> manifests;
  std::vector<ManifestMistake> mistakes;  // the first `most_mistakes`
  std::size_t mistakes_left_out = 0;
};
constexpr std::size_t most_mistakes = 1000;

struct ManifestOptions {
  codec::Limits limits;  // bytes and values of all files and documents together
  unsigned workers = 1;  // threads that read the documents of a stream
};

// `file` is what places are to name.
Manifests read_manifests(std::string text, std::string file, const ManifestOptions& = {});

}  // namespace seawall::kube
