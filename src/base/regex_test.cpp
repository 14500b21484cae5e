#include "base/regex.h"

#include <doctest/doctest.h>

#include <string>

using namespace seawall;

TEST_CASE("patterns search, match and find") {
  auto re = Regex::compile("b+");
  REQUIRE(re);
  CHECK(re->search("abbc"));
  CHECK_FALSE(re->search("ac"));
  CHECK(re->matches("bb"));
  CHECK_FALSE(re->matches("abb"));
  auto first = re->find("abbcb");
  REQUIRE(first);
  CHECK(first->offset == 1);
  CHECK(first->size == 2);
  auto second = re->find("abbcb", 3);
  REQUIRE(second);
  CHECK(second->offset == 4);
  CHECK_FALSE(re->find("abbcb", 6));
}

TEST_CASE("a bad pattern and one that needs too much memory are refused") {
  auto bad = Regex::compile("a(");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == Code::invalid);
  CHECK_FALSE(Regex::compile("((a{1,100}){1,100}){1,100}"));
}

TEST_CASE("patterns that take others exponential time end at once") {
  auto re = Regex::compile("(a*)*b");
  REQUIRE(re);
  CHECK_FALSE(re->search(std::string(100'000, 'a')));
}
