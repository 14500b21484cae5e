#include "net/http.h"

#include <doctest/doctest.h>

#include <chrono>

#include "fakes/http_server.h"
#include "net/retry.h"

using namespace seawall;
using namespace seawall::net;
using fakes::After;
using fakes::HttpServer;
using fakes::Reply;
using fakes::Script;

namespace {

using std::chrono::milliseconds;

ClientOptions hasty() { return {.stall_timeout = milliseconds(150)}; }

Request get(std::string url) { return {.url = std::move(url)}; }

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 4096) % 26);
  return text;
}

Code code_of_get(const ClientOptions& options, const std::string& url) {
  auto response = Client(options).send(get(url));
  REQUIRE_FALSE(response);
  return response.error().code;
}

}  // namespace

TEST_CASE("a whole answer has status, headers and body") {
  HttpServer server(Script().on("/a", {{.status = 418, .headers = {{"X-Tea", "pot"}}, .body = "short"}}).handler());
  auto response = Client({}).send(get(server.url("/a")));
  REQUIRE(response);
  CHECK(response->status == 418);
  CHECK(response->header("x-tea") == "pot");
  CHECK(response->body == "short");
}

TEST_CASE("a stream gives the body whole, whatever the sizes of reads and pieces") {
  auto body = pattern(3'000'000);
  HttpServer server(Script()
                        .on("/plain", {{.body = body}})
                        .on("/chunked", {{.body = body, .chunked = true, .piece = 77'777}})
                        .handler());
  Client client({});
  for (std::string_view path : {"/plain", "/chunked"})
    for (std::size_t size : {std::size_t{1000}, std::size_t{65536}, std::size_t{4'000'000}}) {
      CAPTURE(path);
      CAPTURE(size);
      auto stream = client.open(get(server.url(path)));
      REQUIRE(stream);
      CHECK((*stream)->head().status == 200);
      std::string got, buffer(size, '\0');
      for (;;) {
        auto n = (*stream)->read(buffer);
        REQUIRE(n);
        if (*n == 0) break;
        got.append(buffer, 0, *n);
      }
      CHECK(got == body);
    }
}

TEST_CASE("a connection serves the next request to the same origin") {
  HttpServer server(Script().on("/a", {{.body = "x"}}).handler());
  Client client({});
  for (int i = 0; i < 5; ++i) REQUIRE(client.send(get(server.url("/a"))));
  CHECK(server.connections() == 1);
}

TEST_CASE("what a server does wrong has a code of its own") {
  struct Case {
    std::string_view name;
    Reply reply;
    Code code;
  };
  const Case cases[] = {
      {"a body shorter than claimed", {.body = "abc", .claimed_length = 10, .after = After::close}, Code::unavailable},
      {"a chunked body without an end", {.body = "abc", .chunked = true, .after = After::close}, Code::unavailable},
      {"a body that stops coming", {.body = "abc", .claimed_length = 10, .after = After::stall}, Code::timeout},
      {"a body that drips",
       {.body = pattern(200), .piece = 1, .between = milliseconds(20), .after = After::stall},
       Code::timeout},
      {"a body over the limit", {.body = pattern(100'000)}, Code::exhausted},
      {"headers without end",
       {.headers = {{"X-Long", std::string(90'000, 'x')},
                    {"X-Longer", std::string(90'000, 'x')},
                    {"X-Longest", std::string(90'000, 'x')}}},
       Code::exhausted},
  };
  for (auto& c : cases) {
    CAPTURE(c.name);
    HttpServer server([&](const fakes::Request&) { return c.reply; });
    auto response = Client(hasty()).send(get(server.url("/")), 50'000);
    REQUIRE_FALSE(response);
    CHECK(response.error().code == c.code);
  }
}

TEST_CASE("a deadline ends what waits, and no retry waits beyond it") {
  HttpServer server(
      [](const fakes::Request&) { return fakes::Reply{.body = "a", .claimed_length = 9, .after = After::stall}; });
  ClientOptions options{.deadline = std::chrono::steady_clock::now() + milliseconds(100)};
  CHECK(code_of_get(options, server.url("/")) == Code::timeout);
  CHECK(std::chrono::steady_clock::now() >= *options.deadline);
  CHECK(code_of_get(options, server.url("/")) == Code::timeout);
  std::size_t waits = 0;
  Pacing pacing{.sleep = [&](milliseconds) { ++waits; }, .deadline = options.deadline};
  CHECK_FALSE(Retry(pacing).after(Error{Code::unavailable, ""}));
  pacing.deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  CHECK(Retry(pacing).after(Error{Code::unavailable, ""}));
  CHECK(waits == 1);
}

TEST_CASE("connection refused, bad URLs, foreign schemes and offline fail before anything is sent") {
  std::string closed;
  {
    HttpServer server(Script().handler());
    closed = server.url("/");
  }
  CHECK(code_of_get({}, closed) == Code::unavailable);
  CHECK(code_of_get({}, "file:///etc/passwd") == Code::invalid);
  CHECK(code_of_get({}, "not a url") == Code::invalid);
  CHECK(code_of_get({.network = Network::offline}, closed) == Code::denied);
  CHECK(code_of_get({.ca_file = "/nonexistent/ca.pem"}, closed) == Code::not_found);
  auto injected = Client({}).send({.url = closed, .headers = {{"X", "a\r\nHost: b"}}});
  REQUIRE_FALSE(injected);
  CHECK(injected.error().code == Code::invalid);
}

TEST_CASE("redirects keep credentials on their origin and drop them on the way to another") {
  HttpServer other(Script().on("/blob", {{.body = "far"}}).handler());
  HttpServer server(Script()
                        .on("/near", {{.status = 307, .headers = {{"Location", "/blob"}}}})
                        .on("/far", {{.status = 302, .headers = {{"Location", other.url("/blob?sig=1")}}}})
                        .on("/blob", {{.body = "near"}})
                        .handler());
  Client client({});
  Headers headers{{"Authorization", "Bearer secret"}, {"Range", "bytes=0-"}};
  auto near = client.send({.url = server.url("/near"), .headers = headers});
  REQUIRE(near);
  CHECK(near->body == "near");
  CHECK(server.requests().at(1).header("authorization") == "Bearer secret");
  auto far = client.send({.url = server.url("/far"), .headers = headers});
  REQUIRE(far);
  CHECK(far->body == "far");
  CHECK(far->url == other.url("/blob?sig=1"));
  CHECK(other.requests().at(0).header("authorization") == "");
  CHECK(other.requests().at(0).header("range") == "bytes=0-");
}

TEST_CASE("redirects end: loops by count, uploads not at all") {
  HttpServer server(Script().on("/loop", {{.status = 301, .headers = {{"Location", "/loop"}}}}).handler());
  CHECK(code_of_get({}, server.url("/loop")) == Code::exhausted);
  CHECK(server.requests().size() == 6);
  auto put = Client({}).send({.method = "PUT", .url = server.url("/loop"), .body = "x"});
  REQUIRE(put);
  CHECK(put->status == 301);
}

TEST_CASE("uploads come from text or from a stream, with their method and length") {
  HttpServer server([](const fakes::Request& r) { return Reply{.status = 201, .body = r.method + r.body}; });
  Client client({});
  auto text = client.send({.method = "PATCH", .url = server.url("/"), .body = "abc"});
  REQUIRE(text);
  CHECK(text->body == "PATCHabc");
  auto empty = client.send({.method = "POST", .url = server.url("/")});
  REQUIRE(empty);
  CHECK(empty->body == "POST");
  CHECK(server.requests().at(1).header("content-length") == "0");
  auto bytes = pattern(1'000'000);
  MemorySource source(bytes);
  auto streamed =
      client.send({.method = "PUT", .url = server.url("/"), .upload = &source, .upload_size = bytes.size()});
  REQUIRE(streamed);
  CHECK(streamed->body == "PUT" + bytes);
}

TEST_CASE("HEAD has headers and no body") {
  HttpServer server([](const fakes::Request&) { return Reply{.body = "abc"}; });
  auto head = Client({}).send({.method = "HEAD", .url = server.url("/")});
  REQUIRE(head);
  CHECK(head->body.empty());
  CHECK(head->header("content-length") == "3");
}

TEST_CASE("loopback is told from names that only look like it") {
  struct Case {
    std::string_view host;
    bool loopback;
  };
  constexpr Case cases[] = {{"localhost", true},
                            {"LocalHost:5000", true},
                            {"127.0.0.1:80", true},
                            {"127.9.8.7", true},
                            {"[::1]:5000", true},
                            {"::1", true},
                            {"localhost.evil", false},
                            {"127.0.0.1.evil", false},
                            {"1127.0.0.1", false},
                            {"127.0.0", false},
                            {"128.0.0.1", false},
                            {"[::2]", false},
                            {"", false}};
  for (auto& c : cases) {
    CAPTURE(c.host);
    CHECK(is_loopback(c.host) == c.loopback);
  }
}

TEST_CASE("URLs resolve as in a browser and lose user and fragment") {
  CHECK(resolve_url("https://a.example/v2/x/y?z", "/w?q=1")->text == "https://a.example/w?q=1");
  CHECK(resolve_url("https://a.example/v2/x/y", "z")->text == "https://a.example/v2/x/z");
  auto url = parse_url("HTTPS://user:secret@A.example/p#f");
  REQUIRE(url);
  CHECK(url->text.find("secret") == std::string::npos);
  CHECK(url->origin() == "https://a.example:443");
  CHECK(url_encode("a b/c:\xff") == "a%20b%2Fc%3A%FF");
}
