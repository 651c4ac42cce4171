#include "connectors/platforms/misskey.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/misskey_note.hpp"
#include "connectors/platforms/server_kind.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/newest_first.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::array budgets{Budget{"misskey", 60, std::chrono::minutes(5), std::chrono::seconds(2)}};
constexpr std::array keys{SourceKey{"host", true}, SourceKey{"tags", true}, SourceKey{"backfill_pages"}};
constexpr int page_size = 50;

/// One poll of a search for tags. Ids hold the date a note was written, so one that federates late arrives below the
/// newest: hence newest first, and no question for what is newer than something.
class TagPoll final : public Job {
 public:
  TagPoll(const SourceSettings& source, const Cursor& cursor)
      : source_(source),
        server_(source.host, cursor.position, "misskey"),
        pages_(source, cursor.position, text_before) {}

  Request ask(sys_ms now) override {
    if (server_.is_due(now)) return server_.ask(now);
    return misskey_request(source_.host, "notes/search-by-tag", question());
  }

  Result<Page> read(const Answer& answer) override {
    if (server_.is_asking()) {
      if (auto read = server_.read(answer); !read) return read.error();
      Page page;
      page.more = true;
      return finished(std::move(page));
    }
    if (answer.status != 200) return misskey_failure(answer, source_.host, "tags");
    auto list = read_note_page(answer.body, source_.host);
    if (!list) return list.error();
    return finished(read_page(std::move(*list)));
  }

 private:
  boost::json::object question() const {
    boost::json::object out{{"limit", page_size}};
    if (source_.tags.size() == 1) {
      out["tag"] = source_.tags.front();
    } else {  // each of the outer list is enough, the inner ones must all be there
      boost::json::array any;
      for (const auto& tag : source_.tags) any.push_back(boost::json::array{tag});
      out["query"] = std::move(any);
    }
    if (!pages_.below().empty()) out["untilId"] = pages_.below();
    return out;
  }

  Page read_page(NoteList list) {
    bool empty = list.ids.empty();
    shown_ = shown_ || !empty;
    bool hides = !shows_visitors_all(server_.software());
    bool fell_silent = empty && hides && pages_.is_at_newest() && pages_.knows_posts();
    Page page;
    page.found = std::move(list.found);
    page.refused = std::move(list.refused);
    page = pages_.read(std::move(page), list.ids, empty && (shown_ || !hides));
    if (fell_silent)
      page.refused.push_back({"", source_.host +
                                      " shows visitors no notes with these tags any more; it may have hidden them "
                                      "from those without a login"});
    return page;
  }

  Page finished(Page page) const {
    page.cursor.position = pages_.position() + server_.position();
    page.software = server_.software();
    return page;
  }

  const SourceSettings source_;
  ServerKind server_;
  NewestFirst pages_;
  bool shown_ = false;  ///< this poll was shown a note
};

class Misskey final : public Connector {
 public:
  explicit Misskey(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return misskey_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    if (!settings_.account.empty()) return poll_misskey_account(settings_, cursor);
    return std::make_unique<TagPoll>(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override { return measure_notes(std::move(posts)); }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract misskey_contract{
    .name = "misskey",
    .network = "fediverse",
    .counters = "likes reposts replies",
    .access = Access::open,
    .budgets = budgets,
    .batch = 10,
    .every = std::chrono::minutes(10),
    .accounts = true,
    .keys = keys,
    .blind =
        "what a server hides from visitors, which since 2025 are by default the notes of other servers; notes that "
        "never reached the servers asked; photographs without a typed tag"};

std::unique_ptr<Connector> make_misskey(SourceSettings settings) {
  return std::make_unique<Misskey>(std::move(settings));
}

Result<std::string> parse_misskey(const std::string& body, const ParseHints& hints) {
  auto observer = host_of(hints.url).empty() ? std::string("localhost") : host_of(hints.url);
  auto first = body.find_first_not_of(" \t\r\n");
  bool is_list = first != body.npos && body[first] == '[';
  auto list = read_notes(is_list ? body : "[" + body + "]", observer);
  if (!list) return list.error();
  Page page;
  page.found = std::move(list->found);
  page.refused = std::move(list->refused);
  for (auto& each : list->renotes) page.refused.push_back(std::move(each));
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
