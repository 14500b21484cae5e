#include <doctest/doctest.h>

#include "base/text.h"
#include "codec/base64.h"
#include "fakes/oci_content.h"
#include "oci/detail/challenge.h"
#include "oci/detail/retry.h"

using namespace seawall;
using namespace seawall::oci;
using fakes::HttpServer;
using fakes::Reply;
using fakes::Script;
using fakes::Waits;

namespace {

Reply unauthorized(std::string challenge) {
  return {.status = 401, .headers = {{"WWW-Authenticate", std::move(challenge)}}};
}

// A registry that lets in whoever sends the header, and challenges the rest.
HttpServer::Handler guarded(const fakes::SmallImage& image, std::string header, std::string challenge) {
  Script script;
  auto inside = fakes::serve(script, image).handler();
  return [=](const fakes::Request& request) {
    return request.header("authorization") == header ? inside(request) : unauthorized(challenge);
  };
}

std::string bearer(const HttpServer& tokens, const std::string& more = {}) {
  return "Bearer realm=\"" + tokens.url("/token") + "\",service=\"reg\"" + more;
}

Reply token(const std::string& text, const std::string& more = {}) {
  return {.body = R"({"token":")" + text + "\"" + more + "}"};
}

}  // namespace

TEST_CASE("basic authentication opens the registry to those who know the password") {
  auto image = fakes::small_image("layer");
  auto header = "Basic " + codec::to_base64("ann:s3cret");
  HttpServer server(guarded(image, header, "Basic realm=\"r\""));
  Waits waits;
  auto options = waits.options();
  options.credentials = {.user = "ann", .password = "s3cret"};
  CHECK(fakes::pull(server, options).value_or("") == "layer");
  for (const Credentials& wrong : {Credentials{}, Credentials{.user = "ann", .password = "wrong"}}) {
    options.credentials = wrong;
    auto pulled = fakes::pull(server, options);
    REQUIRE_FALSE(pulled);
    CHECK(pulled.error().code == Code::denied);
    CHECK(pulled.error().what.find("wrong") == std::string::npos);
  }
}

TEST_CASE("a bearer token is fetched for the scope and used for all that follows") {
  auto image = fakes::small_image("layer");
  HttpServer tokens(Script().on("/token", {token("t1")}).handler());
  HttpServer server(guarded(image, "Bearer t1", bearer(tokens, ",scope=\"repository:app:pull\"")));
  Waits waits;
  CHECK(fakes::pull(server, waits.options()).value_or("") == "layer");
  REQUIRE(tokens.requests().size() == 1);
  CHECK(tokens.requests()[0].target == "/token?service=reg&scope=repository%3Aapp%3Apull");
  CHECK(tokens.requests()[0].header("authorization").empty());
  auto options = waits.options();
  options.credentials = {.user = "ann", .password = "s3cret"};
  CHECK(fakes::pull(server, options).has_value());
  CHECK(tokens.requests()[1].header("authorization") == "Basic " + codec::to_base64("ann:s3cret"));
}

TEST_CASE("an identity token is changed for an access token by OAuth2") {
  auto image = fakes::small_image("layer");
  HttpServer tokens(Script().on("/token", {{.body = R"({"access_token":"t2","expires_in":300})"}}).handler());
  HttpServer server(guarded(image, "Bearer t2", bearer(tokens)));
  Waits waits;
  auto options = waits.options();
  options.credentials = {.identity_token = "id/1"};
  CHECK(fakes::pull(server, options).value_or("") == "layer");
  REQUIRE(tokens.requests().size() == 1);
  const auto request = tokens.requests()[0];
  CHECK(request.method == "POST");
  CHECK(request.body ==
        "grant_type=refresh_token&client_id=seawall&service=reg&scope=repository%3Aapp%3Apull&refresh_token=id%2F1");
}

TEST_CASE("a token is fetched anew when its time is over, and when the registry no longer takes it") {
  auto image = fakes::small_image("layer");
  std::string valid = "first";
  int issued = 0;
  HttpServer tokens([&](const fakes::Request&) {
    ++issued;
    return token(valid, R"(,"expires_in":100)");
  });
  Script script;
  auto inside = fakes::serve(script, image).handler();
  HttpServer server([&](const fakes::Request& request) {
    return request.header("authorization") == "Bearer " + valid ? inside(request) : unauthorized(bearer(tokens));
  });
  Waits waits;
  auto registry = fakes::connect(server, waits.options());
  REQUIRE(registry);
  CHECK(registry->image().has_value());
  CHECK(issued == 1);
  waits.now += 89;
  CHECK(registry->image().has_value());
  CHECK(issued == 1);
  waits.now += 2;
  auto before = server.requests().size();
  CHECK(registry->image().has_value());
  CHECK(issued == 2);
  CHECK(server.requests().size() == before + 2);  // asked ahead: no 401 in between
  valid = "second";
  CHECK(registry->image().has_value());
  CHECK(issued == 3);
}

