// Files of rules: YAML whose every mistake is told with file, line and column.
//
// A RuleFile reads the documents of a file; a Fields looks at one mapping, takes what it knows and reports what is
// missing, of the wrong kind, or unknown. What all kinds of rules have in common is their RuleHeader.
// Threads: one file, one thread. Owns: a RuleFile its text and documents; Fields and values live as long as it.
// Limits: 4 MiB a file, 200,000 values, 64 deep. Fails: never as a whole; mistakes are collected.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codec/placed.h"
#include "model/severity.h"

namespace seawall::rulebook {

// Lines and columns count from 1; columns count bytes.
struct RulePlace {
  std::string file;
  std::size_t line = 0, column = 0;

  std::string text() const;  // "rules/a.yaml:3:7"
  bool operator==(const RulePlace&) const = default;
};

struct Mistake {
  RulePlace where;
  std::string what;

  std::string text() const { return where.text() + ": " + what; }
};

// Text that is evaluated, and where it stands: mistakes in it are shifted there.
struct Expression {
  std::string text;
  RulePlace where;

  bool empty() const noexcept { return text.empty(); }
};

class RuleFile {
 public:
  RuleFile(std::string name, std::string text, std::vector<Mistake>& mistakes);
  RuleFile(const RuleFile&) = delete;

  const std::vector<codec::PlacedDocument>& documents() const noexcept { return documents_; }
  // As it is written, comments before it included, without the marker that divides documents.
  std::string_view text_of(std::size_t document) const;
  RulePlace place(std::size_t offset) const;
  void report(std::size_t offset, std::string what) { mistakes_.push_back({place(offset), std::move(what)}); }

 private:
  std::string name_, text_;
  std::vector<codec::PlacedDocument> documents_;
  std::vector<codec::TextRange> parts_;  // of the text, for each document
  std::vector<Mistake>& mistakes_;
};

// One mapping of a file. Asking for a key makes it known; the destructor does nothing: call finish() once all known
// keys were asked for, and it reports the others.
class Fields {
 public:
  // `value` may be empty: then every key is missing. `around` is where that would be said.
  Fields(RuleFile& file, const codec::PlacedDocument& document, codec::Value value, std::size_t around);

  codec::Value value() const noexcept { return value_; }
  bool has(std::string_view key) const;
  // Empty (and, for the first, reported) where the key is missing; reported where it is of another kind.
  std::string required_text(std::string_view key);
  std::string text(std::string_view key, std::string_view otherwise = {});
  // One of these words.
  std::string word(std::string_view key, std::initializer_list<std::string_view> words, std::string_view otherwise);
  bool boolean(std::string_view key, bool otherwise);
  std::vector<std::string> texts(std::string_view key);
  Expression expression(std::string_view key);
  // The mapping below the key.
  Fields below(std::string_view key);
  // The mappings of a list below the key; anything else in it is reported.
  std::vector<Fields> each(std::string_view key);
  // A value that is kept as it is.
  codec::Value any(std::string_view key);
  // The same as JSON; empty where it is missing.
  std::string json(std::string_view key);
  void finish();

  RulePlace where() const { return file_.place(around_); }
  RulePlace where(std::string_view key) const;
  void report(std::string_view key, std::string what);

 private:
  struct Found {
    codec::Value value;
    std::size_t offset;
  };
  std::optional<Found> find(std::string_view key);
  std::optional<Found> find(std::string_view key, codec::Kind wanted, std::string_view called);

  RuleFile& file_;
  const codec::PlacedDocument& document_;
  codec::Value value_;
  std::size_t around_;
  std::set<std::string, std::less<>> known_;
};

// Lower-case letters, digits, '-', '.' and '/', at most 128: what a rule may be called.
bool is_rule_id(std::string_view text) noexcept;

// What every rule says about itself.
struct RuleHeader {
  std::string id;     // metadata.name: "pod-security/privileged"; lower case, digits, '-', '.', '/'
  std::string title;  // one line
  std::string description, remedy;
  model::Severity severity = model::Severity::medium;
  std::vector<std::string> known_as;    // ids under which others know it: "trivy/KSV-0017"
  std::vector<std::string> sets;        // that it belongs to besides those that its ids name
  std::vector<std::string> references;  // addresses
  std::string constraint_kind;          // Gatekeeper's kind of constraint that the rule judges
  RulePlace where;
};
// Reads the header's keys out of `metadata` and `spec`.
RuleHeader read_header(Fields& metadata, Fields& spec);

}  // namespace seawall::rulebook
