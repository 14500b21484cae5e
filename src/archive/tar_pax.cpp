#include "archive/tar_pax.h"

#include "base/text.h"

namespace seawall::archive {
namespace {

struct Record {
  std::string_view key, value;
};

// Takes "<length> <key>=<value>\n" from the front; the length counts the whole record.
Result<Record> take_record(std::string_view& body) {
  auto space = body.substr(0, 20).find(' ');
  auto length = space == std::string_view::npos ? std::nullopt : to_u64(body.substr(0, space));
  if (!length || *length < space + 2 || *length > body.size()) return fail(Code::corrupt, "tar: bad pax record length");
  auto record = body.substr(space + 1, static_cast<std::size_t>(*length) - space - 1);
  body.remove_prefix(static_cast<std::size_t>(*length));
  auto equals = record.find('=');
  if (!record.ends_with('\n') || equals == 0 || equals == std::string_view::npos)
    return fail(Code::corrupt, "tar: bad pax record");
  record.remove_suffix(1);
  return Record{record.substr(0, equals), record.substr(equals + 1)};
}

Result<std::uint64_t> number(std::string_view text) {
  auto value = to_u64(text);
  if (!value || *value > INT64_MAX) return fail(Code::corrupt, "tar: bad number in pax record");
  return *value;
}

Result<> take_name(std::string& into, std::string_view value) {
  if (value.find('\0') != std::string_view::npos) return fail(Code::corrupt, "tar: zero byte in pax name");
  into = value;
  return {};
}

Result<> take_sparse_number(PaxSparse& sparse, std::string_view value) {
  if (sparse.numbers.size() >= 2 * max_sparse_parts) return fail(Code::exhausted, "tar: too many sparse parts");
  sparse.numbers.push_back(SW_TRY(number(value)));
  return {};
}

// GNU tar manual, "Storing Sparse Files": versions 0.0 (repeated records), 0.1 (map) and 1.0 (map in the content).
Result<> apply_sparse(PaxSparse& sparse, std::string_view key, std::string_view value) {
  if (key == "major") return take_name(sparse.major, value);
  if (key == "minor") return take_name(sparse.minor, value);
  if (key == "name") return take_name(sparse.name, value);
  if (key == "size" || key == "realsize") {
    sparse.real_size = SW_TRY(number(value));
  } else if (key == "numblocks") {
    sparse.parts = SW_TRY(number(value));
  } else if (key == "offset" || key == "numbytes") {
    bool offset_is_due = sparse.numbers.size() % 2 == 0;
    if (offset_is_due != (key == "offset")) return fail(Code::corrupt, "tar: sparse records out of order");
    return take_sparse_number(sparse, value);
  } else if (key == "map" && !value.empty()) {
    sparse.numbers.clear();
    for (auto piece : split(value, ',')) SW_TRY(take_sparse_number(sparse, piece));
  }
  return {};
}

Result<> apply(PaxRecords& records, const Record& record) {
  constexpr std::string_view sparse_prefix = "GNU.sparse.";
  if (record.key.starts_with(sparse_prefix))
    return apply_sparse(records.sparse, record.key.substr(sparse_prefix.size()), record.value);
  if (record.key == "path") return take_name(records.path, record.value);
  if (record.key == "linkpath") return take_name(records.link, record.value);
  if (record.key == "size" && !record.value.empty()) {
    records.size = to_i64(record.value);
    if (!records.size) return fail(Code::corrupt, "tar: bad size in pax record");
  } else if (record.key == "mtime") {
    records.modified = to_i64(record.value.substr(0, record.value.find('.')));
  }
  return {};
}

}  // namespace

Result<PaxRecords> parse_pax(std::string_view body) {
  PaxRecords records;
  while (!body.empty()) {
    auto record = SW_TRY(take_record(body));
    SW_TRY(apply(records, record));
  }
  return records;
}

}  // namespace seawall::archive
