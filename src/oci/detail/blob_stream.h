// A blob from a registry as one stream, however often the connection breaks: it goes on by Range where it stopped, at
// the same place first, then at the next one (another mirror, the origin, a foreign URL).
// Threads: a stream belongs to one.
#pragma once

#include <memory>
#include <optional>

#include "oci/detail/retry.h"
#include "oci/detail/session.h"

namespace seawall::oci::detail {

class BlobStream final : public Source {
 public:
  static Result<std::unique_ptr<Source>> open(std::shared_ptr<const Session>, const Descriptor&);
  Result<std::size_t> read(std::span<char>) override;

 private:
  BlobStream(std::shared_ptr<const Session>, const Descriptor&);
  Result<> open_somewhere();
  Result<> open_here();
  Result<> skip(std::uint64_t bytes);
  Result<std::size_t> next(std::span<char>);
  bool leads_elsewhere(const Error&) const;
  bool may_go_on_after(const Error&);

  std::shared_ptr<const Session> session_;
  Descriptor descriptor_;
  std::unique_ptr<net::Stream> stream_;
  std::size_t place_ = 0;
  std::uint64_t offset_ = 0, since_break_ = 0;
  Retry retry_;
};

}  // namespace seawall::oci::detail
