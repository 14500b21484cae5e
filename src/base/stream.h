// Bytes that are read once, front to back: what net gives, archive transforms and oci verifies.
// Threads: one stream, one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace seawall {

class Source {
 public:
  virtual ~Source() = default;
  // Fills up to the whole buffer; 0 only at the end of the stream. After an error the stream stays failed.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<> write(std::string_view bytes) = 0;
};

// Reads from memory that outlives it.
class MemorySource final : public Source {
 public:
  explicit MemorySource(std::string_view bytes) : rest_(bytes) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    auto n = rest_.copy(buffer.data(), buffer.size());
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
};

// The rest of a stream as text; `exhausted` where it is longer than `limit`.
Result<std::string> read_all(Source&, std::size_t limit);
// A file as a stream.
Result<std::unique_ptr<Source>> open_source(const std::string& path);

}  // namespace seawall
