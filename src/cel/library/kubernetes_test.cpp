#include <doctest/doctest.h>

#include <limits>

#include "cel/authorizer.h"
#include "cel/detail/function_test.h"

using namespace seawall::cel;

namespace {

FunctionTest kubernetes() {
  return FunctionTest([](Environment& environment) { add_kubernetes(environment); }, add_json_patch);
}

Value quantity(FunctionTest& test, const char* text) { return test.call("quantity", "string_to_quantity", {in(text)}); }
Value version(FunctionTest& test, const char* text) { return test.call("semver", "string_to_semver", {in(text)}); }
Value url(FunctionTest& test, const char* text) { return test.call("url", "string_to_url", {in(text)}); }
Value ip(FunctionTest& test, const char* text) { return test.call("ip", "string_to_ip", {in(text)}); }
Value cidr(FunctionTest& test, const char* text) { return test.call("cidr", "string_to_cidr", {in(text)}); }

}  // namespace

TEST_CASE("quantities are exact, and integers as Kubernetes keeps them") {
  auto test = kubernetes();
  struct Case {
    const char* text;
    std::string_view integer, approximate;
  };
  for (auto& [text, integer, approximate] : std::initializer_list<Case>{
           {"0", "0", "0.0"},
           {"+", "0", "0.0"},
           {".", "0", "0.0"},
           {"1.", "1", "1.0"},
           {"-5", "-5", "-5.0"},
           {"12Mi", "12582912", "12582912.0"},
           {"1Ti", "1099511627776", "1099511627776.0"},
           {"1Pi", "error: out of range", "1125899906842624.0"},
           {"50.703k", "50703", "50703.0"},
           {"1000m", "error: out of range", "1.0"},
           {"0.1Ki", "error: out of range", "102.4"},
           {"1e+3", "1000", "1000.0"},
           {"1e18", "1000000000000000000", "1e+18"},
           {"1E", "1000000000000000000", "1e+18"},
           {"1e19", "error: out of range", "1e+19"},
           {"0e999999", "0", "NaN"},
           {"1e300", "error: out of range", "1e+300"},
           {"0.1n", "error: out of range", "1e-09"},
           {"0.30000000000000000001", "error: out of range", "0.300000001"},
           {"9999999999999999999", "error: out of range", "1e+19"},
           {"123456789012345678901234567890.123456789", "error: out of range", "1.234567890123457e+29"},
           {"3.7Gi", "error: out of range", "3972844748.8"},
           {"", "error: bad argument", "error: bad argument"},
           {"1e", "error: bad argument", "error: bad argument"},
           {"1 ", "error: bad argument", "error: bad argument"},
           {"1.5.5", "error: bad argument", "error: bad argument"},
           {"--1", "error: bad argument", "error: bad argument"},
           {"10Mm", "error: bad argument", "error: bad argument"},
           {"1e999999", "error: out of range", "Infinity"},
           {"12345678901234567890e9999999", "error: out of range", "error: out of range"}}) {
    CAPTURE(text);
    auto made = quantity(test, text);
    CHECK(test("asInteger", "quantity_get_int", {made}) == integer);
    CHECK(test("asApproximateFloat", "quantity_get_float", {made}) == approximate);
    CHECK(test("isQuantity", "is_quantity_string", {in(text)}) == (made.is_error() ? "false" : "true"));
  }
}

