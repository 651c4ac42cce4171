#include "daemon/config/layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/reading/text.hpp"
#include "daemon/config/forms.hpp"

namespace campaignd {

namespace {

/// The key an entry of a [[kind]] goes by.
std::string_view id_key(std::string_view kind) { return kind == "outlet" ? "domain" : "id"; }

const Setting* id_node(const Setting& entry, std::string_view kind) {
  auto found = entry.map()->find(std::string(id_key(kind)));
  return found == entry.map()->end() ? nullptr : &found->second;
}

std::string id_of(const Setting& entry, std::string_view kind) {
  const auto* id = id_node(entry, kind);
  return id == nullptr || id->text() == nullptr ? std::string{} : fold(*id->text());
}

/// What each kind of entry needs: without it, one in a drop-in was meant to change another.
using Needed = std::pair<std::string_view, std::string_view>;
constexpr std::array needed{Needed{"edition", "day"}, Needed{"term", "class"}, Needed{"partner", "name"},
                            Needed{"source", "connector"}, Needed{"outlet", "name"}};

std::string_view needed_key(std::string_view kind) {
  const auto* found = std::ranges::find(needed, kind, &Needed::first);
  return found == needed.end() ? id_key(kind) : found->second;
}

bool is_kind(std::string_view key) { return std::ranges::find(needed, key, &Needed::first) != needed.end(); }

/// Puts one file after another onto a document.
class Merger {
 public:
  /// `folder` has the files that may change what is there; what is not there may stand in a file that is not `whole`.
  Merger(Layers& layers, std::string folder, Problems& problems)
      : onto_(*layers.document.map()), whole_(layers.whole), folder_(std::move(folder)), problems_(problems) {}

  /// `overrides`: this file may change what is there.
  void add(Setting::Map file, bool overrides) {
    overrides_ = overrides;
    for (auto& [key, node] : file) {
      auto known = onto_.find(key);
      bool differ = known != onto_.end() && (known->second.list() == nullptr) != (node.list() == nullptr);
      if (differ)
        complain_of_form(key, node);
      else if (node.is_list_of_tables())
        add_entries(key, onto_.try_emplace(key, Setting{Setting::List{}, node.place, node.key}).first->second, node);
      else if (known == onto_.end())
        onto_.emplace(key, std::move(node));
      else if (known->second.map() != nullptr && node.map() != nullptr)
        add_keys("[" + key + "] ", *known->second.map(), *node.map());
      else
        add_key(key, known->second, std::move(node));
    }
  }

 private:
  static std::string where(const Place& first, const Place& now) {
    return *first.file == *now.file ? fmt::format("line {}", first.line)
                                    : fmt::format("{}:{}", *first.file, first.line);
  }

  void complain(const Place& at, std::string message) { problems_.push_back(problem_at(at, std::move(message))); }

  /// One is [key], the other [[key]]. Of what is in the document already its reader tells.
  void complain_of_form(const std::string& key, const Setting& node) {
    if (is_kind(key) && node.list() == nullptr)
      complain(node.key, fmt::format("{0} is written as [[{0}]], once for each, with its keys below", key));
    else if (!is_kind(key) && node.list() != nullptr)
      complain(node.key, fmt::format("{0} is a table: write [{0}], once, with its keys below", key));
  }

  void add_key(const std::string& name, Setting& known, Setting node) {
    bool repeated = !overrides_ || known.place.file == node.place.file;
    if (repeated)
      return complain(node.key,
                      fmt::format("{} is set already in {}: delete one of the two", name, where(known.key, node.key)));
    known = std::move(node);
  }

  void add_keys(const std::string& prefix, Setting::Map& known, Setting::Map& more) {
    for (auto& [key, node] : more) {
      auto found = known.find(key);
      if (found == known.end())
        known.emplace(key, std::move(node));
      else
        add_key(prefix + key, found->second, std::move(node));
    }
  }

  void add_entries(const std::string& kind, Setting& known, Setting& more) {
    auto& entries = std::get<Setting::List>(known.value);
    for (auto& entry : std::get<Setting::List>(more.value)) add_entry(kind, entries, entry);
  }

