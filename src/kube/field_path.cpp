#include "kube/field_path.h"

#include <algorithm>

#include "base/text.h"

namespace seawall::kube {
namespace {

class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}

  Result<FieldPath> run() {
    if (text_.empty()) return FieldPath{};
    if (text_.front() != '[') SW_TRY(name());
    while (at_ < text_.size()) {
      char c = text_[at_++];
      if (c == '.') {
        SW_TRY(name());
      } else if (c == '[') {
        SW_TRY(bracket());
      } else {
        --at_;
        return wrong("'.' or '[' expected");
      }
    }
    return std::move(path_);
  }

 private:
  Result<> name() {
    auto end = std::min(text_.find_first_of(".[]'\" \t\r\n", at_), text_.size());
    if (end == at_) return wrong("a name expected");
    path_.steps.push_back({.name = std::string(text_.substr(at_, end - at_))});
    at_ = end;
    return {};
  }

  Result<> bracket() {
    bool quoted = at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"');
    SW_TRY(quoted ? quoted_name() : index());
    if (at_ >= text_.size() || text_[at_] != ']') return wrong("']' expected");
    ++at_;
    return {};
  }

  Result<> index() {
    auto end = std::min(text_.find(']', at_), text_.size());
    auto number = to_u64(text_.substr(at_, end - at_));
    if (!number) return wrong("a number or a name in quotes expected");
    path_.steps.push_back({.name = {}, .index = number});
    at_ = end;
    return {};
  }

  Result<> quoted_name() {
    char quote = text_[at_++];
    std::string name;
    for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      name.push_back(text_[at_]);
    }
    if (at_ >= text_.size()) return wrong("a quote without end");
    ++at_;
    path_.steps.push_back({.name = std::move(name)});
    return {};
  }

  std::unexpected<Error> wrong(std::string_view what) const {
    return fail(Code::invalid, "field path, character " + std::to_string(at_ + 1) + ": " + std::string(what));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  FieldPath path_;
};

void append_quoted(std::string& out, std::string_view name) {
  out += "['";
  for (char c : name) {
    if (c == '\'' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out += "']";
}

bool is_plain(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '_'; });
}

}  // namespace

Result<FieldPath> FieldPath::parse(std::string_view text) { return PathReader(text).run(); }

std::string FieldPath::text() const {
  std::string out;
  for (const auto& step : steps) {
    if (step.index) {
      out.append("[").append(std::to_string(*step.index)).append("]");
    } else if (is_plain(step.name)) {
      if (!out.empty()) out.push_back('.');
      out += step.name;
    } else {
      append_quoted(out, step.name);
    }
  }
  return out;
}

std::optional<std::size_t> child_at(codec::Value container, const FieldStep& step) noexcept {
  if (step.index) {
    if (!container.is_array() || *step.index >= container.size()) return std::nullopt;
    return step.index;
  }
  if (!container.is_object()) return std::nullopt;
  codec::Key key(step.name);
  const auto* members = container.node()->members;
  for (auto at = container.size(); at-- > 0;)
    if (key.names(members[at])) return at;
  return std::nullopt;
}

codec::Value child_of(codec::Value container, std::size_t position) noexcept {
  if (!container.is_object()) return container.at(position);
  return codec::Value(&container.node()->members[position].value);
}

codec::Value find(codec::Value object, const FieldPath& path) noexcept {
  for (const auto& step : path.steps) {
    auto position = child_at(object, step);
    if (!position) return {};
    object = child_of(object, *position);
  }
  return object;
}

}  // namespace seawall::kube
