// Flickr: the feed anybody may read, and what a key opens.
#include "connectors/platforms/flickr.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms noon = utc("2025-06-21T12:00:00Z");
const std::string key = "0123456789abcdef";
const std::string api = "https://api.flickr.com/services/rest/";

SourceSettings tags(bool with_key = true) {
  SourceSettings out;
  out.tags = {"allin", "dabei"};
  out.floor = utc("2025-06-01T00:00:00Z");
  if (!with_key) return out;
  out.session = std::make_shared<Session>();
  out.session->credential = key;
  return out;
}

Talk poll(const SourceSettings& settings = tags(), const Cursor& cursor = {}, sys_ms now = noon) {
  return Talk(make_flickr(settings)->discover(cursor), now);
}

Talk measurement(const std::vector<std::string>& ids, bool with_key = true) {
  std::vector<PostRef> posts;
  for (const auto& id : ids)
    posts.push_back({std::ssize(posts) + 1, "flickr.com", id, "https://www.flickr.com/photos/1%40N00/" + id});
  return Talk(make_flickr(tags(with_key))->measure(posts), noon);
}

std::int64_t seconds(sys_ms time) { return time.time_since_epoch().count() / 1000; }

std::string photo(const std::string& id, sys_ms at, const std::string& more = "") {
  return fmt::format(R"({{"id":"{}","owner":"1@N00","title":"All in","dateupload":"{}","tags":"allin x"{}}})", id,
                     seconds(at), more);
}

std::string found(const std::vector<std::string>& photos, const std::string& pages = "1") {
  std::string list;
  for (const auto& each : photos) list += (list.empty() ? "" : ",") + each;
  return "{\"photos\":{\"page\":1,\"pages\":" + pages + ",\"photo\":[" + list + "]},\"stat\":\"ok\"}";
}

std::string feed(int count, sys_ms newest) {
  std::string list;
  for (int i = 0; i < count; ++i)
    list += fmt::format(R"({}{{"link":"https://www.flickr.com/photos/ewa/{}/","published":"{}","author_id":"1@N00",)"
                        R"("title":"it\'s","tags":"allin"}})",
                        i > 0 ? "," : "", 100 + i, format_utc(newest - 1min * i));
  return "{\"items\":[" + list + "]}";
}

std::string fail(const std::string& code, const std::string& message) {
  return "{\"stat\":\"fail\",\"code\":" + code + ",\"message\":\"" + message + "\"}";
}

std::string argument(const Request& request, const std::string& name) {
  auto body = "&" + request.body;
  auto at = body.find("&" + name + "=");
  if (at == std::string::npos) return "none";
  at += name.size() + 2;
  return body.substr(at, body.find('&', at) - at);
}

Failure failure_of(int status, const std::string& body, const SourceSettings& settings = tags()) {
  auto talk = poll(settings);
  talk.ask();
  auto result = talk.hear(status, body);
  REQUIRE(result.has_error());
  CHECK(result.error().message.find(key) == std::string::npos);
  return result.error();
}

}  // namespace

TEST_CASE("Flickr: with a key it is searched, and the key stands in no address", "[flickr]") {
  auto talk = poll();
  CHECK(talk.ask() == api);
  const auto& asked = talk.asked();
  CHECK(asked.bucket == "flickr");
  CHECK(header(asked.headers, "content-type") == "application/x-www-form-urlencoded");
  CHECK(asked.body ==
        "method=flickr.photos.search&api_key=" + key +
            "&format=json&nojsoncallback=1&tags=allin%2Cdabei&tag_mode=any&min_upload_date=1748736000"
            "&sort=date-posted-desc&extras=description%2Cdate_upload%2Cowner_name%2Ctags%2Cviews%2Cmedia%2Cpath_alias"
            "%2Ccount_faves%2Ccount_comments&per_page=250");
}

