#include "connectors/reading/event_stream.hpp"

#include <catch2/catch.hpp>

using namespace campaignd;

namespace {

std::string shown(const std::vector<EventStream::Event>& events) {
  std::string out;
  for (const auto& each : events) out += each.name + "=" + each.data + ";";
  return out;
}

std::string all_of(std::string_view bytes) { return shown(EventStream().read(bytes)); }

}  // namespace

TEST_CASE("an event ends with a blank line; comments, ids and waits are none", "[events]") {
  CHECK(all_of("event: update\ndata: {}\n\n") == "update={};");
  CHECK(all_of(":)\n:thump\nid: 7\nretry: 9\n\nevent: update\n\n") == "");
  CHECK(all_of("data: one\ndata:two\ndata\ndata:  three\n\n") == "message=one\ntwo\n\n three;");
  CHECK(all_of("event: delete\ndata: 7\n") == "");
  CHECK(all_of("\xEF\xBB\xBF"
               "data: x\n\n") == "message=x;");
  CHECK(all_of("event: a\ndata: 1\n\ndata: 2\n\n") == "a=1;message=2;");
}

TEST_CASE("lines end as they like, and bytes come in any pieces", "[events]") {
  const std::string whole = "event: a\r\ndata: 1\r\n\r\nevent: b\rdata: 2\r\rdata: Zażółć\n\n";
  const std::string expected = "a=1;b=2;message=Zażółć;";
  CHECK(all_of(whole) == expected);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EventStream stream;
    std::string heard;
    for (std::size_t at = 0; at < whole.size(); at += size) heard += shown(stream.read(whole.substr(at, size)));
    CHECK(heard == expected);
  }
}

TEST_CASE("an event without an end is left out, and the next one is read", "[events]") {
  EventStream stream;
  const std::string much(700'000, 'x');
  CHECK(shown(stream.read("data: " + much)) == "");
  CHECK(shown(stream.read(much)) == "");
  CHECK(shown(stream.read("\n")) == "");
  CHECK(shown(stream.read("data: " + much + "\ndata: 1")) == "");
  CHECK(shown(stream.read("\n\ndata: 2\n\n")) == "message=2;");
}
