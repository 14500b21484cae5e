#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "codec/detail/builder.h"
#include "codec/json.h"

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

  Result<Document> run() {
    if (!space_.load(input_)) return fail(Code::exhausted, "no memory for a JSON parser");
    ondemand::document document;
    if (auto code = space_.parser.iterate(space_.text.get(), input_.size(), input_.size() + simdjson::SIMDJSON_PADDING)
                        .get(document))
      return early_error(code);
    document_ = &document;
    SW_TRY(read_root(document));
    return builder_.finish();
  }

 private:
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
      return read_literal(input_.substr(input_.find_first_not_of(white_space)));
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
        return read_literal(value.raw_json_token());
    }
  }

  Result<> read_array(ondemand::value& value) {
    ondemand::array array;
    if (auto code = value.get_array().get(array)) return wrong(code);
    SW_TRY(placed(builder_.open(Kind::array)));
    for (auto item : array) {
      ondemand::value child;
      if (auto code = item.get(child)) return wrong(code);
      SW_TRY(read_value(child));
    }
    return placed(builder_.close());
  }

  Result<> read_object(ondemand::value& value) {
    ondemand::object object;
    if (auto code = value.get_object().get(object)) return wrong(code);
    SW_TRY(placed(builder_.open(Kind::object)));
    for (auto member : object) {
      ondemand::field field;
      if (auto code = std::move(member).get(field)) return wrong(code);
      std::string_view key;
      if (auto code = field.unescaped_key().get(key)) return wrong(code);
      builder_.key(key);
      SW_TRY(read_value(field.value()));
    }
    return placed(builder_.close());
  }

  template <class Source>
  Result<> read_string(Source& source) {
    std::string_view text;
    if (auto code = source.get_string().get(text)) return wrong(code);
    return placed(builder_.add(builder_.text(text)));
  }

  // Numbers and words. simdjson's own numbers lose the digits as written and those beyond 64 bits, and its null takes
  // "nullx". The iteration of the container steps over the token.
  Result<> read_literal(std::string_view token) {
    token = token.substr(0, token.find_last_not_of(white_space) + 1);
    if (token == "null") return placed(builder_.add(builder_.null()));
    if (token == "true" || token == "false") return placed(builder_.add(builder_.boolean(token == "true", token)));
    if (!detail::is_json_number(token)) return wrong("not a value");
    return placed(builder_.add(builder_.number(token)));
  }

  std::size_t offset() {
    const char* at = nullptr;
    if (document_ == nullptr || document_->current_location().get(at) != simdjson::SUCCESS) return input_.size();
    return std::min(static_cast<std::size_t>(at - space_.text.get()), input_.size());
  }

  std::unexpected<Error> wrong(std::string what) {
    return fail(Code::invalid, detail::place_of(input_, offset()) + ": " + what);
  }
  std::unexpected<Error> wrong(simdjson::error_code code) { return wrong(std::string(simdjson::error_message(code))); }

  Result<> placed(Result<> result) {
    if (!result) return in(detail::place_of(input_, offset()), std::move(result));
    return result;
  }

  // Errors of the first pass, which looks at the bytes and has no place to name.
  std::unexpected<Error> early_error(simdjson::error_code code) {
    if (code == simdjson::UTF8_ERROR)
      return fail(Code::invalid, detail::place_of(input_, utf8_prefix(input_)) + ": not UTF-8");
    return fail(Code::invalid, std::string(simdjson::error_message(code)));
  }

  std::string_view input_;
  Workspace& space_;
  Builder builder_;
  ondemand::document* document_ = nullptr;
};

// What the workspace of a thread may keep.
constexpr std::size_t kept_size = std::size_t{1} << 20;

}  // namespace

Result<Document> parse_json(std::string_view text, const Limits& limits) {
  auto input = SW_TRY(detail::checked_input(text, limits));
  if (input.size() > kept_size) {
    Workspace space;
    return JsonReader(input, limits, space).run();
  }
  thread_local Workspace kept;
  return JsonReader(input, limits, kept).run();
}

}  // namespace seawall::codec
