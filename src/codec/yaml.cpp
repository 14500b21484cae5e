#include "codec/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "codec/detail/builder.h"
#include "codec/detail/character_offsets.h"
#include "codec/detail/yaml_scalar.h"
#include "codec/placed.h"

namespace seawall::codec {
namespace {

using detail::Builder;
using detail::MemberNode;
using detail::Node;

struct Event : yaml_event_t {
  Event() : yaml_event_t{} {}
  Event(const Event&) = delete;
  ~Event() { yaml_event_delete(this); }
};

std::string_view text_or_empty(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// A finished node with what an alias of it costs.
struct Subtree {
  Node node;
  std::size_t weight = 1;  // nodes
  unsigned height = 0;     // nested containers
};

// An open sequence or mapping.
struct Frame {
  bool mapping = false;
  bool wants_key = false;
  bool merging = false;  // the value that comes next belongs to a merge key
  std::string anchor;
  std::size_t weight = 1;
  unsigned height = 0;
  std::vector<Node> merged;  // mappings to merge, the strongest first
  bool flow = false;         // in brackets
  TextRange range;           // up to the end of its last value, where places are kept
};

// What a reader that keeps places does differently.
struct Placing {
  detail::CharacterOffsets offsets;
  YamlWords words;
};

class YamlReader {
 public:
  YamlReader(std::string_view input, const Limits& limits) : builder_(limits), limits_(limits) { start(input); }

  YamlReader(std::string_view text, TextRange part, YamlWords words, const Limits& limits)
      : builder_(limits, Builder::Places::kept), limits_(limits) {
    // libyaml counts it as a column, which makes the first line deeper than those after it.
    if (text.substr(part.begin, part.end - part.begin).starts_with("\xEF\xBB\xBF")) part.begin += 3;
    auto input = text.substr(part.begin, part.end - part.begin);
    placing_.emplace(Placing{detail::CharacterOffsets(input, part.begin), words});
    start(input);
    // Not UTF-16, whatever the first bytes look like.
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  }
  YamlReader(const YamlReader&) = delete;
  ~YamlReader() { yaml_parser_delete(&parser_); }

  Result<Document> first() {
    SW_TRY(located(read_until(YAML_DOCUMENT_END_EVENT)));
    return builder_.finish();
  }

  Result<Document> all() {
    SW_TRY(builder_.open(Kind::array));
    ++outside_;
    SW_TRY(located(read_until(YAML_STREAM_END_EVENT)));
    SW_TRY(builder_.close());
    return builder_.finish();
  }

  PlacedDocuments placed() {
    std::vector<PlacedDocument> documents;
    for (;;) {
      auto last = read_until(YAML_DOCUMENT_END_EVENT);
      if (!last) return std::unexpected(mistake(std::move(last).error()));
      if (*last == YAML_STREAM_END_EVENT) return documents;
      documents.push_back(builder_.finish_placed());
    }
  }

 private:
  void start(std::string_view input) {
    limits_.depth = std::min(limits_.depth, detail::deepest);
    SW_CHECK(yaml_parser_initialize(&parser_) == 1);  // fails for want of memory only
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(input.data()), input.size());
  }

  // The kind of event that ended it: `last`, or the end of the stream. Errors have no place yet.
  Result<yaml_event_type_t> read_until(yaml_event_type_t last) {
    for (;;) {
      Event event;
      if (yaml_parser_parse(&parser_, &event) == 0) return syntax_error();
      mark_ = event.start_mark;
      auto type = event.type;
      SW_TRY(take(event));
      if (type == last || type == YAML_STREAM_END_EVENT) return type;
    }
  }

  Result<> take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        anchors_.clear();
        return {};
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_ALIAS_EVENT:
        return alias(event);
      case YAML_SEQUENCE_START_EVENT:
        return open(event, Kind::array, event.data.sequence_start.anchor,
                    event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
      case YAML_MAPPING_START_EVENT:
        return open(event, Kind::object, event.data.mapping_start.anchor,
                    event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return close(event);
      default:
        return {};
    }
  }

  bool key_is_next() const { return !frames_.empty() && frames_.back().mapping && frames_.back().wants_key; }

  Result<> scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    std::string_view written(reinterpret_cast<const char*>(data.value), data.length);
    bool plain = data.style == YAML_PLAIN_SCALAR_STYLE;
    auto tag = text_or_empty(data.tag);
    mark(event);
    if (key_is_next()) {
      // A key may be aliased as well.
      auto node = builder_.text(written);
      remember(text_or_empty(data.anchor), {node});
      return key(node, plain && tag.empty() && written == "<<");
    }
    auto node = is_resolved(plain, tag) ? resolved(written) : builder_.text(written);
    remember(text_or_empty(data.anchor), {node});
    return add({node});
  }

