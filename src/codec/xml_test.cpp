#include "codec/xml.h"

#include <doctest/doctest.h>

namespace seawall::codec {
namespace {

TEST_CASE("xml is read as a tree of elements") {
  auto document = parse_xml(R"(<?xml version="1.0"?><!-- c -->
<p:project xmlns:p="urn:x" p:id="7"> mixed <!-- c --><name> a &amp; &#x41; </name><v>1</v><q/><v><![CDATA[<2>]]></v></p:project>)");
  REQUIRE(document);
  auto root = document->root();
  CHECK(root.name() == "project");
  CHECK(root.text() == "mixed");
  CHECK(root.attribute("id") == "7");
  CHECK(root.attribute("absent").empty());
  CHECK(root.child("name").text() == "a & A");
  CHECK(root.first().name() == "name");
  CHECK(root.child("v").text() == "1");
  CHECK(root.child("v").next().name() == "q");
  CHECK(root.child("v").next_same().text() == "<2>");
  CHECK_FALSE(root.child("v").next_same().next());
  CHECK_FALSE(root.child("absent"));
  CHECK_FALSE(root.child("absent").child("deeper"));
  CHECK(root.child("absent").text().empty());
  CHECK_FALSE(root.child("q").first());
}

TEST_CASE("no document type is evaluated") {
  auto document =
      parse_xml(R"(<!DOCTYPE a [<!ENTITY x "boom"><!ENTITY f SYSTEM "file:///etc/passwd">]><a b="&x;">&x;&f;</a>)");
  REQUIRE(document);
  CHECK(document->root().text() == "&x;&f;");
  CHECK(document->root().attribute("b") == "&x;");
}

TEST_CASE("encodings other than utf-8 are converted") {
  std::string wide("\xFF\xFE", 2);
  for (char c : std::string_view("<a>x</a>")) wide += {c, '\0'};
  auto document = parse_xml(wide);
  REQUIRE(document);
  CHECK(document->root().text() == "x");
  CHECK(parse_xml("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE4</a>")->root().text() == "\xC3\xA4");
  CHECK(parse_xml("\xEF\xBB\xBF<a/>"));
}

TEST_CASE("bad xml is invalid") {
  for (std::string_view bad : {"", "x", "<a>", "<a></b>", "<a b></a>", "<a b=1/>", "<a/><b/>", "<a><![CDATA[x</a>",
                               "<!DOCTYPE a [", "<a", "</a>"}) {
    CAPTURE(bad);
    CHECK(parse_xml(bad).error().code == Code::invalid);
  }
  CHECK(parse_xml(std::string_view("<a>\0</a>", 9)).error().code == Code::invalid);
}

TEST_CASE("budgets are kept") {
  CHECK(parse_xml("<a><b/></a>", {.depth = 1}).error().code == Code::exhausted);
  CHECK(parse_xml("<a>x<b/>y<b/></a>", {.depth = 2}));
  CHECK(parse_xml("<a><b c='' d=''/></a>", {.nodes = 3}).error().code == Code::exhausted);
  CHECK(parse_xml("<a><b c='' d=''/></a>", {.nodes = 4}));
  CHECK(parse_xml("<a/>", {.bytes = 3}).error().code == Code::exhausted);
  std::string deep;
  for (int i = 0; i < 300'000; ++i) deep += "<a>";
  for (int i = 0; i < 300'000; ++i) deep += "</a>";
  CHECK(parse_xml(deep, {.depth = 1'000'000}).error().code == Code::exhausted);
  std::string doctypes = "<!DOCTYPE a ";
  for (int i = 0; i < 300'000; ++i) doctypes += "[<!";
  CHECK_FALSE(parse_xml(doctypes));
  std::string attributes = "<a ";
  for (int i = 0; i < 1'000'000; ++i) attributes += "a='' b='' ";
  CHECK(parse_xml(attributes + "/>", {.nodes = 1000}).error().code == Code::exhausted);
}

}  // namespace
}  // namespace seawall::codec