TEST_CASE("quantities are compared and added by value") {
  auto test = kubernetes();
  struct Case {
    const char *left, *right;
    std::string_view order;
  };
  for (auto& [left, right, order] :
       std::initializer_list<Case>{{"200M", "0.2G", "0"},
                                   {"50Mi", "50M", "1"},
                                   {"1e300", "1e299", "1"},
                                   {"-1e300", "1", "-1"},
                                   {"-2", "-1.5", "-1"},
                                   {"1e999999", "2e999998", "1"},
                                   {"12345678901234567890123", "12345678901234567890.123k", "0"},
                                   {"0.1n", "1n", "0"},
                                   {"100Ei", "9223372036854775807", "0"},
                                   {"-100Ei", "-9223372036854775807", "0"},
                                   {"9999999999999999999999999999999999999999G", "1", "1"},
                                   {"0.0", "-0", "0"}}) {
    CAPTURE(left);
    CAPTURE(right);
    auto one = quantity(test, left), other = quantity(test, right);
    CHECK(test("compareTo", "quantity_compare_to", {one, other}) == order);
    CHECK(equal(one, other) == (order == "0"));
  }
  auto large = quantity(test, "12345678901234567890");
  auto sum = test.call("add", "quantity_add", {large, quantity(test, "1")});
  CHECK(equal(sum, quantity(test, "12345678901234567891")));
  CHECK(equal(test.call("sub", "quantity_sub", {sum, large}), quantity(test, "1")));
  CHECK(equal(test.call("sub", "quantity_sub", {large, sum}), quantity(test, "-1")));
  CHECK(test("sub", "quantity_sub", {large, large}) == "quantity(\"0\")");
  CHECK(test("add", "quantity_add_int", {quantity(test, "9.5"), in(-10)}) == "quantity(\"-0.5\")");
  CHECK(test("asInteger", "quantity_get_int",
             {test.call("sub", "quantity_sub_int", {quantity(test, "50k"), in(20)})}) == "49980");
  CHECK(test("isInteger", "quantity_is_integer",
             {test.call("add", "quantity_add_int", {quantity(test, "922337203685477580"), in(INT64_MAX)})}) == "false");
  CHECK(test("add", "quantity_add", {quantity(test, "1e999999"), quantity(test, "1")}) == "error: out of range");
  CHECK(test("sign", "quantity_sign", {quantity(test, "-9999999999999999999")}) == "-1");
}

TEST_CASE("semantic versions") {
  auto test = kubernetes();
  struct Read {
    const char* text;
    bool strict, tolerant;
  };
  for (auto& [text, strict, tolerant] :
       std::initializer_list<Read>{{"1.2.3", true, true},        {"1.2.3-alpha.1+build.01", true, true},
                                   {"1.2.3-", false, false},     {"1.2.3+", false, false},
                                   {"1.2.3-01", false, false},   {"1.2.3-a..b", false, false},
                                   {"1.2.3+a..b", false, false}, {"1.2.3.4", false, false},
                                   {"1..3", false, false},       {"18446744073709551616.0.0", false, false},
                                   {"01.2.3", false, true},      {"1.2", false, true},
                                   {"v01.02", false, true},      {"v1.2-rc", false, false},
                                   {"v1.2.00-rc", false, true},  {"1.2.-rc", false, true},
                                   {"vv1", false, false},        {"v", false, false},
                                   {"1.", false, false},         {"", false, false},
                                   {"1.0.0 ", false, false}}) {
    CAPTURE(text);
    CHECK(test("isSemver", "is_semver_string", {in(text)}) == (strict ? "true" : "false"));
    CHECK(test("isSemver", "is_semver_string_bool", {in(text), in(true)}) == (tolerant ? "true" : "false"));
  }
  constexpr const char* ascending[] = {"1.2.3-1",     "1.2.3-2",       "1.2.3-10",       "1.2.3-a",
                                       "1.2.3-alpha", "1.2.3-alpha.1", "1.2.3-alpha.10", "1.2.3",
                                       "1.2.10",      "1.10.0",        "2.0.0"};
  for (std::size_t i = 0; i < std::size(ascending); ++i)
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      CAPTURE(ascending[i]);
      CAPTURE(ascending[j]);
      CHECK(test("compareTo", "semver_compare_to", {version(test, ascending[i]), version(test, ascending[j])}) ==
            (i < j   ? "-1"
             : i > j ? "1"
                     : "0"));
    }
  CHECK(equal(version(test, "1.2.3+x"), version(test, "1.2.3+y")));
  CHECK(test("patch", "semver_patch", {test.call("semver", "string_bool_to_semver", {in("v1.2.007"), in(true)})}) ==
        "7");
}

