#include "base/random.h"

#include <sys/random.h>

#include <cerrno>

#include "base/result.h"

namespace seawall {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t done = 0; done < count;) {
    auto got = ::getrandom(bytes.data() + done, count - done, 0);
    // Every kernel that this program runs on has the call, and it fails for bad arguments only.
    SW_CHECK(got >= 0 || errno == EINTR);
    if (got > 0) done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace seawall
