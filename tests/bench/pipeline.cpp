// The bare pipeline, the limit a refresh is measured against: curl multi (64 at once), libxml2 SAX push, a raw search
// for the tag, matches and validators into SQLite (WAL, FULL), committed whenever curl has nothing more to hand over.
// No politeness, no figures, no coverage: what the libraries cost and nothing else.
//
// pipeline DATABASE TAG URLS: asks every URL of the file once, conditionally where the database knows a validator, and
// prints "cpu SECONDS requests N unchanged N items N matches N peak_kib N" (CPU of user and system, this process).
#include <curl/curl.h>
#include <libxml/parser.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

constexpr std::size_t at_once = 64;

[[noreturn]] void die(std::string_view what) {
  std::fprintf(stderr, "pipeline: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(1);
}

class Database {
 public:
  explicit Database(const char* file) {
    if (sqlite3_open(file, &db_) != SQLITE_OK) die(sqlite3_errmsg(db_));
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE IF NOT EXISTS post(uri TEXT PRIMARY KEY, feed TEXT, title TEXT, published TEXT) WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS feed(url TEXT PRIMARY KEY, etag TEXT, modified TEXT) WITHOUT ROWID;");
    insert_ = prepare("INSERT OR IGNORE INTO post VALUES (?, ?, ?, ?)");
    remember_ = prepare("INSERT OR REPLACE INTO feed VALUES (?, ?, ?)");
    validators_ = prepare("SELECT etag, modified FROM feed WHERE url = ?");
  }
  void run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) die(sqlite3_errmsg(db_));
  }
  void insert(std::initializer_list<std::string_view> values) { step(insert_, values); }
  void remember(std::initializer_list<std::string_view> values) { step(remember_, values); }
  std::pair<std::string, std::string> validators(std::string_view url) {
    bind(validators_, {url});
    std::pair<std::string, std::string> out;
    if (sqlite3_step(validators_) == SQLITE_ROW) {
      out.first = reinterpret_cast<const char*>(sqlite3_column_text(validators_, 0));
      out.second = reinterpret_cast<const char*>(sqlite3_column_text(validators_, 1));
    }
    sqlite3_reset(validators_);
    return out;
  }

 private:
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* out = nullptr;
    if (sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &out, nullptr) != SQLITE_OK)
      die(sqlite3_errmsg(db_));
    return out;
  }
  static void bind(sqlite3_stmt* statement, std::initializer_list<std::string_view> values) {
    int at = 0;
    for (auto value : values)
      sqlite3_bind_text64(statement, ++at, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  void step(sqlite3_stmt* statement, std::initializer_list<std::string_view> values) {
    bind(statement, values);
    if (sqlite3_step(statement) != SQLITE_DONE) die(sqlite3_errmsg(db_));
    sqlite3_reset(statement);
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt *insert_ = nullptr, *remember_ = nullptr, *validators_ = nullptr;
};

struct Work {
  Database& database;
  std::string tag;
  long requests = 0, unchanged = 0, items = 0, matches = 0;
};

/// '#' and the tag, ASCII letters of either case.
bool holds_tag(std::string_view text, std::string_view tag) {
  for (std::size_t at = 0; (at = text.find('#', at)) != text.npos; ++at)
    if (text.size() - at > tag.size() && strncasecmp(text.data() + at + 1, tag.data(), tag.size()) == 0) return true;
  return false;
}

/// One feed on its way: what of it arrives is parsed at once and never kept whole.
struct Fetch {
  enum Field { none, title, link, when, body };

  Fetch(Work& work_in, std::string url_in) : work(work_in), url(std::move(url_in)) {
    static xmlSAXHandler sax = handlers();
    parser.reset(xmlCreatePushParserCtxt(&sax, this, nullptr, 0, nullptr));
    if (!parser) throw std::bad_alloc();
  }

  static xmlSAXHandler handlers() {
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = [](void* self, const xmlChar* name, const xmlChar*, const xmlChar*, int, const xmlChar**,
                            int count, int, const xmlChar** attributes) {
      static_cast<Fetch*>(self)->begin(reinterpret_cast<const char*>(name), count, attributes);
    };
    sax.endElementNs = [](void* self, const xmlChar* name, const xmlChar*, const xmlChar*) {
      static_cast<Fetch*>(self)->end(reinterpret_cast<const char*>(name));
    };
    sax.characters = [](void* self, const xmlChar* text, int length) {
      auto& fetch = *static_cast<Fetch*>(self);
      if (fetch.field != none)
        fetch.fields[fetch.field].append(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
    };
    sax.cdataBlock = sax.characters;
    return sax;
  }

  static Field field_of(std::string_view name) {
    if (name == "title") return title;
    if (name == "link") return link;
    if (name == "pubDate" || name == "published") return when;
    if (name == "description" || name == "encoded" || name == "content" || name == "summary") return body;
    return none;
  }

  void begin(std::string_view name, int count, const xmlChar** attributes) {
    if (name == "item" || name == "entry") {
      inside = true;
      for (auto& text : fields) text.clear();
    } else if (inside) {
      field = field_of(name);
      for (int i = 0; field == link && i < count; ++i, attributes += 5)
        if (std::string_view(reinterpret_cast<const char*>(attributes[0])) == "href")
          fields[link].assign(reinterpret_cast<const char*>(attributes[3]),
                              reinterpret_cast<const char*>(attributes[4]));
    }
  }

  void end(std::string_view name) {
    field = none;
    if (name != "item" && name != "entry") return;
    inside = false;
    ++work.items;
    if (!holds_tag(fields[title], work.tag) && !holds_tag(fields[body], work.tag)) return;
    work.database.insert({fields[link], url, fields[title], fields[when]});
    ++work.matches;
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
    xmlParseChunk(static_cast<Fetch*>(self)->parser.get(), data, static_cast<int>(size), 0);
    return size;
  }

  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept {
    auto& fetch = *static_cast<Fetch*>(self);
    std::string_view line(data, size);
    auto take = [&](std::string_view name, std::string& into) {
      if (line.size() > name.size() && strncasecmp(line.data(), name.data(), name.size()) == 0)
        into = line.substr(name.size(), line.find_last_not_of("\r\n") + 1 - name.size());
    };
    take("etag: ", fetch.etag);
    take("last-modified: ", fetch.modified);
    return size;
  }

  struct Free {
    void operator()(xmlParserCtxt* context) const noexcept { xmlFreeParserCtxt(context); }
  };

  Work& work;
  std::string url, etag, modified;
  std::string fields[5];
  Field field = none;
  bool inside = false;
  std::unique_ptr<xmlParserCtxt, Free> parser;
  curl_slist* headers = nullptr;
};

void ask(CURLM* multi, Work& work, const std::string& url) {
  auto* fetch = new Fetch(work, url);
  auto [etag, modified] = work.database.validators(url);
  if (!etag.empty()) fetch->headers = curl_slist_append(fetch->headers, ("If-None-Match: " + etag).c_str());
  if (!modified.empty()) fetch->headers = curl_slist_append(fetch->headers, ("If-Modified-Since: " + modified).c_str());
  CURL* easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fetch->headers);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Fetch::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Fetch::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetch);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, fetch);
  curl_multi_add_handle(multi, easy);
}

