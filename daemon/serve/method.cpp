#include "daemon/serve/method.hpp"

#include <boost/json.hpp>

#include "daemon/report/expired.hpp"
#include "daemon/report/method.hpp"
#include "daemon/report/overview.hpp"
#include "daemon/report/voice.hpp"
#include "daemon/report/withheld.hpp"

namespace campaignd::serve {

namespace json = boost::json;
using report::Figure;
using report::Figures;

namespace {

constexpr const char* ids[] = {"M-17",
                               "M-15",
                               "M-16",
                               "M-07-growth",
                               "M-07-gained",
                               "M-05",
                               "M-08",
                               "M-08-followers",
                               "M-08-median",
                               "M-08-views",
                               "M-09-amplification",
                               "M-09-applause",
                               "M-09-conversation",
                               "M-10",
                               "M-06-youtube",
                               "M-07-youtube-likes",
                               "M-07-youtube-comments"};

json::object named(const Figure& figure, std::string_view name) {
  auto out = report::to_json(figure);
  out["name"] = name;
  return out;
}

json::value number_or_null(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object to_json(const report::Concentration& of) {
  return {{"posts", of.posts},
          {"accounts", of.accounts},
          {"posts_of_top_five", of.by_top},
          {"share_of_top_five", number_or_null(of.top_share)},
          {"gini", number_or_null(of.gini)},
          {"bursts", {{"texts", of.bursts.texts}, {"posts", of.bursts.posts}}}};
}

json::value concentration(const report::Scope& scope, const Figure& mentions) {
  if (!mentions.value || report::settled_of(scope, "M-01") > 0) return nullptr;
  auto [all, without_bots] = report::behind_mentions(scope);
  bool has_secrets = scope.is_published && report::are_few_bots(scope);
  return {{"all", to_json(all)},
          {"without_bots", has_secrets ? json::value(nullptr) : json::value(to_json(without_bots))}};
}

}  // namespace

json::object method(const report::Scope& scope) {
  auto& db = scope.db;
  const auto& [campaign, edition, window, now] = std::tie(scope.campaign, scope.edition, scope.window, scope.now);
  Figures figures(db, campaign, edition, window, now);
  auto mentions = figures.of("M-01");
  json::object out;
  out["mentions"] = report::to_json(mentions);
  out["concentration"] = concentration(scope, mentions);
  auto& all = out["figures"].emplace_object();
  auto add = [&](Figure figure) {
    if (figure.definition == "M-17" && scope.is_published && report::are_few_bots(scope)) report::withhold(figure);
    all[figure.definition] = named(figure, store::metric(figure.definition).name);
  };
  for (const char* id : ids) add(figures.of(id));
  add(report::opted_out(db, campaign, window, now, figures.coverage()));
  add(report::share_of_voice(figures, campaign,
                             [&](const std::string& term) { return figures.coverage_of_term(term); }));
  out["actual_impressions"] = named(report::actual_impressions(figures), report::actual_impressions_name);
  return out;
}

}  // namespace campaignd::serve
