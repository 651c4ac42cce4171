#pragma once
/// A conversation with a job of a connector, and hand-made Mastodon answers.
#include <catch2/catch.hpp>
#include <memory>

#include "connectors/platforms/mastodon.hpp"
#include "tests/unit/support.hpp"

namespace campaignd::test {

/// One public status of a@home.example. `more` is further members, each beginning with a comma.
inline std::string make_status(const std::string& id, const std::string& created = "2025-06-20T08:00:00.000Z",
                               const std::string& more = "") {
  auto uri = "https://home.example/users/a/statuses/" + id;
  return "{\"id\":\"" + id + "\",\"uri\":\"" + uri + "\",\"url\":\"https://home.example/@a/" + id +
         "\",\"created_at\":\"" + created +
         "\",\"visibility\":\"public\",\"account\":{\"acct\":\"a@home.example\",\"followers_count\":10}," +
         "\"content\":\"<p>x</p>\",\"tags\":[{\"name\":\"allin\"}],\"favourites_count\":1,\"reblogs_count\":2," +
         "\"replies_count\":3" + more + "}";
}

inline std::string make_list(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const auto& each : items) out += (out.size() > 1 ? "," : "") + each;
  return out + "]";
}

inline SourceSettings social_settings() {
  SourceSettings out;
  out.host = "social.example";
  out.tags = {"AllIn", "Integração"};
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

/// A cursor that does not ask for NodeInfo again, as an earlier poll left it.
inline Cursor resumed(const std::string& position, sys_ms asked, sys_ms rescanned) {
  Cursor out;
  out.position = position + "&asked=" + std::to_string(asked.time_since_epoch().count()) +
                 "&rescanned=" + std::to_string(rescanned.time_since_epoch().count());
  return out;
}

class Talk {
 public:
  Talk(std::unique_ptr<Job> job, sys_ms now) : job_(std::move(job)), now_(now) {}
  Talk(const SourceSettings& settings, const Cursor& cursor, sys_ms now)
      : Talk(make_mastodon(settings)->discover(cursor), now) {}

  std::string ask() {
    asked_ = job_->ask(now_);
    return asked_.url;
  }
  const Request& asked() const { return asked_; }
  Result<Page> hear(int status, const std::string& body, const Headers& headers = {}) {
    return job_->read(reply(asked_, status, body, now_, headers));
  }
  Page page(int status, const std::string& body, const Headers& headers = {}) {
    auto result = hear(status, body, headers);
    REQUIRE(result.has_value());
    return *result;
  }

 private:
  std::unique_ptr<Job> job_;
  sys_ms now_;
  Request asked_{std::string()};
};

}  // namespace campaignd::test