void settle(CURLM* multi, CURL* easy, CURLcode code, Work& work) {
  void* owner = nullptr;
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  std::unique_ptr<Fetch> fetch(static_cast<Fetch*>(owner));
  if (code != CURLE_OK) die(fetch->url + ": " + curl_easy_strerror(code));
  ++work.requests;
  if (status == 304) ++work.unchanged;
  if (status == 200) {
    xmlParseChunk(fetch->parser.get(), nullptr, 0, 1);
    work.database.remember({fetch->url, fetch->etag, fetch->modified});
  }
  curl_multi_remove_handle(multi, easy);
  curl_easy_cleanup(easy);
  curl_slist_free_all(fetch->headers);
}

void refresh(Work& work, const std::vector<std::string>& urls) {
  CURLM* multi = curl_multi_init();
  std::size_t next = 0, flying = 0;
  while (next < urls.size() || flying > 0) {
    work.database.run("BEGIN");
    for (; next < urls.size() && flying < at_once; ++flying) ask(multi, work, urls[next++]);
    int running = 0, left = 0;
    curl_multi_perform(multi, &running);
    while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
      settle(multi, message->easy_handle, message->data.result, work);
      --flying;
    }
    work.database.run("COMMIT");
    if (running > 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  curl_multi_cleanup(multi);
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) die("usage: pipeline DATABASE TAG URLS");
  curl_global_init(CURL_GLOBAL_DEFAULT);
  std::vector<std::string> urls;
  std::ifstream in(words[3]);
  for (std::string line; std::getline(in, line);) urls.push_back(line);
  Database database(words[1]);
  Work work{database, words[2]};
  refresh(work, urls);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  std::printf("cpu %.6f requests %ld unchanged %ld items %ld matches %ld peak_kib %ld\n",
              seconds(usage.ru_utime) + seconds(usage.ru_stime), work.requests, work.unchanged, work.items,
              work.matches, usage.ru_maxrss);
  return 0;
}
