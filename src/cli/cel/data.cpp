#include "cli/cel/data.h"

#include <unistd.h>

#include <cerrno>
#include <unordered_set>

#include "base/files.h"
#include "base/stream.h"
#include "base/text.h"
#include "codec/json.h"
#include "codec/yaml.h"

namespace seawall::cli {
namespace {

constexpr std::size_t largest = std::size_t{256} << 20;

class StandardInput final : public Source {
 public:
  Result<std::size_t> read(std::span<char> buffer) override {
    for (;;) {
      auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) return std::unexpected(system_error(errno, "standard input"));
    }
  }
};

bool looks_like_json(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && std::string_view("{[\"").contains(text[first]);
}

// The only document that isn't empty: templates leave many that hold a comment alone.
Result<codec::Value> only_document(codec::Value documents) {
  codec::Value found;
  std::size_t count = 0;
  for (auto each : documents.items()) {
    if (!each) continue;
    found = each;
    ++count;
  }
  if (count > 1)
    return fail(Code::invalid,
                std::to_string(documents.size()) + " documents, one is wanted: --document N takes the Nth");
  return found;
}

Result<codec::Value> chosen_document(codec::Value documents, std::optional<std::int64_t> number) {
  if (!number) return only_document(documents);
  if (*number < 1 || static_cast<std::uint64_t>(*number) > documents.size())
    return fail(Code::invalid,
                "no document " + std::to_string(*number) + ": there are " + std::to_string(documents.size()));
  return documents.at(static_cast<std::size_t>(*number) - 1);
}

Result<Data> parse_yaml(std::string_view text, std::optional<std::int64_t> number) {
  Data data{SW_TRY(codec::parse_yaml_all(text)), {}};
  data.root = SW_TRY(chosen_document(data.document.root(), number));
  return data;
}

// What begins like JSON is JSON, unless only YAML can read it: a flow mapping such as {a: b}.
Result<Data> parse_json_first(std::string_view text, std::optional<std::int64_t> number) {
  auto json = codec::parse_json(text);
  if (!json) {
    if (auto yaml = parse_yaml(text, number)) return yaml;
    return std::unexpected(std::move(json.error()));
  }
  if (number.value_or(1) != 1) return fail(Code::invalid, "no document " + std::to_string(*number) + " in JSON");
  Data data{std::move(*json), {}};
  data.root = data.document.root();
  return data;
}

// Readers disagree about which of two equal keys counts. Recursion is as deep as the parsers let data nest.
Result<> refuse_duplicates(codec::Value value) {
  std::unordered_set<std::string_view, TextHash> seen;
  for (auto [key, member] : value.members()) {
    if (!seen.insert(key).second) return fail(Code::invalid, "the key \"" + std::string(key) + "\" is given twice");
    if (auto checked = refuse_duplicates(member); !checked) return in(key, std::move(checked));
  }
  std::size_t index = 0;
  for (auto item : value.items()) {
    if (auto checked = refuse_duplicates(item); !checked) return in(std::to_string(index), std::move(checked));
    ++index;
  }
  return {};
}

}  // namespace

Result<Data> parse_data(std::string_view text, std::optional<std::int64_t> number) {
  if (auto good = utf8_prefix(text); good < text.size())
    return fail(Code::invalid, "byte " + std::to_string(good + 1) + " is not UTF-8: neither JSON nor YAML");
  auto data = SW_TRY(looks_like_json(text) ? parse_json_first(text, number) : parse_yaml(text, number));
  SW_TRY(refuse_duplicates(data.root));
  return data;
}

Result<Data> read_data(const std::string& path, std::optional<std::int64_t> number) {
  StandardInput standard_input;
  if (path == "-") return in("standard input", parse_data(SW_TRY(in(path, read_all(standard_input, largest))), number));
  auto source = SW_TRY(open_source(path));
  return in(path, parse_data(SW_TRY(in(path, read_all(*source, largest))), number));
}

}  // namespace seawall::cli
