#include "connectors/platforms/x_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "connectors/platforms/x_api.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/newest_first.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

constexpr XName included_posts{"tweets", "posts"};

XProblem read_problem(Json problem) {
  auto words = [&](std::string_view key) { return cut(clean_utf8(json_text(problem, key)), 200); };
  auto type = json_text(problem, "type");
  XProblem out{cut(clean_utf8(type.substr(type.rfind('/') + 1)), 60), words("title"), words("detail"),
               words("resource_id")};
  if (out.detail.empty()) out.detail = words("message");
  if (out.resource.empty()) out.resource = words("value");
  return out;
}

/// Reads the posts of an answer one by one.
class ListReader {
 public:
  explicit ListReader(XList& list) : list_(list) {}

  void begin(Json document) {
    auto includes = json_member(document, "includes");
    if (includes)
      for (Json each : x_items(json_member(*includes, "users"))) {
        auto user = read_x_user(each);
        users_.emplace(user.id, user);
      }
    auto data = json_member(document, "data");
    if (data && data->is_object()) json_member(*data, "text") ? keep(*data) : keep_user(*data);
    for (Json each : x_items(json_member(document, "errors"))) list_.problems.push_back(read_problem(each));
    auto meta = json_member(document, "meta");
    if (meta) list_.next = json_text(*meta, "next_token");
    is_answer_ = data || meta || !list_.problems.empty();
    auto more = includes ? x_items(x_member(*includes, included_posts)).size() : 0;
    list_.cost += static_cast<int>(users_.size()) * XPrices::user + static_cast<int>(more) * XPrices::post;
  }

  void keep(Json item) {
    count();
    auto id = json_text(item, "id");
    if (is_x_id(id)) {
      list_.newest = std::max(list_.newest, id, number_before);
      is_readable_ = true;
    }
    if (is_x_repost(item)) return;
    auto post = read_x_post(item, users_);
    if (!post)
      list_.refused.push_back(
          {id.empty() ? fmt::format("item {}", list_.size) : cut(clean_utf8(id), 100), post.error().message});
    else if (addresses_.insert(post->post.aliases.front()).second)  // else an earlier version of a post we have
      list_.found.push_back(std::move(*post));
  }

  void refuse_item(std::size_t place, std::string why) {
    count();
    list_.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
  }

  bool is_answer() const { return is_answer_; }
  /// Posts of which not even the id can be read are posts in another dialect.
  bool is_readable() const { return list_.size == 0 || is_readable_; }

 private:
  void keep_user(Json item) {
    list_.user = read_x_user(item);
    list_.cost += XPrices::user;
  }

  void count() {
    ++list_.size;
    list_.cost += XPrices::post;
  }

  XList& list_;
  XUsers users_;
  std::set<std::string> addresses_;
  bool is_answer_ = false, is_readable_ = false;
};

}  // namespace

Result<XList> read_x_list(std::string_view body) {
  XList list;
  ListReader reader(list);
  auto use = [&](Json document) { reader.begin(document); };
  auto each = [&](Json item) { reader.keep(item); };
  auto bad = [&](std::size_t place, std::string why) { reader.refuse_item(place, std::move(why)); };
  if (auto read = read_json_list(body, "data", use, each, bad); !read) return read.error();
  if (!reader.is_answer()) return Failure{Failure::malformed, "the answer holds neither posts nor a reason"};
  if (!reader.is_readable()) return Failure{Failure::malformed, "the answer is a list of something that is no post"};
  return list;
}

XProblem read_x_problem(std::string_view body) {
  XProblem problem;
  auto use = [&](Json document) {
    problem = read_problem(document);
    auto errors = x_items(json_member(document, "errors"));
    if (errors.empty()) return;
    auto first = read_problem(errors.front());  // says more than "One or more parameters to your request was invalid."
    if (!first.detail.empty()) problem.detail = first.detail;
    if (problem.kind.empty()) problem.kind = first.kind;
    if (problem.title.empty()) problem.title = first.title;
  };
  return read_json(body, use) ? problem : XProblem{};
}

}  // namespace campaignd
