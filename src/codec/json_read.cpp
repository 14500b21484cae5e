#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "codec/detail/builder.h"
#include "codec/json.h"
#include "codec/placed.h"

namespace seawall::codec {
namespace {

using detail::Builder;
namespace ondemand = simdjson::ondemand;

// A parser with its buffers, kept for the next text: most are small and many.
struct Workspace {
  ondemand::parser parser;
  std::unique_ptr<char[]> text;
  std::size_t capacity = 0;

  // simdjson reads a little past the end of its input.
  bool load(std::string_view input) {
    if (!text || capacity < input.size()) {
      auto size = std::max(input.size(), std::size_t{64} << 10);
      text = std::make_unique_for_overwrite<char[]>(size + simdjson::SIMDJSON_PADDING);
      if (parser.allocate(size, detail::deepest + 1) != simdjson::SUCCESS) return false;
      capacity = size;
    }
    std::copy(input.begin(), input.end(), text.get());
    std::memset(text.get() + input.size(), ' ', simdjson::SIMDJSON_PADDING);
    return true;
  }
};

constexpr std::string_view white_space = " \t\r\n";

class JsonReader {
 public:
  JsonReader(std::string_view input, const Limits& limits, Workspace& space)
      : input_(input), space_(space), builder_(limits) {}
  // Keeps places, which count from `base`.
  JsonReader(std::string_view input, std::uint32_t base, const Limits& limits, Workspace& space)
      : input_(input), space_(space), builder_(limits, Builder::Places::kept), base_(base) {}

  Result<Document> document() {
    if (auto done = read(); !done) {
      if (!problem_at_) return std::unexpected(std::move(done).error());
      return std::unexpected(std::move(done).error().in(detail::place_of(input_, *problem_at_)));
    }
    return builder_.finish();
  }

  std::expected<PlacedDocument, TextMistake> placed() {
    if (auto done = read(); !done) {
      auto other = other_at_ ? std::optional<std::size_t>(*base_ + *other_at_) : std::nullopt;
      return std::unexpected(
          TextMistake{std::move(done).error(), *base_ + problem_at_.value_or(0), other, builder_.used()});
    }
    return builder_.finish_placed();
  }

 private:
  Result<> read() {
    if (!space_.load(input_)) return fail(Code::exhausted, "no memory for a JSON parser");
    ondemand::document document;
    if (auto code = space_.parser.iterate(space_.text.get(), input_.size(), input_.size() + simdjson::SIMDJSON_PADDING)
                        .get(document))
      return early_error(code);
    document_ = &document;
    return read_root(document);
  }

  Result<> read_root(ondemand::document& document) {
    ondemand::json_type type;
    if (auto code = document.type().get(type)) return wrong(code);
    if (type == ondemand::json_type::array || type == ondemand::json_type::object) {
      ondemand::value value;
      if (auto code = document.get_value().get(value)) return wrong(code);
      SW_TRY(read_value(value));
    } else if (type == ondemand::json_type::string) {
      SW_TRY(read_string(document));
    } else {
      auto begin = input_.find_first_not_of(white_space);
      if (base_) builder_.mark_value(range(begin, without_blanks(input_).size()));
      return read_literal(input_.substr(begin));
    }
    const char* rest = nullptr;
    if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) return wrong("more text after the value");
    return {};
  }

  // Recursion is as deep as the builder lets containers nest.
  Result<> read_value(ondemand::value& value) {
    ondemand::json_type type;
    if (auto code = value.type().get(type)) return wrong(code);
    switch (type) {
      case ondemand::json_type::array:
        return read_array(value);
      case ondemand::json_type::object:
        return read_object(value);
      case ondemand::json_type::string:
        return read_string(value);
      default:
        if (base_) mark_scalar(token_of(value));
        return read_literal(value.raw_json_token());
    }
  }

  Result<> read_array(ondemand::value& value) {
    auto begin = base_ ? offset_of(token_of(value).data()) : 0;
    ondemand::array array;
    if (auto code = value.get_array().get(array)) return wrong(code);
    SW_TRY(placed(builder_.open(Kind::array)));
    for (auto item : array) {
      ondemand::value child;
      if (auto code = item.get(child)) return wrong(code);
      SW_TRY(read_value(child));
    }
    return close(begin);
  }

  Result<> read_object(ondemand::value& value) {
    auto begin = base_ ? offset_of(token_of(value).data()) : 0;
    ondemand::object object;
    if (auto code = value.get_object().get(object)) return wrong(code);
    SW_TRY(placed(builder_.open(Kind::object)));
    for (auto member : object) {
      ondemand::field field;
      if (auto code = std::move(member).get(field)) return wrong(code);
      const char* raw_key = field.key().raw();
      std::string_view key;
      if (auto code = field.unescaped_key().get(key)) return wrong(code);
      builder_.key(key);
      if (base_) mark_key(raw_key);
      SW_TRY(read_value(field.value()));
    }
    if (base_) SW_TRY(no_key_twice());
    return close(begin);
  }

  // With the blanks behind it.
  template <class Source>
  static std::string_view token_of(Source& source) {
    simdjson::simdjson_result<std::string_view> token = source.raw_json_token();
    return token.error() == simdjson::SUCCESS ? token.value_unsafe() : std::string_view();
  }

  template <class Source>
  Result<> read_string(Source& source) {
    if (base_) mark_scalar(token_of(source));
    std::string_view text;
    if (auto code = source.get_string().get(text)) return wrong(code);
    return placed(builder_.add(builder_.text(text)));
  }