TEST_CASE("Flickr: a photo found has its owner's id for an identity, and its chosen name in the address", "[flickr]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(
      200, found({photo("7", noon - 1h,
                        R"(,"pathalias":"Ewa-K","ownername":"Ewa","views":"57","count_faves":"4","count_comments":"1",)"
                        R"("description":{"_content":"<a href=\"https://a.example/\">here<\/a>"},"media":"photo")")}));
  REQUIRE(page.found.size() == 1);
  const auto& post = page.found[0].post;
  CHECK(page.found[0].local_id == "7");
  CHECK(post.uri == "https://www.flickr.com/photos/1%40N00/7");
  CHECK(post.url == "https://www.flickr.com/photos/Ewa-K/7/");
  CHECK(post.author.key == "1@n00");
  CHECK(post.author.handle == "ewa-k");
  CHECK(post.published == noon - 1h);
  CHECK(post.title == "All in");
  CHECK(post.text == "here");
  CHECK(post.links == std::vector<std::string>{"https://a.example/"});
  CHECK(post.tags == std::vector<std::string>{"allin", "x"});
  CHECK(page.found[0].counters == Counters{.likes = 4, .replies = 1, .views = 57});
}

TEST_CASE("Flickr: tags and words are two searches, one after the other", "[flickr]") {
  auto settings = tags();
  settings.query = "all in";
  auto talk = poll(settings);
  talk.ask();
  CHECK(argument(talk.asked(), "tags") == "allin%2Cdabei");
  CHECK(talk.page(200, found({})).more);
  talk.ask();
  CHECK(argument(talk.asked(), "tags") == "none");
  CHECK(argument(talk.asked(), "text") == "all%20in");
  auto page = talk.page(200, found({}));
  CHECK_FALSE(page.more);
  CHECK(page.since == settings.floor);
}

TEST_CASE("Flickr: what follows a page is asked for by time, because pages repeat themselves", "[flickr]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(200, found({photo("9", noon - 1h), photo("8", noon - 2h)}, "\"3\""));
  CHECK(page.more);
  talk.ask();
  CHECK(argument(talk.asked(), "max_upload_date") == fmt::format("{}", seconds(noon - 2h) + 1));
  page = talk.page(200, found({photo("8", noon - 2h)}, "2"));  // as many at one instant as a page holds
  CHECK(page.more);
  talk.ask();
  CHECK(argument(talk.asked(), "max_upload_date") == fmt::format("{}", seconds(noon - 2h)));
  CHECK_FALSE(talk.page(200, found({})).more);
}

TEST_CASE("Flickr: a backfill ends at its cap and says how far it came", "[flickr]") {
  auto settings = tags();
  settings.backfill_pages = 1;
  auto talk = poll(settings);
  talk.ask();
  auto page = talk.page(200, found({photo("9", noon - 1h), photo("8", noon - 2h)}, "3"));
  CHECK_FALSE(page.more);
  CHECK(page.since == noon - 2h);
}

TEST_CASE("Flickr: later searches overlap by two days and join the last", "[flickr]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, found({photo("9", noon - 1h)})).cursor;
  CHECK(cursor.position.find(key) == std::string::npos);
  auto talk = poll(tags(), cursor, noon + 1h);
  talk.ask();
  CHECK(argument(talk.asked(), "min_upload_date") == fmt::format("{}", seconds(noon - 48h)));
  CHECK(talk.page(200, found({})).joins_last);
}

TEST_CASE("Flickr: a search that broke off goes on at its page", "[flickr]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, found({photo("9", noon - 1h)}, "3")).cursor;
  auto talk = poll(tags(), cursor, noon + 1h);
  talk.ask();
  CHECK(argument(talk.asked(), "max_upload_date") == fmt::format("{}", seconds(noon - 1h) + 1));
}

TEST_CASE("Flickr: it says no with status 200, and each no has its remedy", "[flickr]") {
  auto refused = failure_of(200, fail("100", "Invalid API Key " + key));
  CHECK(refused.code == Failure::refused);
  CHECK(refused.message.find("credential file") != std::string::npos);
  CHECK(failure_of(200, fail("\"105\"", "Service currently unavailable")).code == Failure::unavailable);
  CHECK(failure_of(200, fail("106", "Write operation failed")).code == Failure::unavailable);
  CHECK(failure_of(200, fail("10", "Sorry, the Flickr search API is not currently available")).code ==
        Failure::unavailable);
  auto other = failure_of(200, fail("18", "Illogical arguments"));
  CHECK(other.code == Failure::refused);
  CHECK(other.message.find("Illogical arguments") != std::string::npos);
  CHECK(failure_of(429, "").code == Failure::throttled);
  CHECK(failure_of(500, "<html>").code == Failure::unavailable);
  CHECK(failure_of(200, "<html>").code == Failure::malformed);
  CHECK(failure_of(200, R"({"stat":"ok"})").code == Failure::malformed);
  auto nothing = tags();
  nothing.tags.clear();
  CHECK(failure_of(200, found({}), nothing).code == Failure::refused);
}

