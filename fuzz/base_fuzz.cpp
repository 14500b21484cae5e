#include "fuzz.h"

#include <cstdlib>

#include "base/files.h"
#include "base/text.h"
#include "base/time.h"

namespace {
void expect(bool condition) {
  if (!condition) std::abort();
}
}  // namespace

// Pattern, a line end, path.
SW_FUZZ(glob, "=**/node_modules/*/[a-z]?.json") {
  auto halves = seawall::cut(data, "\n").value_or(seawall::Halves{data, "usr/lib/node_modules/a/package.json"});
  seawall::glob_match(halves.left, halves.right);
  expect(seawall::glob_match("**", data));
}

SW_FUZZ(utf8, "=a\xC3\xA4\xE2\x82\xAC") {
  auto repaired = seawall::to_utf8(data);
  expect(seawall::is_utf8(repaired));
  expect((repaired == data) == seawall::is_utf8(data));
  expect(seawall::from_hex(seawall::to_hex(data)) == data);
}

SW_FUZZ(time, "=2024-01-31T10:20:30.5+01:00 =2024-01-31") {
  if (auto instant = seawall::parse_instant(data))
    expect(seawall::parse_instant(seawall::to_rfc3339(*instant)) == instant);
}

SW_FUZZ(path, "=/a/../b//./c") {
  auto normal = seawall::normal_path(data);
  expect(seawall::normal_path(normal) == normal);
  expect(!normal.starts_with('/') && normal != ".." && !normal.starts_with("../") && !normal.contains("/../"));
}
