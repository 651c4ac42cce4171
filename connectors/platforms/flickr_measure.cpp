#include <fmt/format.h>

#include "connectors/platforms/flickr_photo.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view embeds = "https://www.flickr.com/services/oembed";
constexpr std::int64_t not_found = 1;

/// One photo after another, each in two questions: its details, and who favours
/// it.
class PhotoMeasure final : public Job {
 public:
  PhotoMeasure(std::shared_ptr<Session> session, std::vector<PostRef> posts)
      : session_(std::move(session)), posts_(std::move(posts)) {}

  Request ask(sys_ms) override {
    auto arguments = "&photo_id=" + percent_encode(post().local_id);
    if (details_) return ask_flickr("flickr.photos.getFavorites", arguments + "&per_page=1", *session_);
    return ask_flickr("flickr.photos.getInfo", arguments, *session_);
  }

  Result<Page> read(const Answer& answer) override {
    if (answer.status != 200) return standard_failure(answer);
    auto error = read_flickr_error(answer.body);
    if (error && error->code != not_found) return flickr_failure(*error);
    Page page;
    if (details_) {
      if (error || !add_likes(answer.body)) page.refused.push_back({post().local_id, "its favourites are not known"});
      page.readings.push_back({post(), details_->counters, std::move(details_)});
      return next(std::move(page));
    }
    if (error) {
      page.gone.push_back({post(), "Flickr does not show it any more"});
      return next(std::move(page));
    }
    return read_details(answer);
  }

 private:
  const PostRef& post() const { return posts_[at_]; }

  Page next(Page page) {
    details_.reset();
    page.more = ++at_ < posts_.size();
    return page;
  }

  Result<Page> read_details(const Answer& answer) {
    Result<Finding> finding = Failure{Failure::malformed, "no photo in the answer"};
    auto use = [&](Json document) {
      if (auto photo = json_member(document, "photo")) finding = read_flickr_details(*photo);
    };
    if (auto read = read_json(answer.body, use); !read) return read.error();
    Page page;
    if (finding && finding->local_id != post().local_id)
      finding = Failure{Failure::malformed, "another photo came for this id"};
    if (!finding) {
      page.refused.push_back({post().local_id, finding.error().message});
      return next(std::move(page));
    }
    details_ = std::move(*finding);
    page.more = true;
    return page;
  }

  bool add_likes(const std::string& body) {
    auto use = [&](Json document) {
      if (auto photo = json_member(document, "photo")) details_->counters.likes = json_count(*photo, "total");
    };
    return read_json(body, use).has_value() && details_->counters.likes.has_value();
  }

  const std::shared_ptr<Session> session_;
  const std::vector<PostRef> posts_;
  std::size_t at_ = 0;
  std::optional<Finding> details_;  ///< of the post, whose favourites are still to be asked for
};

/// What an embedding page would ask: it says no numbers, but whether a photo is
/// there.
class PhotoLook final : public Job {
 public:
  explicit PhotoLook(std::vector<PostRef> posts) : posts_(std::move(posts)) {}

  Request ask(sys_ms) override {
    Request request(fmt::format("{}?format=json&url={}", embeds, percent_encode(posts_[at_].uri)));
    request.bucket = "flickr";
    request.headers.emplace_back("accept", "application/json");
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    Page page;
    if (answer.status == 404)
      missing_.push_back(posts_[at_]);
    else if (answer.status == 401 || answer.status == 403)
      page.refused.push_back({posts_[at_].local_id, "its owner does not let others embed it"});
    else if (answer.status != 200)
      return standard_failure(answer);
    else if (!is_embed(answer.body))
      return Failure{Failure::malformed, "Flickr sent no description of a photo"};
    else
      page.readings.push_back({posts_[at_], Counters{}, std::nullopt});
    has_shown_ = has_shown_ || !page.readings.empty();
    page.more = ++at_ < posts_.size();
    if (!page.more) tell_of_missing(page);
    return page;
  }

 private:
  /// A 404 for all of them may be the endpoint's own.
  void tell_of_missing(Page& page) {
    for (auto& each : missing_)
      if (has_shown_)
        page.gone.push_back({std::move(each), "Flickr does not show it any more"});
      else
        page.refused.push_back({each.local_id, "Flickr answered 404 and showed no other photo: that proves nothing"});
    missing_.clear();
  }

  static bool is_embed(const std::string& body) {
    bool is = false;
    return read_json(body, [&](Json document) { is = !json_text(document, "type").empty(); }).has_value() && is;
  }

  const std::vector<PostRef> posts_;
  std::size_t at_ = 0;
  std::vector<PostRef> missing_;  ///< answered 404
  bool has_shown_ = false;        ///< one that is there
};

}  // namespace

std::unique_ptr<Job> measure_flickr(std::shared_ptr<Session> session, std::vector<PostRef> posts) {
  return std::make_unique<PhotoMeasure>(std::move(session), std::move(posts));
}

std::unique_ptr<Job> look_for_flickr(std::vector<PostRef> posts) {
  return std::make_unique<PhotoLook>(std::move(posts));
}

}  // namespace campaignd