  // Numbers and words. simdjson's own numbers lose the digits as written and those beyond 64 bits, and its null takes
  // "nullx". The iteration of the container steps over the token.
  Result<> read_literal(std::string_view token) {
    token = without_blanks(token);
    if (token == "null") return placed(builder_.add(builder_.null()));
    if (token == "true" || token == "false") return placed(builder_.add(builder_.boolean(token == "true", token)));
    if (!detail::is_json_number(token)) return wrong("not a value");
    return placed(builder_.add(builder_.number(token)));
  }

  static std::string_view without_blanks(std::string_view token) {
    return token.substr(0, token.find_last_not_of(white_space) + 1);
  }

  std::size_t offset_of(const char* at) const {
    return std::min(static_cast<std::size_t>(at - space_.text.get()), input_.size());
  }

  // Of what is read next.
  std::size_t offset() {
    const char* at = nullptr;
    if (document_ == nullptr || document_->current_location().get(at) != simdjson::SUCCESS) return input_.size();
    return offset_of(at);
  }

  TextRange range(std::size_t begin, std::size_t end) const {
    return {*base_ + static_cast<std::uint32_t>(begin), *base_ + static_cast<std::uint32_t>(end)};
  }

  void mark_scalar(std::string_view token) {
    auto begin = offset_of(token.data());
    builder_.mark_value(range(begin, begin + without_blanks(token).size()));
  }

  // simdjson tells where the text in the quotes begins.
  void mark_key(const char* raw) {
    auto begin = offset_of(raw) - 1, end = begin + 1;
    for (; end < input_.size() && input_[end] != '"'; ++end)
      if (input_[end] == '\\') ++end;
    builder_.mark_key(range(begin, end + 1));
  }

  Result<> close(std::size_t begin) {
    auto node = builder_.take();
    // Its bracket is the last thing before what is read next.
    if (base_) builder_.mark_value(range(begin, without_blanks(input_.substr(0, offset())).size()));
    return placed(builder_.add(node));
  }

  Result<> no_key_twice() {
    auto twice = builder_.key_twice();
    if (!twice) return {};
    problem_at_ = twice->second.key.begin - *base_;
    other_at_ = twice->first.key.begin - *base_;
    return fail(Code::invalid, "the key \"" + std::string(twice->name) + "\" is there twice");
  }

  std::unexpected<Error> wrong(std::string what) {
    problem_at_ = offset();
    return fail(Code::invalid, std::move(what));
  }
  std::unexpected<Error> wrong(simdjson::error_code code) { return wrong(std::string(simdjson::error_message(code))); }

  Result<> placed(Result<> result) {
    if (!result) problem_at_ = offset();
    return result;
  }

  // Errors of the first pass, which looks at the bytes and has no place to name.
  std::unexpected<Error> early_error(simdjson::error_code code) {
    if (code == simdjson::UTF8_ERROR) {
      problem_at_ = utf8_prefix(input_);
      return fail(Code::invalid, "not UTF-8");
    }
    return fail(Code::invalid, std::string(simdjson::error_message(code)));
  }

  std::string_view input_;
  Workspace& space_;
  Builder builder_;
  std::optional<std::uint32_t> base_;  // where places are kept
  ondemand::document* document_ = nullptr;
  std::optional<std::size_t> problem_at_, other_at_;
};

// What the workspace of a thread may keep.
constexpr std::size_t kept_size = std::size_t{1} << 20;

// A workspace for a text of that size: the thread's own, or one that is freed afterwards.
template <class Read>
auto with_workspace(std::size_t size, Read read) {
  if (size > kept_size) {
    Workspace space;
    return read(space);
  }
  thread_local Workspace kept;
  return read(kept);
}

// Behind the JSON value that begins at `at`, as its brackets and quotes say.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (c == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth <= 1) return at + 1;
      --depth;
    } else if (depth == 0 && white_space.find(c) != std::string_view::npos) {
      return at;
    }
  }
  return text.size();
}

}  // namespace

Result<Document> parse_json(std::string_view text, const Limits& limits) {
  auto input = SW_TRY(detail::checked_input(text, limits));
  return with_workspace(input.size(), [&](Workspace& space) { return JsonReader(input, limits, space).document(); });
}

PlacedDocuments read_json_placed(std::string_view text, TextRange part, const Limits& limits) {
  auto left = limits;
  text = text.substr(0, part.end);
  auto read = [&](std::size_t begin, std::size_t end) {
    auto value = text.substr(begin, end - begin);
    return with_workspace(value.size(), [&](Workspace& space) {
      return JsonReader(value, static_cast<std::uint32_t>(begin), left, space).placed();
    });
  };
  std::vector<PlacedDocument> documents;
  auto begin = text.find_first_not_of(white_space, part.begin);
  if (begin == std::string_view::npos) return documents;
  // Mostly there is one value, which needs no search for its end.
  if (auto whole = read(begin, text.size())) {
    documents.push_back(std::move(*whole));
    return documents;
  }
  while (begin != std::string_view::npos) {
    auto end = end_of_value(text, begin);
    auto value = read(begin, end);
    if (!value) {
      value.error().nodes += limits.nodes - left.nodes;
      return std::unexpected(std::move(value).error());
    }
    left.nodes -= value->nodes();
    documents.push_back(std::move(*value));
    begin = text.find_first_not_of(white_space, end);
  }
  return documents;
}

}  // namespace seawall::codec
