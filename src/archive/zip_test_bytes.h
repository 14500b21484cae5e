// Zip archives made by hand, good and bad, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archive/decompress.h"

namespace seawall::archive::test {

inline std::string little_endian(std::uint64_t value, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i, value >>= 8U) bytes += static_cast<char>(value & 0xffU);
  return bytes;
}

// A raw deflate stream and CRC-32, cut out of a gzip member (RFC 1952: 10 bytes before, 8 behind).
struct Deflated {
  std::string stream, checksum;
  explicit Deflated(std::string_view content) {
    auto member = gzip(content).value();
    stream = member.substr(10, member.size() - 18);
    checksum = member.substr(member.size() - 8, 4);
  }
};

class ZipBytes {
 public:
  struct Member {
    std::string_view name, content;
    std::uint16_t method = 8, flags = 0;
    std::int64_t size_lie = 0;  // added to the size that is claimed
    bool zip64 = false;
  };

  ZipBytes& add(const Member& member) {
    Deflated deflated(member.content);
    std::string data = member.method == 8 ? deflated.stream : std::string(member.content);
    auto claimed = static_cast<std::uint64_t>(static_cast<std::int64_t>(member.content.size()) + member.size_lie);
    std::string extra;
    if (member.zip64)
      extra = little_endian(1, 2) + little_endian(24, 2) + little_endian(claimed, 8) + little_endian(data.size(), 8) +
              little_endian(body_.size(), 8);
    std::string common =
        little_endian(member.flags, 2) + little_endian(member.method, 2) + std::string(4, '\0') + deflated.checksum +
        (member.zip64 ? std::string(8, '\xff') : little_endian(data.size(), 4) + little_endian(claimed, 4)) +
        little_endian(member.name.size(), 2);
    directory_ += "PK\x01\x02" + little_endian(20, 2) + little_endian(20, 2) + common + little_endian(extra.size(), 2) +
                  std::string(10, '\0') + (member.zip64 ? std::string(4, '\xff') : little_endian(body_.size(), 4)) +
                  std::string(member.name) + extra;
    body_ += "PK\x03\x04" + little_endian(20, 2) + common + little_endian(0, 2) + std::string(member.name) + data;
    ++count_;
    return *this;
  }

  std::string finish(std::string_view comment = {}) const {
    return body_ + directory_ + "PK\x05\x06" + std::string(4, '\0') + little_endian(count_, 2) +
           little_endian(count_, 2) + little_endian(directory_.size(), 4) + little_endian(body_.size(), 4) +
           little_endian(comment.size(), 2) + std::string(comment);
  }

  std::string finish_zip64() const {
    std::string end64 = "PK\x06\x06" + little_endian(44, 8) + std::string(12, '\0') + little_endian(count_, 8) +
                        little_endian(count_, 8) + little_endian(directory_.size(), 8) + little_endian(body_.size(), 8);
    std::string locator =
        "PK\x06\x07" + std::string(4, '\0') + little_endian(body_.size() + directory_.size(), 8) + little_endian(1, 4);
    return body_ + directory_ + end64 + locator + "PK\x05\x06" + std::string(4, '\0') + std::string(12, '\xff') +
           std::string(2, '\0');
  }

 private:
  std::string body_, directory_;
  std::uint64_t count_ = 0;
};

}  // namespace seawall::archive::test
