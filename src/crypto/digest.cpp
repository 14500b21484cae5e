#include "crypto/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cstddef>

#include "base/text.h"

namespace seawall::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// Fetched once: OpenSSL 3 looks an algorithm up anew at each use of EVP_sha256(), which costs more than a small hash.
const EVP_MD* implementation(Algorithm algorithm) {
  static const std::array<const EVP_MD*, 4> fetched = {
      EVP_MD_fetch(nullptr, "SHA2-256", nullptr), EVP_MD_fetch(nullptr, "SHA2-512", nullptr),
      EVP_MD_fetch(nullptr, "SHA1", nullptr), EVP_MD_fetch(nullptr, "MD5", nullptr)};
  const EVP_MD* found = fetched.at(static_cast<std::size_t>(algorithm));
  SW_CHECK(found != nullptr);
  return found;
}

struct OciAlgorithm {
  std::string_view name;
  Algorithm algorithm;
  std::size_t hex_length;
};
constexpr std::array<OciAlgorithm, 2> oci_algorithms = {
    OciAlgorithm{"sha256", Algorithm::sha256, 64},
    OciAlgorithm{"sha512", Algorithm::sha512, 128},
};

bool is_lower_hex(std::string_view text) noexcept {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

struct Hasher::Impl {
  Context context{EVP_MD_CTX_new()};
};

Hasher::Hasher(Algorithm algorithm) : impl_(std::make_unique<Impl>()) {
  SW_CHECK(impl_->context != nullptr);
  SW_CHECK(EVP_DigestInit_ex2(impl_->context.get(), implementation(algorithm), nullptr) == 1);
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(std::string_view bytes) {
  SW_CHECK(impl_ != nullptr);
  SW_CHECK(EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string Hasher::finish() {
  SW_CHECK(impl_ != nullptr);
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned length = 0;
  SW_CHECK(EVP_DigestFinal_ex(impl_->context.get(), raw.data(), &length) == 1);
  impl_.reset();
  return {reinterpret_cast<const char*>(raw.data()), length};
}

std::string Hasher::finish_hex() { return to_hex(finish()); }

std::string sha256_hex(std::string_view bytes) {
  Hasher hasher;
  hasher.update(bytes);
  return hasher.finish_hex();
}

Result<Digest> Digest::parse(std::string_view text) {
  auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return fail(Code::invalid, "digest without algorithm");
  auto hex = text.substr(colon + 1);
  for (const auto& known : oci_algorithms) {
    if (text.substr(0, colon) != known.name) continue;
    if (hex.size() != known.hex_length || !is_lower_hex(hex))
      return fail(Code::invalid, "digest is not lower-case hexadecimal of the right length");
    return Digest(std::string(text));
  }
  return fail(Code::unsupported, "digest algorithm " + to_utf8(text.substr(0, colon).substr(0, 32)));
}

Digest Digest::of(std::string_view bytes) { return from_sha256_hex(sha256_hex(bytes)); }

Digest Digest::from_sha256_hex(std::string hex) {
  SW_CHECK(hex.size() == 64 && is_lower_hex(hex));
  return Digest(hex.insert(0, "sha256:"));
}

std::string_view Digest::hex() const noexcept { return std::string_view(text_).substr(text_.find(':') + 1); }

Algorithm Digest::algorithm() const noexcept {
  return text_.starts_with("sha512:") ? Algorithm::sha512 : Algorithm::sha256;
}

}  // namespace seawall::crypto
