#include "fuzz.h"
#include "net/http.h"

using namespace seawall;

SW_FUZZ(url, "=https://user@host:5000/a/../b?c#d =http://[::1]:80/ =/v2/x?y=1 =//host/x") {
  auto url = net::parse_url(data);
  // What was taken apart is whole again, and no user is left in it.
  if (url && !net::parse_url(url->text)) __builtin_trap();
  (void)net::resolve_url("https://a.example/v2/x/y?z", data);
  (void)net::is_loopback(data);
}