TEST_CASE("a token service that misbehaves does not get us in, nor us into a loop") {
  auto image = fakes::small_image("layer");
  struct Case {
    std::string_view name;
    Reply reply;
    Code code;
  };
  const Case cases[] = {{"refuses", {.status = 401}, Code::denied},
                        {"is away", {.status = 404}, Code::unavailable},
                        {"gives none", {.body = "{}"}, Code::corrupt},
                        {"gives nonsense", {.body = "<html>"}, Code::corrupt},
                        {"gives a header", {.body = R"({"token":"a\r\nX: y"})"}, Code::corrupt},
                        {"gives what the registry refuses", token("bad"), Code::denied}};
  for (auto& c : cases) {
    CAPTURE(c.name);
    HttpServer tokens(Script().on("/token", {c.reply}).handler());
    HttpServer server(guarded(image, "Bearer good", bearer(tokens)));
    Waits waits;
    auto pulled = fakes::pull(server, waits.options());
    REQUIRE_FALSE(pulled);
    CHECK_MESSAGE(pulled.error().code == c.code, pulled.error().what);
    CHECK(server.requests().size() <= 4);
  }
}

TEST_CASE("credentials go to no token service on plain HTTP") {
  auto image = fakes::small_image("layer");
  HttpServer server(guarded(image, "Bearer t", R"(Bearer realm="http://tokens.invalid/token",service="reg")"));
  Waits waits;
  auto pulled = fakes::pull(server, waits.options());
  REQUIRE_FALSE(pulled);
  CHECK(pulled.error().code == Code::denied);
}

TEST_CASE("a blob that is redirected to another host goes there without credentials") {
  auto image = fakes::small_image("layer");
  HttpServer store(Script().on("/signed", {{.body = "layer"}}).handler());
  const auto header = "Basic " + codec::to_base64("ann:s3cret");
  auto inside = guarded(image, header, "Basic realm=\"r\"");
  HttpServer server([&](const fakes::Request& request) {
    auto reply = inside(request);
    if (reply.status != 200 || !request.target.ends_with(image.layer.digest())) return reply;
    return Reply{.status = 307, .headers = {{"Location", store.url("/signed?s=1")}}};
  });
  Waits waits;
  auto options = waits.options();
  options.credentials = {.user = "ann", .password = "s3cret"};
  CHECK(fakes::pull(server, options).value_or("") == "layer");
  REQUIRE(store.requests().size() == 1);
  CHECK(store.requests()[0].header("authorization").empty());
}

TEST_CASE("challenges are read as registries write them") {
  using oci::detail::parse_challenges;
  auto one = parse_challenges(R"(Bearer realm="https://a/t",service="s, with \"comma\"",scope="x:y:pull,push")");
  REQUIRE(one.size() == 1);
  CHECK(one[0].scheme == "bearer");
  CHECK(one[0].parameter("realm") == "https://a/t");
  CHECK(one[0].parameter("service") == "s, with \"comma\"");
  CHECK(one[0].parameter("scope") == "x:y:pull,push");
  auto two = parse_challenges(R"(Negotiate, BASIC Realm = bare , Bearer realm="b")");
  REQUIRE(two.size() == 3);
  CHECK(two[1].scheme == "basic");
  CHECK(two[1].parameter("realm") == "bare");
  CHECK(two[2].parameter("realm") == "b");
  for (std::string_view odd : {"", ",,,", "=", "\"", "Bearer realm=\"open", "Bearer =x", "\xff\xfe"}) {
    CAPTURE(odd);
    CHECK(parse_challenges(odd).size() <= 1);
  }
}

TEST_CASE("Retry-After is seconds or a date, and never more than a day") {
  using oci::detail::retry_after;
  using std::chrono::seconds;
  CHECK(retry_after("120", 0) == seconds(120));
  CHECK(retry_after(" 99999999999 ", 0) == seconds(86'400));
  CHECK(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784'111'767) == seconds(10));
  CHECK(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784'999'999) == seconds(0));
  for (std::string_view bad : {"", "-1", "soon", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT"}) {
    CAPTURE(bad);
    CHECK_FALSE(retry_after(bad, 0).has_value());
  }
}