  Node resolved(std::string_view written) {
    bool kubernetes = placing_ && placing_->words == YamlWords::kubernetes;
    return kubernetes ? detail::kubernetes_scalar(builder_, written) : detail::yaml_scalar(builder_, written);
  }

  // Where the scalar or alias of this event stands.
  void mark(const yaml_event_t& event) {
    if (!placing_) return;
    auto range = placing_->offsets.range(event.start_mark.index, event.end_mark.index);
    if (key_is_next()) return builder_.mark_key(range);
    mark_value(range);
  }

  void mark_value(TextRange range) {
    builder_.mark_value(range);
    if (!frames_.empty()) frames_.back().range.end = range.end;
  }

  static bool is_resolved(bool plain, std::string_view tag) {
    if (tag.empty()) return plain;
    constexpr std::string_view core = "tag:yaml.org,2002:";
    if (!tag.starts_with(core)) return false;
    tag.remove_prefix(core.size());
    return tag == "int" || tag == "float" || tag == "bool" || tag == "null";
  }

  Result<> alias(const yaml_event_t& event) {
    auto found = anchors_.find(text_or_empty(event.data.alias.anchor));
    if (found == anchors_.end()) return fail(Code::invalid, "alias without anchor");
    const auto& subtree = found->second;
    mark(event);
    if (subtree.height + frames_.size() + outside_ > limits_.depth) return fail(Code::exhausted, "nested too deeply");
    if (!key_is_next()) return add(subtree);
    if (subtree.height != 0) return no_scalar_key();
    return key(subtree.node, false);
  }

  Result<> key(const Node& node, bool merge) {
    auto& frame = frames_.back();
    frame.wants_key = false;
    frame.merging = merge;
    bool has_text = node.kind != Kind::null;
    builder_.kept_key(has_text ? std::string_view(node.text, node.size) : std::string_view());
    return {};
  }

  static std::unexpected<Error> no_scalar_key() { return fail(Code::unsupported, "a key that is no scalar"); }

  Result<> open(const yaml_event_t& event, Kind kind, const yaml_char_t* anchor, bool flow) {
    if (key_is_next()) return no_scalar_key();
    SW_TRY(builder_.open(kind));
    bool mapping = kind == Kind::object;
    frames_.push_back({.mapping = mapping,
                       .wants_key = mapping,
                       .anchor = std::string(text_or_empty(anchor)),
                       .merged = {},
                       .flow = flow,
                       .range = {}});
    if (placing_) frames_.back().range = placing_->offsets.range(event.start_mark.index, event.start_mark.index);
    return {};
  }

  Result<> close(const yaml_event_t& event) {
    if (placing_ && frames_.back().mapping) SW_TRY(no_key_twice());
    if (!frames_.back().merged.empty()) merge();
    auto frame = std::move(frames_.back());
    frames_.pop_back();
    Subtree subtree{builder_.take(), frame.weight, frame.height + 1};
    remember(frame.anchor, subtree);
    // The event that ends a block stands behind blanks and comments.
    if (placing_ && frame.flow)
      frame.range.end = placing_->offsets.range(event.end_mark.index, event.end_mark.index).end;
    if (placing_) mark_value(frame.range);
    // What is below it has been counted already.
    auto added = add(subtree, 1);
    if (!added) problem_at_ = frame.range.begin;
    return added;
  }

  Result<> no_key_twice() {
    auto twice = builder_.key_twice();
    if (!twice) return {};
    problem_at_ = twice->second.key.begin;
    other_at_ = twice->first.key.begin;
    return fail(Code::invalid, "the key \"" + std::string(twice->name) + "\" is there twice");
  }

  Result<> add(const Subtree& subtree) { return add(subtree, subtree.weight); }

