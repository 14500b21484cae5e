#include "oci/detail/verify.h"

namespace seawall::oci::detail {
namespace {

std::string prefix_of(crypto::Algorithm algorithm) {
  return algorithm == crypto::Algorithm::sha512 ? "sha512:" : "sha256:";
}

Error wrong_digest(const crypto::Digest& wanted, std::string_view got_hex) {
  return {Code::corrupt,
          "content does not match its digest: " + wanted.text() + " was asked for, " + std::string(got_hex) + " came"};
}

Error wrong_size(std::uint64_t wanted, std::string_view got) {
  return {Code::corrupt, std::to_string(wanted) + " bytes were announced, " + std::string(got)};
}

class VerifiedSource final : public Source {
 public:
  VerifiedSource(std::unique_ptr<Source> inner, crypto::Digest digest, std::optional<std::uint64_t> size)
      : inner_(std::move(inner)), digest_(std::move(digest)), size_(size), hasher_(digest_.algorithm()) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    if (failure_) return std::unexpected(*failure_);
    if (ended_ || buffer.empty()) return std::size_t{0};
    auto n = step(buffer);
    if (!n) failure_ = n.error();
    return n;
  }

 private:
  Result<std::size_t> step(std::span<char> buffer) {
    auto n = SW_TRY(inner_->read(buffer));
    if (n == 0) {
      SW_TRY(check_end());
      return n;
    }
    passed_ += n;
    if (size_ && passed_ > *size_) return std::unexpected(wrong_size(*size_, "more came"));
    hasher_.update({buffer.data(), n});
    return n;
  }

  Result<> check_end() {
    ended_ = true;
    if (size_ && passed_ != *size_) return std::unexpected(wrong_size(*size_, std::to_string(passed_) + " came"));
    auto got = hasher_.finish_hex();
    if (got != digest_.hex()) return std::unexpected(wrong_digest(digest_, got));
    return {};
  }

  std::unique_ptr<Source> inner_;
  crypto::Digest digest_;
  std::optional<std::uint64_t> size_;
  crypto::Hasher hasher_;
  std::uint64_t passed_ = 0;
  bool ended_ = false;
  std::optional<Error> failure_;
};

}  // namespace

crypto::Digest digest_of(std::string_view bytes, crypto::Algorithm algorithm) {
  crypto::Hasher hasher(algorithm);
  hasher.update(bytes);
  auto digest = crypto::Digest::parse(prefix_of(algorithm) + hasher.finish_hex());
  SW_CHECK(digest.has_value());
  return *digest;
}

Result<> verify(std::string_view bytes, const crypto::Digest& digest, std::optional<std::uint64_t> size) {
  if (size && bytes.size() != *size) return std::unexpected(wrong_size(*size, std::to_string(bytes.size()) + " came"));
  auto got = digest_of(bytes, digest.algorithm());
  if (got != digest) return std::unexpected(wrong_digest(digest, got.hex()));
  return {};
}

std::unique_ptr<Source> verified(std::unique_ptr<Source> inner, crypto::Digest digest,
                                 std::optional<std::uint64_t> size) {
  return std::make_unique<VerifiedSource>(std::move(inner), std::move(digest), size);
}

}  // namespace seawall::oci::detail