TEST_CASE("URLs are read as Go reads them") {
  auto test = kubernetes();
  struct Case {
    const char* text;
    std::string_view host, path;
  };
  for (auto& [text, host, path] : std::initializer_list<Case>{
           {"https://user:pa%20ss@Example.com:8080/a%20b/c?x=1#frag", "Example.com:8080", "/a%20b/c"},
           {"https://example.com/a b", "example.com", "/a%20b"},
           {"https://example.com/a%2fb", "example.com", "/a%2fb"},
           {"https://example.com/ä", "example.com", "/%C3%A4"},
           {"https://example.com/a^b%5e", "example.com", "/a%5Eb%5E"},
           {"/absolute/path?q=1", "", "/absolute/path"},
           {"//host/path", "host", "/path"},
           {"///path", "", "///path"},
           {"https:///path", "", "/path"},
           {"mailto:joe@example.com", "", ""},
           {"*", "", "*"},
           {"https://[::1%25eth0]:80/", "[::1%eth0]:80", "/"},
           {"https://a%C3%A4.com/", "aä.com", "/"},
           {"ftp://a:b:80/", "a:b:80", "/"}}) {
    CAPTURE(text);
    auto made = url(test, text);
    REQUIRE_FALSE(made.is_error());
    CHECK(test.call("getHost", "url_get_host", {made}).as_text() == host);
    CHECK(test.call("getEscapedPath", "url_get_escaped_path", {made}).as_text() == path);
  }
  for (auto* text :
       {"", "relative", "../relative", ":foo", "1http://foo", "https://[1.2.3.4]/", "https://[::1/", "https://a:b:80/",
        "http://::1/", "https://exa mple.com/", "https://a%41.com/", "https://example.com/%", "https://example.com/#%",
        "https://host:port/", "https://us er@host/", "https://host/\n", "https://h{ost/", "https://host#fragment"}) {
    CAPTURE(text);
    CHECK(test("url", "string_to_url", {in(text)}) == "error: bad argument");
    CHECK(test("isURL", "is_url_string", {in(text)}) == "false");
  }
  check(test, {
                  {"getScheme", "url_get_scheme", {url(test, "HTTPS://e.com")}, "\"https\""},
                  {"getHostname", "url_get_hostname", {url(test, "https://[::1]:80/")}, "\"::1\""},
                  {"getPort", "url_get_port", {url(test, "https://[::1]:80/")}, "\"80\""},
                  {"getPort", "url_get_port", {url(test, "https://host:/")}, "\"\""},
                  {"getHostname", "url_get_hostname", {url(test, "https://host:/")}, "\"host\""},
                  {"getQuery",
                   "url_get_query",
                   {url(test, "https://e.com?x=a+b&y=%zz&z&x=%31&x=2;3")},
                   "{\"x\": [\"a b\", \"1\"], \"z\": [\"\"]}"},
                  {"getQuery", "url_get_query", {url(test, "/a#b?c=d")}, "{}"},
              });
  CHECK(equal(url(test, "HTTP://e.com"), url(test, "http://e.com")));
  CHECK_FALSE(equal(url(test, "http://e.com"), url(test, "http://e.com/")));
  CHECK_FALSE(equal(url(test, "http://e.com?"), url(test, "http://e.com")));
}