  Result<> add(const Subtree& subtree, std::size_t uncounted) {
    if (!frames_.empty()) {
      auto& frame = frames_.back();
      frame.weight += subtree.weight;
      frame.height = std::max(frame.height, subtree.height);
      frame.wants_key = frame.mapping;
      if (std::exchange(frame.merging, false)) return note_merge(subtree.node, uncounted);
    }
    return builder_.add(subtree.node, uncounted);
  }

  Result<> note_merge(const Node& node, std::size_t uncounted) {
    auto& merged = frames_.back().merged;
    SW_TRY(builder_.count(uncounted));
    if (node.kind == Kind::object) {
      merged.push_back(node);
      return {};
    }
    if (node.kind != Kind::array) return fail(Code::invalid, "a merge key without a mapping");
    for (std::uint32_t i = 0; i < node.size; ++i) {
      if (node.items[i].kind != Kind::object) return fail(Code::invalid, "a merge key without a mapping");
      merged.push_back(node.items[i]);
    }
    return {};
  }

  // Members of merged mappings come first, those that are there already are left out.
  void merge() {
    std::unordered_set<std::string_view, TextHash> present;
    for (const auto& member : builder_.members()) present.insert(member.name());
    std::vector<MemberNode> kept;
    std::vector<Place> places;
    for (const auto& mapping : frames_.back().merged) {
      // A key twice in one mapping: the last one counts, here as in a look-up.
      for (auto i = mapping.size; i-- > 0;) {
        const auto& member = mapping.members[i];
        if (!present.insert(member.name()).second) continue;
        kept.push_back(member);
        if (placing_) places.push_back(detail::places_of_children(mapping)[i]);
      }
    }
    std::ranges::reverse(kept);
    std::ranges::reverse(places);
    builder_.prepend(kept, places);
  }

  void remember(std::string_view anchor, const Subtree& subtree) {
    if (!anchor.empty()) anchors_.insert_or_assign(std::string(anchor), subtree);
  }

  template <class T>
  Result<T> located(Result<T> result) const {
    if (parser_.error == YAML_READER_ERROR)
      return in("byte " + std::to_string(parser_.problem_offset), std::move(result));
    return in("line " + std::to_string(mark_.line + 1) + ", column " + std::to_string(mark_.column + 1),
              std::move(result));
  }

  TextMistake mistake(Error error) {
    return {std::move(error), problem_at_ ? *problem_at_ : offset(), other_at_, builder_.used()};
  }

  // libyaml names a byte within a bad character; its first one is where to look.
  std::size_t offset() {
    auto& offsets = placing_->offsets;
    if (parser_.error != YAML_READER_ERROR) return offsets.range(mark_.index, mark_.index).begin;
    return offsets.base() + std::min(parser_.problem_offset, utf8_prefix(offsets.part()));
  }

  std::unexpected<Error> syntax_error() {
    if (parser_.error == YAML_MEMORY_ERROR) return fail(Code::exhausted, "no memory for a YAML parser");
    if (parser_.error != YAML_READER_ERROR) mark_ = parser_.problem_mark;
    return fail(Code::invalid, parser_.problem != nullptr ? parser_.problem : "not YAML");
  }

  yaml_parser_t parser_{};
  Builder builder_;
  Limits limits_;
  unsigned outside_ = 0;  // containers that are not in the text
  std::vector<Frame> frames_;
  std::unordered_map<std::string, Subtree, TextHash, std::equal_to<>> anchors_;
  yaml_mark_t mark_{};
  std::optional<Placing> placing_;
  std::optional<std::size_t> problem_at_, other_at_;  // where they are not at mark_
};

}  // namespace

Result<Document> parse_yaml(std::string_view text, const Limits& limits) {
  auto input = SW_TRY(detail::checked_input(text, limits));
  return YamlReader(input, limits).first();
}

Result<Document> parse_yaml_all(std::string_view text, const Limits& limits) {
  auto input = SW_TRY(detail::checked_input(text, limits));
  return YamlReader(input, limits).all();
}

PlacedDocuments read_yaml_placed(std::string_view text, TextRange part, YamlWords words, const Limits& limits) {
  return YamlReader(text, part, words, limits).placed();
}

}  // namespace seawall::codec
