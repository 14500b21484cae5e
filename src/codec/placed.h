// Documents that know where in the text each of their values stands: for messages with file, line and column, and for
// patches that leave the rest of a file as it is.
//
// Reading is strict where parse_yaml and parse_json are not: a key that a mapping has twice is refused.
// Threads: free functions are safe; a finished document may be read from any thread.
// Owns: as Document; offsets are bytes of the whole text that was given, not of the part.
// Limits: as given; text up to 4 GiB.
// Fails: invalid, exhausted, unsupported (as codec/yaml.h and codec/json.h), with the place.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/value.h"

namespace seawall::codec {

// From `begin` up to, not including, `end`.
struct TextRange {
  std::uint32_t begin = 0, end = 0;
  bool operator==(const TextRange&) const = default;
};

// Where a value stands, and its key where it is a member (empty otherwise). A YAML block ends with its last value;
// tags and anchors belong to the value. What came through an alias or a merge key stands where its anchor is: outside
// of the container around it.
struct Place {
  TextRange key, value;
  bool operator==(const Place&) const = default;
};

class PlacedDocument {
 public:
  PlacedDocument(Document document, const Place& root, std::size_t nodes)
      : document_(std::move(document)), root_place_(root), nodes_(nodes) {}
  Value root() const noexcept { return document_.root(); }
  const Place& root_place() const noexcept { return root_place_; }
  // Of a child of an object or array of this document, counted in the order of the source.
  const Place& place_of(Value container, std::size_t child) const noexcept;
  // What it took from the budget.
  std::size_t nodes() const noexcept { return nodes_; }

 private:
  Document document_;
  Place root_place_;
  std::size_t nodes_;
};

struct TextMistake {
  Error error;
  std::size_t offset = 0;                 // where it was noticed
  std::optional<std::size_t> other = {};  // what it collides with: the first of two keys
  std::size_t nodes = 0;                  // what reading took from the budget before
};
using PlacedDocuments = std::expected<std::vector<PlacedDocument>, TextMistake>;

// Whose words and numbers plain YAML scalars are.
enum class YamlWords : unsigned char {
  core,        // YAML 1.2, as parse_yaml
  kubernetes,  // as kubectl and the API server read: yes, no, on, off are booleans, 0644 is octal, 1_000 a number
};

// The documents of a part of a YAML stream, null ones (nothing between two "---") included.
PlacedDocuments read_yaml_placed(std::string_view text, TextRange part, YamlWords, const Limits& = {});
// JSON values, one after the other.
PlacedDocuments read_json_placed(std::string_view text, TextRange part, const Limits& = {});

// Cuts a YAML stream at its document markers, so that a mistake in one document does not hide the others. A part is
// one document, or several where documents end by "..." only; directives go with the document that they are for.
class YamlParts {
 public:
  explicit YamlParts(std::string_view text);
  // Parts in order, together the whole text; nothing at the end.
  std::optional<TextRange> next();
  // In which the last part began; counted from 1.
  std::size_t line() const noexcept { return line_; }

 private:
  struct Line {
    std::size_t offset = 0, number = 1;
  };
  std::size_t line_end(std::size_t at) const;
  std::string_view text_;
  Line next_;
  std::size_t line_ = 1;
};

}  // namespace seawall::codec