TEST_CASE("addresses and networks") {
  auto test = kubernetes();
  for (auto* text : {"", "1.2.3", "01.2.3.4", "256.1.1.1", "1::2:3:4:5:6:7:8", "2001:db8:::68", "fe80::1%en0",
                     "::ffff:1.2.3.4", "1.2.3.4 "}) {
    CAPTURE(text);
    CHECK(test("isIP", "is_ip", {in(text)}) == "false");
    CHECK(ip(test, text).is_error());
  }
  for (auto* text :
       {"10.0.0.1/08", "10.0.0.1/33", "10.0.0.1/", "10.0.0.1/+8", "10.0.0.1", "fe80::1%en0/24", "::/129"}) {
    CAPTURE(text);
    CHECK(test("isCIDR", "is_cidr", {in(text)}) == "false");
  }
  check(test, {
                  {"string", "ip_to_string", {ip(test, "::1.2.3.4")}, "\"::102:304\""},
                  {"string", "ip_to_string", {ip(test, "1:0:0:2:0:0:0:3")}, "\"1:0:0:2::3\""},
                  {"string", "ip_to_string", {ip(test, "1:0:2:3:4:5:6:7")}, "\"1:0:2:3:4:5:6:7\""},
                  {"string", "ip_to_string", {ip(test, "::")}, "\"::\""},
                  {"string", "ip_to_string", {ip(test, "1:2:3:4:5:6:7::")}, "\"1:2:3:4:5:6:7:0\""},
                  {"string", "cidr_to_string", {cidr(test, "2001:DB8::1/32")}, "\"2001:db8::1/32\""},
                  {"ip.isCanonical", "ip_is_canonical", {in("2001:DB8::68")}, "false"},
                  {"ip.isCanonical", "ip_is_canonical", {in("127.0.0.1")}, "true"},
                  {"ip.isCanonical", "ip_is_canonical", {in("x")}, "error: bad argument"},
                  {"family", "ip_family", {ip(test, "::1")}, "6"},
                  {"isLinkLocalMulticast", "ip_is_link_local_multicast", {ip(test, "ff02::1")}, "true"},
                  {"isLinkLocalUnicast", "ip_is_link_local_unicast", {ip(test, "fd80::1")}, "false"},
                  {"isGlobalUnicast", "ip_is_global_unicast", {ip(test, "255.255.255.255")}, "false"},
                  {"isGlobalUnicast", "ip_is_global_unicast", {ip(test, "192.168.0.1")}, "true"},
                  {"isUnspecified", "ip_is_unspecified", {ip(test, "::")}, "true"},
                  {"containsIP", "cidr_contains_ip_string", {cidr(test, "::/0"), in("1.2.3.4")}, "false"},
                  {"containsIP", "cidr_contains_ip_ip", {cidr(test, "10.0.0.0/9"), ip(test, "10.128.0.0")}, "false"},
                  {"containsCIDR", "cidr_contains_cidr_string", {cidr(test, "10.0.0.0/7"), in("11.2.3.4/8")}, "true"},
                  {"containsCIDR", "cidr_contains_cidr", {cidr(test, "10.0.0.0/8"), cidr(test, "10.0.0.0/7")}, "false"},
                  {"masked", "cidr_masked", {cidr(test, "192.168.255.1/23")}, "cidr(\"192.168.254.0/23\")"},
                  {"prefixLength", "cidr_prefix_length", {cidr(test, "::/0")}, "0"},
              });
  CHECK(test.cost("containsIP", "cidr_contains_ip_string", {cidr(test, "::/0"), in("1.2.3.4")}) == 1);
  CHECK(test.cost("containsCIDR", "cidr_contains_cidr_string", {cidr(test, "10.0.0.0/7"), in("11.2.3.4/8")}) == 4);
}

TEST_CASE("lists of Kubernetes") {
  auto test = kubernetes();
  auto nan = in(std::numeric_limits<double>::quiet_NaN());
  auto numbers = test.list({in(1), in(2), in(1)});
  check(test, {
                  {"sum", "list_int_sum_int", {numbers}, "4"},
                  {"sum", "list_int_sum_int", {test.list({})}, "0"},
                  {"sum", "list_int_sum_int", {test.list({in(INT64_MAX), in(1)})}, "error: overflow"},
                  {"sum", "list_int_sum_int", {test.list({in("a")})}, "error: no such overload"},
                  {"max", "list_int_max_int", {numbers}, "2"},
                  {"max", "list_int_max_int", {test.list({})}, "error: bad argument"},
                  {"max", "list_double_max_double", {test.list({in(1.0), nan, in(3.0)})}, "3.0"},
                  {"min", "list_double_min_double", {test.list({nan, in(1.0)})}, "NaN"},
                  {"isSorted", "list_double_is_sorted_bool", {test.list({in(1.0), nan, in(0.0)})}, "true"},
                  {"isSorted", "list_int_is_sorted_bool", {numbers}, "false"},
                  {"indexOf", "list_a_index_of_int", {numbers, in(1.0)}, "0"},
                  {"lastIndexOf", "list_a_last_index_of_int", {numbers, in(1)}, "2"},
                  {"lastIndexOf", "list_a_last_index_of_int", {numbers, in(9)}, "-1"},
                  {"includes", "list_includes_dyn_dyn", {numbers, in(2.0)}, "true"},
                  {"includes", "list_includes_dyn_dyn", {in("abc"), in("abc")}, "true"},
              });
}

