#include "base/stream.h"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace seawall;

namespace {

// Gives at most a few bytes at a time, as sockets do.
class Dripping final : public Source {
 public:
  explicit Dripping(std::string_view bytes) : inner_(bytes) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    return inner_.read(buffer.first(std::min<std::size_t>(buffer.size(), 3)));
  }

 private:
  MemorySource inner_;
};

class Failing final : public Source {
 public:
  Result<std::size_t> read(std::span<char>) override { return fail(Code::timeout, "stalled"); }
};

}  // namespace

TEST_CASE("read_all gives what the stream holds, up to the limit") {
  const std::string big(200'000, 'x');
  struct Case {
    std::string_view name, content;
    std::size_t limit;
    bool fits;
  };
  const Case cases[] = {
      {"nothing", "", 0, true},
      {"just fits", "abc", 3, true},
      {"one byte too long", "abcd", 3, false},
      {"several steps", big, big.size(), true},
      {"several steps and too long", big, big.size() - 1, false},
      {"no limit", big, SIZE_MAX, true},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Dripping source(c.content);
    auto all = read_all(source, c.limit);
    REQUIRE(all.has_value() == c.fits);
    if (c.fits) CHECK(*all == c.content);
    if (!c.fits) CHECK(all.error().code == Code::exhausted);
  }
}

TEST_CASE("read_all passes the error of the stream on") {
  Failing source;
  auto all = read_all(source, 10);
  REQUIRE(!all);
  CHECK(all.error().code == Code::timeout);
}

TEST_CASE("a file is a stream; an absent one is not found") {
  auto itself = open_source("/proc/self/comm");
  REQUIRE(itself);
  auto name = read_all(**itself, 100);
  REQUIRE(name);
  CHECK(name->ends_with("\n"));
  auto absent = open_source("/nonexistent/file");
  REQUIRE(!absent);
  CHECK(absent.error().code == Code::not_found);
}
