// Room cel: what users write as rules.
#include "base/result.h"
#include "cel/parse.h"
#include "fuzz.h"

using namespace seawall;

SW_FUZZ(cel_parse,
        "=a.b[0].?c+size(x)*-1.5e3 =[1,?a].all(x,x.y>0x1Fu)||{?'k':v,}[?'z']==T{`f-g`:null} "
        "=a.optMap(x,x).transformMap(k,v,math.least(k,v))?cel.bind(q,r'\\',q):b\"\\xff\\101\" "
        "=cel.block([1,cel.index(0)],cel.index(1))//c") {
  auto ast = cel::parse(data);
  if (!ast) {
    SW_CHECK(!ast.error().what.empty());
    return;
  }
  auto written = cel::text(ast->root());
  // What is written has escapes for odd characters and may have a pair of parentheses more.
  auto again = cel::parse(written, {.bytes = 10'000'000, .nodes = 500'000, .depth = 500});
  SW_CHECK(again.has_value());
  SW_CHECK(cel::text(again->root()) == written);
  SW_CHECK(again->root().height == ast->root().height);
}