TEST_CASE("find and findAll") {
  auto test = kubernetes();
  check(test, {
                  {"find", "string_find_string", {in("a1b22"), in("[0-9]+")}, "\"1\""},
                  {"find", "string_find_string", {in("abc"), in("z")}, "\"\""},
                  {"find", "string_find_string", {in("abc"), in("(")}, "error: bad argument"},
                  {"findAll", "string_find_all_string", {in("aaa"), in("a*")}, "[\"aaa\"]"},
                  {"findAll", "string_find_all_string", {in("baaac"), in("a*")}, "[\"\", \"aaa\", \"\"]"},
                  {"findAll", "string_find_all_string", {in("éa"), in("")}, "[\"\", \"\", \"\"]"},
                  {"findAll", "string_find_all_string", {in("aaa"), in("^a")}, "[\"a\"]"},
                  {"findAll", "string_find_all_string_int", {in("a1b22"), in("[0-9]+"), in(1)}, "[\"1\"]"},
                  {"findAll", "string_find_all_string_int", {in("a1b22"), in("[0-9]+"), in(-1)}, "[\"1\", \"22\"]"},
                  {"findAll", "string_find_all_string_int", {in("a1b22"), in("[0-9]+"), in(0)}, "[]"},
              });
}

TEST_CASE("named formats say what is wrong") {
  auto test = kubernetes();
  struct Case {
    const char *format, *text;
    std::size_t complaints;
  };
  const std::string long_label(64, 'a'), long_wrong = std::string(64, 'a') + '!';
  for (auto& [format, text, complaints] :
       std::initializer_list<Case>{{"dns1123Label", "my-label", 0},
                                   {"dns1123Label", "a.b", 1},
                                   {"dns1123Label", long_label.c_str(), 1},
                                   {"dns1123Label", long_wrong.c_str(), 2},
                                   {"dns1123Label", "", 1},
                                   {"dns1123Subdomain", "a.b-c", 0},
                                   {"dns1123Subdomain", "a..b", 1},
                                   {"dns1035Label", "a1", 0},
                                   {"dns1035Label", "1a", 1},
                                   {"qualifiedName", "example.com/My.name", 0},
                                   {"qualifiedName", "a/b/c", 1},
                                   {"qualifiedName", "/a", 1},
                                   {"qualifiedName", "A/", 3},
                                   {"labelValue", "", 0},
                                   {"labelValue", "-", 1},
                                   {"dns1123LabelPrefix", "a-", 0},
                                   {"dns1123SubdomainPrefix", "a.b-", 0},
                                   {"dns1035LabelPrefix", "-", 1},
                                   {"uri", "https://example.com", 0},
                                   {"uri", "a", 1},
                                   {"uuid", "123E4567-e89b-12d3-a456-426614174000", 0},
                                   {"uuid", "123e4567e89b12d3a456426614174000", 0},
                                   {"uuid", "123e4567", 1},
                                   {"byte", "aGVsbG8=", 0},
                                   {"byte", "", 1},
                                   {"byte", "aGVsbG8", 1},
                                   {"date", "2024-02-29", 0},
                                   {"date", "2023-02-29", 1},
                                   {"datetime", "2021-02-28T23:59:59.5z", 0},
                                   {"datetime", "2021-02-28T23:59:59+99:99", 0},
                                   {"datetime", "2021-02-28T23:59:59x5Z", 0},
                                   {"datetime", "2021-02-28T23:59:59tZ", 1},
                                   {"datetime", "2021-02-28T24:00:00Z", 1}}) {
    CAPTURE(format);
    CAPTURE(text);
    auto named = test.call("format.named", "format-named", {in(format)});
    REQUIRE(named.as_optional() != nullptr);
    auto result = test.call("validate", "format-validate", {*named.as_optional(), in(text)});
    CHECK((result.as_optional() ? result.as_optional()->size() : 0) == complaints);
  }
  CHECK(test("format.named", "format-named", {in("unknown")}) == "optional.none()");
  auto uri = test.call("format.uri", "format.uri", {});
  CHECK(test.cost("validate", "format-validate", {uri, in("a")}) == 276);
}

