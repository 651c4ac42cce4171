#include "connectors/reading/fediverse.hpp"

#include <catch2/catch.hpp>

#include "connectors/reading/nostr.hpp"

using namespace campaignd;

TEST_CASE("Mastodon's addresses name the id at home, any other is its own id", "[fediverse]") {
  CHECK(mastodon_id_at_home("https://home.example/users/Ala/statuses/114872") == "114872");
  CHECK(mastodon_id_at_home("https://home.example/ap/users/7/statuses/114872") == "114872");
  CHECK(mastodon_id_at_home("https://home.example/@Ala/114872") == "114872");
  const char* others[] = {"https://akkoma.example/objects/6f1e0b52-0000-4000-8000-000000000001",
                          "https://gts.example/users/gita/statuses/01JY5XAMPLE0000000000000B1",
                          "https://key.example/notes/9abc",
                          "https://pix.example/p/kasia/558",
                          "https://tube.example/videos/watch/3f0e",
                          "https://flip.example/users/mag/statuses/JAZ_Q:a:5",
                          "https://home.example/users/a/statuses/1?x=2",
                          "https://home.example/users/a/statuses/1/activity",
                          "https://home.example/users/a/b/statuses/1",
                          "https://home.example/@/1",
                          "https://home.example/users/a/statuses/",
                          "https://home.example"};
  for (const std::string uri : others) {
    INFO(uri);
    CHECK(mastodon_id_at_home(uri) == uri);
  }
  for (const char* none : {"", "tag:home.example,2017:1", "http://home.example/users/a/statuses/1", "https://"})
    CHECK(mastodon_id_at_home(none).empty());
}

TEST_CASE("Lemmy and Misskey know ids at servers of their own kind alone", "[fediverse]") {
  CHECK(lemmy_id_at_home("https://lem.example/post/12") == "post/12");
  CHECK(lemmy_id_at_home("https://lem.example/comment/34") == "comment/34");
  for (const char* other : {"https://home.example/users/a/statuses/1", "https://lem.example/post/12/3",
                            "https://lem.example/post/a", "https://lem.example/c/12", ""})
    CHECK(lemmy_id_at_home(other).empty());
  CHECK(misskey_id_at_home("https://key.example/notes/a8nz8ias02") == "a8nz8ias02");
  for (const char* other : {"https://home.example/users/a/statuses/1", "https://key.example/notes/a/b",
                            "https://key.example/notes/a-b", "https://key.example/notes/", ""})
    CHECK(misskey_id_at_home(other).empty());
}

TEST_CASE("names of Nostr are those of NIP-19", "[fediverse]") {
  const std::string key = "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d";
  const std::string npub = "npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6";
  CHECK(nostr_name("npub", key) == npub);
  CHECK(is_nostr_name("npub", npub));
  CHECK(is_nostr_name("note", nostr_name("note", key)));
  CHECK_FALSE(is_nostr_name("note", npub));
  CHECK_FALSE(is_nostr_name("npub", npub + "a"));
  CHECK_FALSE(is_nostr_name("npub", "npub1" + std::string(58, 'b')));
  CHECK(nostr_name("npub", "").empty());
  CHECK(nostr_name("npub", key.substr(1)).empty());
  CHECK(nostr_name("npub", key.substr(1) + "g").empty());
}
