#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <numeric>

#include "base/text.h"
#include "codec/detail/builder.h"

namespace seawall::codec {

void Document::Arena::grow(std::size_t bytes) {
  constexpr std::size_t biggest = std::size_t{1} << 20;
  auto size = std::max(bytes, chunk_size);
  chunk_size = std::min(chunk_size * 2, biggest);
  chunks.push_back(std::make_unique_for_overwrite<char[]>(size));
  next = chunks.back().get();
  left = size;
}

namespace detail {

Builder::Builder(const Limits& limits, Places places) : limits_(limits), places_(places) {
  limits_.depth = std::min(limits_.depth, deepest);
  start();
}

void Builder::start() {
  document_.arena_ = std::make_unique<Document::Arena>();
  // Places take their room, and who wants them reads files.
  if (places_ == Places::kept) document_.arena_->chunk_size = 4096;
}

std::string_view Builder::keep(std::string_view text) {
  if (text.empty()) return "";
  auto* copy = static_cast<char*>(document_.arena_->allocate(text.size()));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

Result<> Builder::open(Kind container) {
  if (open_.size() >= limits_.depth) return fail(Code::exhausted, "nested too deeply");
  open_.push_back({container, pending_.size(), key_, place_.key});
  return {};
}

Result<> Builder::add(const Node& node) { return add(node, 1); }

Result<> Builder::count(std::size_t weight) {
  if (weight > limits_.nodes - used_) return fail(Code::exhausted, "too many values");
  used_ += weight;
  return {};
}

Result<> Builder::add(const Node& node, std::size_t weight) {
  SW_TRY(count(weight));
  if (open_.empty()) {
    document_.arena_->root = node;
    root_place_ = {.key = {}, .value = place_.value};
    return {};
  }
  pending_.push_back({key_.data(), {static_cast<std::uint32_t>(key_.size()), hash_of(key_)}, node});
  if (places_ == Places::kept) {
    if (open_.back().kind == Kind::array) place_.key = {};
    pending_places_.push_back(place_);
  }
  return {};
}

void Builder::prepend(std::span<const MemberNode> members, std::span<const Place> places) {
  auto at = static_cast<std::ptrdiff_t>(open_.back().first);
  pending_.insert(pending_.begin() + at, members.begin(), members.end());
  if (places_ == Places::kept) pending_places_.insert(pending_places_.begin() + at, places.begin(), places.end());
}

Node Builder::take() {
  auto open = open_.back();
  auto* first = pending_.data() + open.first;
  auto count = pending_.size() - open.first;
  Node node;
  node.kind = open.kind;
  node.size = static_cast<std::uint32_t>(count);
  auto& arena = *document_.arena_;
  auto size_of_places = places_ == Places::kept ? count * sizeof(Place) : 0;
  void* end = nullptr;
  if (open.kind == Kind::object) {
    auto* members = static_cast<MemberNode*>(arena.allocate(count * sizeof(MemberNode) + size_of_places));
    end = std::uninitialized_copy_n(first, count, members);
    node.members = members;
  } else {
    auto* items = static_cast<Node*>(arena.allocate(count * sizeof(Node) + size_of_places));
    for (std::size_t i = 0; i < count; ++i) new (items + i) Node(first[i].value);
    end = items + count;
    node.items = items;
  }
  if (places_ == Places::kept) {
    std::uninitialized_copy_n(pending_places_.data() + open.first, count, static_cast<Place*>(end));
    pending_places_.resize(open.first);
  }
  pending_.resize(open.first);
  open_.pop_back();
  key_ = open.key;
  place_.key = open.key_range;
  return node;
}

std::optional<SameName> name_twice(std::span<const MemberNode> members) {
  // Most objects are small; of big ones nobody may make us compare all with all.
  constexpr std::size_t small = 12;
  if (members.size() > small) {
    std::vector<std::uint32_t> order(members.size());
    std::iota(order.begin(), order.end(), 0U);
    auto name = [&](std::uint32_t at) { return members[at].name(); };
    std::ranges::stable_sort(order, {}, name);
    auto twice = std::ranges::adjacent_find(order, {}, name);
    if (twice == order.end()) return std::nullopt;
    return SameName{*twice, *(twice + 1)};
  }
  for (std::size_t second = 1; second < members.size(); ++second)
    for (std::size_t first = 0; first < second; ++first)
      if (members[first].tag == members[second].tag && members[first].name() == members[second].name())
        return SameName{first, second};
  return std::nullopt;
}

std::optional<Builder::Twice> Builder::key_twice() const {
  auto same = name_twice(members());
  if (!same) return std::nullopt;
  const auto* places = pending_places_.data() + open_.back().first;
  return Twice{members()[same->first].name(), places[same->first], places[same->second]};
}

static Node scalar(Kind kind, std::string_view kept) {
  Node node;
  node.kind = kind;
  node.size = static_cast<std::uint32_t>(kept.size());
  node.text = kept.data();
  return node;
}

Node Builder::boolean(bool value, std::string_view written) {
  auto node = scalar(Kind::boolean, keep(written));
  node.integer = value ? 1 : 0;
  return node;
}

Node Builder::text(std::string_view content) { return scalar(Kind::text, keep(content)); }

Node Builder::integer(std::int64_t value, std::string_view written) {
  auto node = scalar(Kind::integer, keep(written));
  node.integer = value;
  return node;
}

Node Builder::real(double value, std::string_view written) {
  auto node = scalar(Kind::number, keep(written));
  node.number = value;
  return node;
}

Node Builder::number(std::string_view written) {
  auto digits = written.starts_with('+') ? written.substr(1) : written;
  if (auto whole = to_i64(digits)) return integer(*whole, written);
  double value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  // Out of range: from_chars gives nothing, strtod infinity or zero.
  if (error == std::errc::result_out_of_range) value = std::strtod(std::string(digits).c_str(), nullptr);
  return real(value, written);
}

Document Builder::finish() { return std::move(document_); }

PlacedDocument Builder::finish_placed() {
  PlacedDocument finished(std::move(document_), root_place_, used_ - std::exchange(used_before_, used_));
  start();
  return finished;
}

Result<std::string_view> checked_input(std::string_view text, const Limits& limits) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  // Offsets are 32 bits wide in the parsers and in our nodes.
  if (text.size() > std::min<std::size_t>(limits.bytes, UINT32_MAX - 1024))
    return fail(Code::exhausted, "longer than " + human_size(limits.bytes));
  return text;
}

std::string place_of(std::string_view text, std::size_t offset) {
  auto before = text.substr(0, offset);
  auto line = std::count(before.begin(), before.end(), '\n') + 1;
  auto start = before.rfind('\n');
  auto column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

bool is_json_number(std::string_view s) noexcept {
  auto digits = [&] {
    auto before = s.size();
    while (!s.empty() && is_digit(s.front())) s.remove_prefix(1);
    return s.size() < before;
  };
  if (s.starts_with('-')) s.remove_prefix(1);
  if (s.starts_with('0'))
    s.remove_prefix(1);
  else if (!digits())
    return false;
  if (s.starts_with('.')) {
    s.remove_prefix(1);
    if (!digits()) return false;
  }
  if (s.starts_with('e') || s.starts_with('E')) {
    s.remove_prefix(1);
    if (s.starts_with('+') || s.starts_with('-')) s.remove_prefix(1);
    if (!digits()) return false;
  }
  return s.empty();
}

}  // namespace detail
}  // namespace seawall::codec