namespace {

class SecretKeeper final : public Authorizer {
 public:
  AccessDecision decide(const AccessRequest& request) const override {
    if (request.verb == "fail") return {.is_allowed = true, .error = "out of order"};
    if (!request.path.empty()) return {.is_allowed = request.path == "/healthz"};
    return {.is_allowed = request.resource != "secrets" && request.namespace_name == "test",
            .reason = std::string(request.service_account_name)};
  }
};

}  // namespace

TEST_CASE("the authorizer asks whoever is lent to the evaluation") {
  auto test = kubernetes();
  SecretKeeper keeper;
  auto root = authorizer_value(test.plain.arena());
  auto allowed = [&](const Value& check, const char* id, const char* verb) {
    return test("allowed", "decision_allowed", {test.call("check", id, {check, in(verb)})});
  };
  auto path = test.call("path", "authorizer_path", {root, in("/healthz")});
  CHECK(allowed(path, "pathcheck_check", "get") == "false");
  CHECK(test("error", "decision_error", {test.call("check", "pathcheck_check", {path, in("get")})}) ==
        "\"no authorizer\"");
  test.plain.set_host("authorizer", &keeper);
  CHECK(allowed(path, "pathcheck_check", "get") == "true");
  auto account = test.call("serviceAccount", "authorizer_serviceaccount", {root, in("default"), in("bot")});
  auto pods = test.call("resource", "groupcheck_resource",
                        {test.call("group", "authorizer_group", {account, in("")}), in("pods")});
  CHECK(allowed(pods, "resourcecheck_check", "get") == "false");
  auto in_test = test.call("namespace", "resourcecheck_namespace", {pods, in("test")});
  CHECK(allowed(in_test, "resourcecheck_check", "get") == "true");
  CHECK(allowed(in_test, "resourcecheck_check", "fail") == "false");
  auto decision = test.call("check", "resourcecheck_check", {in_test, in("get")});
  CHECK(test("reason", "decision_reason", {decision}) == "\"bot\"");
  CHECK(test("errored", "decision_errored", {decision}) == "false");
  CHECK(test("path", "authorizer_path", {root, in(" ")}) == "error: bad argument");
  CHECK(test("serviceAccount", "authorizer_serviceaccount", {root, in("Default"), in("bot")}) == "error: bad argument");
  CHECK(test.cost("check", "resourcecheck_check", {in_test, in("get")}) == 350'000);
  auto selector = "spec.nodeName=example-node-name.fully.qualified.domain.name.example.com";
  CHECK(test.cost("fieldSelector", "authorizer_fieldselector", {pods, in(selector)}) == 1818);
}

TEST_CASE("keys of JSON patches are escaped") {
  auto test = kubernetes();
  check(test,
        {{"jsonpatch.escapeKey", "string_jsonpatch_escapeKey_string", {in("k8s.io/my~label")}, "\"k8s.io~1my~0label\""},
         {"jsonpatch.escapeKey", "string_jsonpatch_escapeKey_string", {in("plain")}, "\"plain\""}});
  CHECK(test.environment.schemas().find("JSONPatch") != nullptr);
}

TEST_CASE("older API servers offer less") {
  auto offers = [](unsigned minor, std::string_view name, Style style) {
    Environment environment;
    add_kubernetes(environment, minor);
    return environment.find_function(name, style) != nullptr;
  };
  CHECK_FALSE(offers(36, "includes", Style::method));
  CHECK(offers(37, "includes", Style::method));
  CHECK_FALSE(offers(29, "isIP", Style::global));
  CHECK(offers(30, "isIP", Style::global));
  CHECK_FALSE(offers(32, "isSemver", Style::global));
  CHECK_FALSE(offers(28, "format", Style::method));
  CHECK(offers(29, "format", Style::method));
  CHECK_FALSE(offers(30, "fieldSelector", Style::method));
  CHECK_FALSE(offers(37, "isMask", Style::method));
}
