// Digests (FIPS 180-4) by OpenSSL, and the "sha256:<hex>" form by which OCI names content.
// Threads: one hasher, one thread. Fails: invalid for text that is no digest, unsupported for another algorithm.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace seawall::crypto {

enum class Algorithm : unsigned char { sha256, sha512, sha1, md5 };

class Hasher {
 public:
  explicit Hasher(Algorithm = Algorithm::sha256);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();
  void update(std::string_view bytes);
  // Raw digest bytes; the hasher is spent.
  std::string finish();
  std::string finish_hex();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string sha256_hex(std::string_view bytes);

// A content digest as OCI writes it; always valid once made.
class Digest {
 public:
  static Result<Digest> parse(std::string_view);  // sha256 and sha512 only
  static Digest of(std::string_view bytes);       // sha256
  static Digest from_sha256_hex(std::string hex);
  const std::string& text() const noexcept { return text_; }  // "sha256:..."
  std::string_view hex() const noexcept;
  Algorithm algorithm() const noexcept;
  auto operator<=>(const Digest&) const = default;

 private:
  explicit Digest(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace seawall::crypto