  void add_entry(const std::string& kind, Setting::List& entries, Setting& entry) {
    auto id = id_of(entry, kind);
    bool removes = take_remove(entry);
    auto found = std::ranges::find_if(entries, [&](const Setting& each) { return id_of(each, kind) == id; });
    if (id.empty() || found == entries.end()) {
      if (removes) return complain_of_none(kind, id, entries, entry, "remove");
      if (changes(entry, kind, id)) return complain_of_none(kind, id, entries, entry, "change");
      entries.push_back(std::move(entry));
      return;
    }
    if (!overrides_ || found->place.file == entry.place.file) {
      const auto &first = id_node(*found, kind)->place, &again = id_node(entry, kind)->place;
      complain(again,
               fmt::format("{} '{}' is there twice: first in {}; put the two together", kind, id, where(first, again)));
      if (!overrides_) entries.push_back(std::move(entry));  // its other problems are told too
      return;
    }
    if (removes) {
      entries.erase(found);
      return;
    }
    found->place = entry.place;
    for (auto& [key, node] : *entry.map()) {
      if (key == id_key(kind))
        found->map()->at(key).place = node.place;  // the first spelling stays: it names what is stored
      else
        found->map()->insert_or_assign(key, std::move(node));
    }
  }

  bool take_remove(Setting& entry) {
    auto found = entry.map()->find("remove");
    if (found == entry.map()->end()) return false;
    const auto* flag = std::get_if<bool>(&found->second.value);
    bool removes = flag != nullptr && *flag;
    if (flag == nullptr) complain(found->second.place, "remove is true: write it without quotes, or leave it out");
    if (removes && !overrides_)
      complain(found->second.key,
               fmt::format("remove belongs into {}, where it takes away what another file brought; here, delete the "
                           "entry itself",
                           folder_));
    entry.map()->erase(found);
    return removes && overrides_;
  }

  bool changes(const Setting& entry, std::string_view kind, const std::string& id) const {
    return overrides_ && !id.empty() && !entry.map()->contains(std::string(needed_key(kind)));
  }

  void complain_of_none(const std::string& kind, const std::string& id, const Setting::List& entries,
                        const Setting& entry, std::string_view verb) {
    const auto* node = id_node(entry, kind);
    if (id.empty()) {
      auto key = id_key(kind);
      return complain(entry.place,
                      fmt::format("{0} is missing: write {0} = \"…\", of the {1} to {2}", key, kind, verb));
    }
    if (!whole_) return;
    std::vector<std::string> ids;
    for (const auto& each : entries) ids.push_back(id_of(each, kind));
    auto meant = nearest(id, ids);
    auto otherwise =
        verb == "change" ? fmt::format(": a new one needs {} too", needed_key(kind)) : ": delete these lines";
    complain(node->place, fmt::format("there is no {} '{}' to {}{}", kind, id, verb,
                                      meant.empty() ? otherwise : did_you_mean(meant)));
  }

