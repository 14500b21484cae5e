// From text to tree (CEL language definition, "Syntax" and "Macros"; extensions of cel-go: optional syntax,
// two-variable comprehensions, bind, block, math.greatest, proto.getExt, sortBy). Threads: safe. Fails: invalid (every
// message with line, column and caret), exhausted (limits).
#pragma once

#include "base/result.h"
#include "cel/ast.h"

namespace seawall::cel {

struct ParseOptions {
  std::size_t bytes = 100'000;  // Kubernetes' own limit for one expression is below it
  std::uint32_t nodes = 200'000;
  unsigned depth = 250;          // nesting, as cel-go; the tree is at most twice as high
  bool macros = true;            // has, all, exists, exists_one, map, filter
  bool extension_macros = true;  // the rest
  bool local_macros =
      true;  // of those cel.bind, cel.block, proto.getExt, existsOne(x, ..): Kubernetes has none of them
  bool optional_syntax = true;  // a.?b, a[?b], [?x], {?k: v}, T{?f: v}
};

Result<Ast> parse(std::string_view source, const ParseOptions& = {});

}  // namespace seawall::cel