TEST_CASE("Flickr: without a key the public feed is read, apostrophes and all", "[flickr]") {
  auto talk = poll(tags(false));
  CHECK(talk.ask() ==
        "https://www.flickr.com/services/feeds/photos_public.gne?tags=allin%2Cdabei&tagmode=any&format=json"
        "&nojsoncallback=1&lang=en-us");
  CHECK(talk.asked().body.empty());
  auto page = talk.page(200, feed(3, noon - 1h));
  REQUIRE(page.found.size() == 3);
  CHECK(page.found[0].post.title == "it's");
  CHECK(page.found[0].post.uri == "https://www.flickr.com/photos/1%40N00/100");
  CHECK(page.found[0].post.url == "https://www.flickr.com/photos/ewa/100/");
  CHECK(page.found[0].counters == Counters{});
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK(page.since == tags().floor);  // there are no more than these
}

TEST_CASE("Flickr: a full feed covers back to its oldest photo, and joins if that was known", "[flickr]") {
  auto first = poll(tags(false));
  first.ask();
  auto page = first.page(200, feed(20, noon - 1h));
  CHECK(page.since == noon - 1h - 19min);
  CHECK_FALSE(page.joins_last);

  auto near = poll(tags(false), page.cursor, noon);
  near.ask();
  CHECK(near.page(200, feed(20, noon - 50min)).joins_last);
  auto far = poll(tags(false), page.cursor, noon);
  far.ask();
  auto gap = far.page(200, feed(20, noon - 30min));
  CHECK_FALSE(gap.joins_last);
  CHECK(gap.since == noon - 30min - 19min);
}

TEST_CASE("Flickr: an empty feed covers nothing where photos were known", "[flickr]") {
  auto first = poll(tags(false));
  first.ask();
  auto none = first.page(200, feed(0, noon));
  CHECK(none.since == tags().floor);

  auto known = poll(tags(false), {"newest=" + std::to_string((noon - 1h).time_since_epoch().count()), "", ""});
  known.ask();
  auto empty = known.page(200, feed(0, noon));
  CHECK_FALSE(empty.joins_last);
  CHECK_FALSE(empty.since.has_value());
  auto again = poll(tags(false), empty.cursor);
  again.ask();
  CHECK(again.page(200, feed(3, noon - 1h)).joins_last);
}

TEST_CASE("Flickr: the feed knows no words, so without tags and a key there is nothing to ask", "[flickr]") {
  auto settings = tags(false);
  settings.tags.clear();
  settings.query = "all in";
  CHECK(failure_of(200, feed(1, noon), settings).code == Failure::refused);
  CHECK(failure_of(404, "", tags(false)).code == Failure::gone);
}

TEST_CASE("Flickr: a photo is measured by its details and its favourites", "[flickr]") {
  auto talk = measurement({"7", "8"});
  CHECK(talk.ask() == api);
  CHECK(argument(talk.asked(), "method") == "flickr.photos.getInfo");
  CHECK(argument(talk.asked(), "photo_id") == "7");
  auto page = talk.page(200, R"({"photo":{"id":"7","owner":{"nsid":"1@N00","username":"Ewa","path_alias":null},
    "title":{"_content":"All in"},"description":{"_content":"words"},"dates":{"posted":"1750406400"},"views":"5",
    "comments":{"_content":"1"},"tags":{"tag":[{"raw":"All In","_content":"allin"}]},"media":"video"},"stat":"ok"})");
  CHECK(page.more);
  CHECK(page.readings.empty());
  talk.ask();
  CHECK(argument(talk.asked(), "method") == "flickr.photos.getFavorites");
  CHECK(argument(talk.asked(), "photo_id") == "7");
  page = talk.page(200, R"({"photo":{"person":[],"id":"7","page":1,"pages":0,"total":"3"},"stat":"ok"})");
  CHECK(page.more);
  REQUIRE(page.readings.size() == 1);
  CHECK(page.readings[0].of.post == 1);
  CHECK(page.readings[0].counters == Counters{.likes = 3, .replies = 1, .views = 5});
  REQUIRE(page.readings[0].now.has_value());
  CHECK(page.readings[0].now->post.kind == Kind::video);
  CHECK(page.readings[0].now->post.tags == std::vector<std::string>{"allin"});
  CHECK(page.readings[0].now->counters.likes == 3);

  talk.ask();
  page = talk.page(200, fail("1", "Photo \\\"8\\\" not found (invalid ID)"));
  REQUIRE(page.gone.size() == 1);
  CHECK(page.gone[0].of.post == 2);
  CHECK_FALSE(page.more);
}