  Setting::Map& onto_;
  const bool& whole_;
  std::string folder_;  ///< "campaignd.d"
  Problems& problems_;
  bool overrides_ = false;
};

/// In order of name. Hidden files are passed over; what is no *.toml is told as ignored.
std::vector<std::filesystem::path> toml_files_in(const std::filesystem::path& folder, std::error_code& failed,
                                                 std::vector<std::filesystem::path>& ignored) {
  std::vector<std::filesystem::path> out;
  std::filesystem::directory_iterator each(folder, failed);
  for (; !failed && each != std::filesystem::directory_iterator(); each.increment(failed)) {
    if (each->path().filename().string().starts_with('.')) continue;
    (each->path().extension() == ".toml" ? out : ignored).push_back(each->path());
  }
  std::ranges::sort(out);
  return out;
}

bool is_there(const std::filesystem::path& file) {
  std::error_code unknown;
  return std::filesystem::exists(file, unknown) && !std::filesystem::is_directory(file, unknown);
}

/// The file an `include` names; empty, and a problem, when there is none, or it is read already.
std::filesystem::path find_included(const std::filesystem::path& main, const Setting& include, Layers& layers,
                                    Problems& problems) {
  const auto& name = *include.text();
  auto beside = (main.parent_path() / name).lexically_normal();
  auto shipped = std::filesystem::path(CAMPAIGND_DATA_DIR) / name;
  auto file = !is_there(beside) && is_there(shipped) ? shipped : beside;
  auto same = [&](const auto& each) { return each.lexically_normal() == file; };
  if (std::ranges::any_of(layers.files, same)) {
    problems.push_back(problem_at(include.place, fmt::format("'{}' is read already: name each file once", name)));
    return {};
  }
  if (is_there(file)) return file;
  layers.whole = false;
  std::vector<std::string> names;
  std::error_code unknown;
  std::vector<std::filesystem::path> others;
  for (const auto& folder : {main.parent_path() / "", std::filesystem::path(CAMPAIGND_DATA_DIR)})
    for (const auto& each : toml_files_in(folder.empty() ? "." : folder, unknown, others))
      names.push_back(each.filename().string());
  problems.push_back(
      problem_at(include.place, fmt::format("there is no file {}, and none of that name in {}{}", file.string(),
                                            CAMPAIGND_DATA_DIR, did_you_mean(nearest(name, names)))));
  return {};
}

/// The names `include` gives; it is taken out of the document.
std::vector<Setting> take_includes(Setting::Map& main, Problems& problems) {
  std::vector<Setting> out;
  auto found = main.find("include");
  if (found == main.end()) return out;
  auto* names = std::get_if<Setting::List>(&found->second.value);
  if (names == nullptr)
    problems.push_back(problem_at(found->second.place, "include is a list of files: write include = [\"…\", \"…\"]"));
  else
    for (auto& each : *names) {
      if (each.text() != nullptr)
        out.push_back(std::move(each));
      else
        problems.push_back(problem_at(each.place, "include is a list of files: write their names in quotes"));
    }
  main.erase(found);
  return out;
}

/// A folder that is there and cannot be listed is a problem: its changes would be missing unseen.
std::vector<std::filesystem::path> overrides_of(const std::filesystem::path& folder, Layers& layers,
                                                Problems& problems) {
  std::error_code failed;
  auto out = toml_files_in(folder, failed, layers.ignored);
  if (failed && failed != std::errc::no_such_file_or_directory) {
    layers.whole = false;
    Place place{std::make_shared<const std::string>(folder.string())};
    problems.push_back(problem_at(place, fmt::format("cannot be read as a folder: {}", failed.message())));
  }
  return out;
}

}  // namespace

Layers read_layers(const std::filesystem::path& main, Problems& problems) {
  Layers layers;
  layers.whole = true;
  layers.document.place = {std::make_shared<const std::string>(main.string())};
  layers.document.value = Setting::Map{};
  auto folder = main.parent_path() / (main.stem().string() + ".d");
  Merger merger(layers, folder.filename().string(), problems);
  std::vector<Setting> included;
  auto add = [&](const std::filesystem::path& file, bool overrides) {
    auto node = read_toml(file, problems);
    layers.files.push_back(file);
    layers.whole = layers.whole && node.has_value();
    if (!node) return;
    if (file == main)
      included = take_includes(*node->map(), problems);
    else if (auto misplaced = node->map()->extract("include"))
      problems.push_back(
          problem_at(misplaced.mapped().key,
                     fmt::format("include is heeded in {} alone: name the files there", main.filename().string())));
    merger.add(std::move(*node->map()), overrides);
  };
  add(main, false);
  for (const auto& each : included) {
    auto file = find_included(main, each, layers, problems);
    if (!file.empty()) add(file, false);
  }
  for (const auto& file : overrides_of(folder, layers, problems)) add(file, true);
  return layers;
}

Written written_of(const Setting& document) {
  Written out;
  for (const auto& [kind, node] : *document.map()) {
    if (const auto* table = node.map()) {
      for (const auto& [key, value] : *table) out[kind][key] = written(value);
    } else if (node.is_list_of_tables()) {
      for (const auto& entry : *node.list())
        for (const auto& [key, value] : *entry.map())
          if (key != id_key(kind)) out[kind + " " + id_of(entry, kind)][key] = written(value);
    } else {
      out[kind][""] = written(node);
    }
  }
  return out;
}

}  // namespace campaignd
