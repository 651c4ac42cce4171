#pragma once
/// Reddit's Data API: its app's token, and what its refusals mean.
#include <memory>
#include <optional>
#include <string>

#include "connectors/connector.hpp"

namespace campaignd {

/// The token of an app for itself (client_credentials), asked for where there is none and once more where Reddit does
/// not take it.
class RedditLogin {
 public:
  explicit RedditLogin(std::shared_ptr<Session> session);

  /// Why nothing can be asked: no credential, or none of the form "client_id:client_secret:username".
  const std::optional<Failure>& problem() const { return problem_; }
  bool is_due(sys_ms now) const;  ///< ask this first
  Request ask();
  bool is_asking() const { return is_asking_; }  ///< the next answer is for `read`
  Result<void> read(const Answer& answer);
  void sign(Request& request);  ///< with the token, and the user agent Reddit demands
  /// After a 401: whether to ask again, with another token.
  bool may_renew();

 private:
  std::shared_ptr<Session> session_;
  std::string id_, secret_, user_agent_;
  std::string used_;  ///< the token of the last request
  std::optional<Failure> problem_;
  bool is_asking_ = false, renewed_ = false;
};

/// A poll or a measurement: what it asks goes out with the token, and what it hears is about the matter.
class RedditJob : public Job {
 public:
  explicit RedditJob(std::shared_ptr<Session> session) : login_(std::move(session)) {}
  Request ask(sys_ms now) final;
  Result<Page> read(const Answer& answer) final;

 protected:
  virtual std::string path(sys_ms now) = 0;  ///< of the question, with its query
  virtual Result<Page> hear(const Answer& answer) = 0;
  virtual std::string position() const { return {}; }
  Page again() const;  ///< a page without anything, after which another follows

 private:
  RedditLogin login_;
};

Failure reddit_failure(const Answer& answer);
/// Of a 200 that cannot be read: Reddit shows a page to whom it takes for a robot.
Failure reddit_unreadable(const Answer& answer, const Failure& why);

std::unique_ptr<Job> measure_reddit(std::shared_ptr<Session> session, std::vector<PostRef> posts);

}  // namespace campaignd
