// Tar blocks made by hand, good and bad, for tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace seawall::archive::test {

using namespace std::string_view_literals;

struct RawHeader {
  std::string_view name;
  std::uint64_t size = 0;
  char type = '0';
  std::string_view link = {};
  std::string_view magic = "ustar\00000"sv;
  std::string_view prefix = {};
  std::string_view size_field = {};  // instead of `size`
};

inline void fix_checksum(std::string& block, std::size_t at = 0) {
  block.replace(at + 148, 8, 8, ' ');
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(block[at + i]);
  char text[16];
  std::snprintf(text, sizeof text, "%06o", sum);
  block.replace(at + 148, 7, text, 7);
}

inline std::string raw(const RawHeader& header) {
  std::string block(512, '\0');
  auto put = [&](std::size_t at, std::string_view text) { block.replace(at, text.size(), text); };
  char size[16];
  std::snprintf(size, sizeof size, "%011llo", static_cast<unsigned long long>(header.size));
  put(0, header.name);
  put(100, "0000644");
  put(124, header.size_field.empty() ? std::string_view(size, 11) : header.size_field);
  put(136, "00000000000");
  block[156] = header.type;
  put(157, header.link);
  put(257, header.magic);
  put(345, header.prefix);
  fix_checksum(block);
  return block;
}

inline std::string padded(std::string_view content) {
  std::string blocks((content.size() + 511) / 512 * 512, '\0');
  content.copy(blocks.data(), content.size());
  return blocks;
}

inline std::string pax_record(std::string_view key, std::string_view value) {
  std::size_t length = key.size() + value.size() + 4;
  auto make = [&] { return std::to_string(length) + " " + std::string(key) + "=" + std::string(value) + "\n"; };
  while (make().size() != length) length = make().size();
  return make();
}

inline std::string special(char type, const std::string& body) {
  return raw({.name = "special", .size = body.size(), .type = type}) + padded(body);
}

inline std::string pax(std::initializer_list<std::pair<std::string_view, std::string_view>> records, char type = 'x') {
  std::string body;
  for (const auto& [key, value] : records) body += pax_record(key, value);
  return special(type, body);
}

inline std::string end_mark() { return std::string(1024, '\0'); }

}  // namespace seawall::archive::test
