// Readers of foreign texts in CEL's libraries, and format().
#include <cmath>

#include "base/result.h"
#include "base/text.h"
#include "cel/detail/address.h"
#include "cel/detail/moments.h"
#include "cel/detail/numbers.h"
#include "cel/detail/plain_call.h"
#include "cel/detail/quantity.h"
#include "cel/detail/semver.h"
#include "cel/detail/texts.h"
#include "cel/detail/time_zone.h"
#include "cel/detail/url.h"
#include "fuzz.h"

using namespace seawall;
using namespace seawall::cel;

namespace {

// The first half of the data (up to the first line's end, where there is one) and the rest.
Halves halves(std::string_view data) {
  if (auto lines = cut(data, "\n")) return *lines;
  return {data.substr(0, data.size() / 2), data.substr(data.size() / 2)};
}

struct Libraries {
  Environment environment;
  Libraries() { add_strings(environment); }
  const Overload& overload(std::string_view name, std::size_t number = 0) const {
    return environment.find_function(name, Style::method)->overloads[number];
  }
};
const Libraries& libraries() {
  static const Libraries made;
  return made;
}

}  // namespace

// Sums and differences undo each other; order and equality agree.
SW_FUZZ(cel_quantity, "=12Mi =-0.5n =9999999999999999999999G =1e300 =+.5E-3") {
  Arena arena(1 << 20);
  auto [left, right] = halves(data);
  auto one = read_quantity(left, arena), other = read_quantity(right, arena);
  if (one.error != QuantityError::none || other.error != QuantityError::none) return;
  SW_CHECK(compare(one.quantity, one.quantity) == 0);
  SW_CHECK(compare(one.quantity, other.quantity) == (0 <=> compare(other.quantity, one.quantity)));
  SW_CHECK(!text(one.quantity).empty());
  SW_CHECK(one.quantity.sign() == 0 || !as_integer(one.quantity) || std::isfinite(as_double(one.quantity)));
  auto sum = add(one.quantity, other.quantity, arena);
  if (sum.error != QuantityError::none) return;
  auto back = add(sum.quantity, negated(other.quantity), arena);
  SW_CHECK(back.error != QuantityError::none || compare(back.quantity, one.quantity) == 0);
}

SW_FUZZ(cel_semver, "=1.2.3-alpha.1+build =v01.2") {
  Arena arena(1 << 20);
  bool out_of_memory = false;
  auto [left, right] = halves(data);
  auto one = read_semver(left), other = read_semver(right);
  auto tolerant = read_tolerant_semver(left, arena, out_of_memory);
  SW_CHECK(!one || (tolerant && compare(*one, *tolerant) == 0));
  if (one && other) SW_CHECK(compare(*one, *other) == (0 <=> compare(*other, *one)));
}

SW_FUZZ(cel_url, "=https://user:pw@example.com:8080/a%20b?x=1&y=2#f =mailto:a@b =//h/p =https://[::1%25e]:1/") {
  Arena arena(1 << 20);
  auto read = read_url(data, arena);
  if (read.error != nullptr) return;
  SW_CHECK(read.url.hostname().size() + read.url.port().size() <= read.url.host.size());
  SW_CHECK(read_request_target(data, arena).error == nullptr);
  SW_CHECK(unescape(read.url.path, Plus::itself, arena).has_value());
}

// What is written reads back as the same.
SW_FUZZ(cel_address, "=192.168.0.1 =2001:db8::1 =::ffff:1.2.3.4 =10.0.0.1/8 =fe80::1%en0/64") {
  if (auto read = read_address(data); read.error == AddressError::none) {
    SW_CHECK(read_address(text(read.address)).address == read.address);
    SW_CHECK(contains(Network{read.address, read.address.bits()}, read.address));
  }
  auto read = read_network(data);
  if (read.error != AddressError::none) return;
  SW_CHECK(read_network(text(read.network)).network == read.network);
  SW_CHECK(contains(read.network, masked(read.network)));
}

SW_FUZZ(cel_moment, "=1h30m =-0.5s =2009-02-13T23:31:30.5+01:00 =0001-01-01T00:00:00Z =9223372036.854775807s") {
  MomentBuffer buffer;
  if (auto read = read_timestamp(data); read.error == MomentError::none) {
    auto again = read_timestamp(write_timestamp(read.moment, buffer));
    SW_CHECK(again.error == MomentError::none && again.moment == read.moment);
  }
  if (auto read = read_duration(data); read.error == MomentError::none)
    SW_CHECK(write_duration(read.moment, buffer).ends_with('s'));
}

SW_FUZZ(cel_number, "=1_000.5 =-0x1.8p-3 =1e-400 =+Inf =nan") {
  NumberBuffer buffer;
  auto number = read_double(data);
  if (!number || std::isnan(*number)) return;
  auto again = read_double(write_double(*number, buffer));
  SW_CHECK(again && *again == *number);
}

SW_FUZZ(cel_time_zone, "=TZif2 =+02:00 =Europe/Berlin") {
  if (auto zone = TimeZone::read(data))
    for (std::int64_t at : {earliest_second, std::int64_t{0}, std::int64_t{1'700'000'000}, latest_second})
      zone->seconds_east(at);
  if (data.find(':') != std::string_view::npos) (void)TimeZone::named(data);
}

// The first line is the pattern; the others are the arguments, and one list of them all.
SW_FUZZ(cel_format, "=%s%d%.3f%e%b%x%X%o%%\nabc\n12\n3.5") {
  PlainCall call;
  auto [pattern, rest] = halves(data);
  std::vector<Value> arguments;
  for (auto line : lines(rest.substr(0, 4096))) {
    if (auto integer = read_integer(line))
      arguments.push_back(Value::integer(*integer));
    else if (auto number = read_double(line))
      arguments.push_back(Value::floating(*number));
    else
      arguments.push_back(line.starts_with('b') ? Value::bytes(line) : Value::string(line));
  }
  const auto list = Value::list(arguments.data(), arguments.size());
  const Value inputs[] = {Value::string(pattern), list};
  const Value nested[] = {Value::string(pattern), Value::list(&list, 1)};
  libraries().overload("format").run(call, inputs);
  libraries().overload("format").run(call, nested);
}

SW_FUZZ(cel_text_search,
        "=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") {
  Arena arena(1 << 20);
  auto [text, wanted] = halves(data);
  bool out_of_memory = false;
  SW_CHECK(find_text(text, wanted) == text.find(wanted));
  for (auto from : {std::string_view::npos, text.size() / 2, std::size_t{0}})
    SW_CHECK(find_last_text(text, wanted, from, arena, out_of_memory) == text.rfind(wanted, from) || out_of_memory);
}