TEST_CASE("Flickr: favourites that cannot be read take nothing from the rest", "[flickr]") {
  auto talk = measurement({"7"});
  talk.ask();
  talk.page(200, R"({"photo":{"id":"7","owner":{"nsid":"1@N00"},"dates":{"posted":"1750406400"},"views":"5"}})");
  talk.ask();
  auto page = talk.page(200, "{}");
  REQUIRE(page.readings.size() == 1);
  CHECK(page.readings[0].counters == Counters{.views = 5});
  CHECK(page.refused.size() == 1);
}

TEST_CASE("Flickr: details that are another photo's are not taken for this one", "[flickr]") {
  auto talk = measurement({"7", "8"});
  talk.ask();
  auto page = talk.page(200, R"({"photo":{"id":"9","owner":{"nsid":"1@N00"},"dates":{"posted":"1750406400"}}})");
  CHECK(page.refused.size() == 1);
  CHECK(page.more);
  talk.ask();
  CHECK(argument(talk.asked(), "photo_id") == "8");
  CHECK(talk.hear(200, fail("105", "")).error().code == Failure::unavailable);
}

TEST_CASE("Flickr: without a key one can still see whether a photo is there", "[flickr]") {
  auto talk = measurement({"7", "8", "9"}, false);
  CHECK(talk.ask() ==
        "https://www.flickr.com/services/oembed?format=json&url=https%3A%2F%2Fwww.flickr.com%2Fphotos%2F1%2540N00%2F7");
  auto page = talk.page(200, R"({"type":"photo","flickr_type":"photo","title":"All in","version":"1.0"})");
  CHECK(page.more);
  REQUIRE(page.readings.size() == 1);
  CHECK(page.readings[0].counters == Counters{});
  talk.ask();
  CHECK(talk.page(404, "Not Found").gone.empty());  // not yet
  talk.ask();
  page = talk.page(403, "");
  REQUIRE(page.gone.size() == 1);
  CHECK(page.gone[0].of.post == 2);
  CHECK(page.refused.size() == 1);
  CHECK_FALSE(page.more);
}

TEST_CASE("Flickr: without a key a photo is gone only where another one is shown, before it or after", "[flickr]") {
  auto later = measurement({"7", "8"}, false);
  later.ask();
  CHECK(later.page(404, "Not Found").gone.empty());
  later.ask();
  auto page = later.page(200, R"({"type":"photo"})");
  CHECK(page.readings.size() == 1);
  REQUIRE(page.gone.size() == 1);
  CHECK(page.gone[0].of.post == 1);

  auto none = measurement({"7", "8"}, false);
  none.ask();
  none.page(404, "Not Found");
  none.ask();
  page = none.page(404, "Not Found");
  CHECK(page.gone.empty());
  CHECK(page.refused.size() == 2);
  CHECK_FALSE(page.more);
}

TEST_CASE("Flickr: a file may be a feed, a search or the details of a photo", "[flickr]") {
  CHECK(parse_flickr(feed(1, noon), {}).has_value());
  CHECK(parse_flickr(found({photo("7", noon)}), {}).has_value());
  CHECK(
      parse_flickr(R"({"photo":{"id":"7","owner":{"nsid":"1@N00"},"dates":{"posted":"1750406400"}}})", {}).has_value());
  CHECK(parse_flickr("{}", {}).has_error());
}
