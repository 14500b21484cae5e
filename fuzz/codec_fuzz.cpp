// Every reader of the codec room on foreign bytes. What is read is walked and written, so that no view dangles.
#include "fuzz.h"

#include <cstdlib>

#include "codec/base64.h"
#include "codec/binary.h"
#include "codec/json.h"
#include "codec/placed.h"
#include "codec/toml.h"
#include "codec/xml.h"
#include "codec/yaml.h"

namespace {

using namespace seawall;

// Small budgets: the fuzzer finds what exceeds them as quickly as what exceeds big ones.
constexpr codec::Limits limits{.bytes = 1 << 20, .nodes = 20'000, .depth = 64};

void expect(bool condition) {
  if (!condition) std::abort();
}

std::string written(codec::Value value) {
  codec::JsonWriter out;
  out.value(value);
  return out.take();
}

// Our own JSON must be read again, to the same text.
void round_trip(const Result<codec::Document>& document) {
  if (!document) return;
  auto text = written(document->root());
  auto again = codec::parse_json(text, {.depth = limits.depth});
  expect(again.has_value());
  expect(written(again->root()) == text);
}

std::size_t elements(codec::XmlNode node) {
  std::size_t count = 0;
  for (; node; node = node.next()) {
    count += 1 + node.name().size() + node.text().size() + node.attribute("id").size() + elements(node.first());
    expect(!node.next_same() || node.next_same().name() == node.name());
  }
  return count;
}

bool is_within(const codec::TextRange& range, std::string_view text) {
  return range.begin <= range.end && range.end <= text.size();
}

std::size_t places(const codec::PlacedDocument& document, codec::Value value, std::string_view text) {
  std::size_t count = 1, child = 0;
  auto check = [&](codec::Value of_child) {
    const auto& place = document.place_of(value, child++);
    expect(is_within(place.key, text) && is_within(place.value, text));
    count += places(document, of_child, text);
  };
  for (auto item : value.items()) check(item);
  for (auto member : value.members()) check(member.value);
  return count;
}

void read_placed(const codec::PlacedDocuments& documents, std::string_view text) {
  if (!documents) return expect(documents.error().offset <= text.size());
  for (const auto& document : *documents) {
    expect(places(document, document.root(), text) <= document.nodes());
    written(document.root());
  }
}

}  // namespace

SW_FUZZ(yaml_places, "fixtures/packages/files/*/*/*.yaml =a:&x[1]\n---\n{b:1,<<:*x}") {
  codec::YamlParts parts(data);
  std::uint32_t end = 0;
  while (auto part = parts.next()) {
    expect(part->begin == end && part->end > end);
    end = part->end;
    read_placed(codec::read_yaml_placed(data, *part, codec::YamlWords::kubernetes, limits), data);
  }
  expect(end == data.size());
}

SW_FUZZ(json_places, "feeds/samples/*.json ={\"a\":[1]}[\"\\u00e4\"]") {
  read_placed(codec::read_json_placed(data, {0, static_cast<std::uint32_t>(data.size())}, limits), data);
}

SW_FUZZ(json, "feeds/samples/*.json fixtures/packages/files/*/*/*.json ={\"a\":[1,-2.5e3,null,\"\\u00e4\"]}") {
  round_trip(codec::parse_json(data, limits));
}

SW_FUZZ(json_lenient, "fixtures/packages/files/*/*/*.json =[1,/*x*/2,]//y") {
  round_trip(codec::parse_json_lenient(data, limits));
}

SW_FUZZ(yaml, "fixtures/packages/files/*/*/*.yaml =a:&x[1]") {
  round_trip(codec::parse_yaml(data, limits));
  round_trip(codec::parse_yaml_all(data, limits));
}

SW_FUZZ(toml, "fixtures/packages/files/*/*/*.toml =a.b={c=[1.5,'x']}") { round_trip(codec::parse_toml(data, limits)); }

SW_FUZZ(xml, "fixtures/packages/files/*/*/*.xml =<a><b:c/></a>") {
  if (auto document = codec::parse_xml(data, limits)) expect(elements(document->root()) > 0);
}

SW_FUZZ(base64, "=Zm9vYg== =-_-_") {
  if (auto bytes = codec::from_base64(data)) expect(codec::from_base64(codec::to_base64(*bytes)) == *bytes);
  expect(codec::from_base64(codec::to_base64(data)) == data);
}

SW_FUZZ(binary, "=abc") {
  codec::BinaryReader in(data);
  for (std::size_t i = 0; in.ok() && !in.at_end(); ++i) {
    switch (i % 5) {
      case 0:
        in.u64();
        break;
      case 1:
        in.i64();
        break;
      case 2:
        expect(in.text().size() <= data.size());
        break;
      case 3:
        in.boolean();
        break;
      default:
        expect(in.count() <= data.size());
    }
  }
  in.fixed64();
}
