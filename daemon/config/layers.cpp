#include "daemon/config/layers.hpp"

#include <fmt/format.h>

#include <algorithm>

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

/// Puts one file after another onto a document.
class Merger {
 public:
  Merger(Setting::Map& onto, Problems& problems) : onto_(onto), problems_(problems) {}

  /// `overrides` names the folder whose files may change what is there; empty: this file may not.
  void add(Setting::Map file, bool overrides) {
    overrides_ = overrides;
    for (auto& [key, node] : file) {
      auto known = onto_.find(key);
      if (node.is_list_of_tables())
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
    return first.file == now.file ? fmt::format("line {}", first.line) : fmt::format("{}:{}", *first.file, first.line);
  }

  void complain(const Place& at, std::string message) { problems_.push_back(problem_at(at, std::move(message))); }

  void add_key(const std::string& name, Setting& known, Setting node) {
    bool repeated = !overrides_ || known.place.file == node.place.file;
    if (repeated) return complain(node.key, fmt::format("{} is set already in {}", name, where(known.key, node.key)));
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
    if (known.list() == nullptr) known.value = Setting::List{};  // its reader tells how [[kind]] is written
    auto& entries = std::get<Setting::List>(known.value);
    for (auto& entry : std::get<Setting::List>(more.value)) add_entry(kind, entries, entry);
  }

  void add_entry(const std::string& kind, Setting::List& entries, Setting& entry) {
    auto id = id_of(entry, kind);
    bool removes = take_remove(entry);
    auto found = std::ranges::find_if(entries, [&](const Setting& each) { return id_of(each, kind) == id; });
    if (id.empty() || found == entries.end()) {
      if (removes) return complain(entry.place, nothing_to_remove(kind, id, entries));
      entries.push_back(std::move(entry));
      return;
    }
    if (!overrides_ || found->place.file == entry.place.file) {
      const auto &first = id_node(*found, kind)->place, &again = id_node(entry, kind)->place;
      complain(again, fmt::format("{} '{}' is there twice: first in {}", kind, id, where(first, again)));
      entries.push_back(std::move(entry));  // its other problems are told too
      return;
    }
    if (removes) {
      entries.erase(found);
      return;
    }
    found->place = entry.place;
    for (auto& [key, node] : *entry.map()) found->map()->insert_or_assign(key, std::move(node));
  }

  bool take_remove(Setting& entry) {
    auto found = entry.map()->find("remove");
    if (found == entry.map()->end()) return false;
    const auto* flag = std::get_if<bool>(&found->second.value);
    bool removes = flag != nullptr && *flag;
    if (flag == nullptr) complain(found->second.place, "remove is true, or is left out");
    if (removes && !overrides_)
      complain(found->second.key,
               "remove takes away what another file brought, and belongs into campaignd.d: here, "
               "delete the entry itself");
    entry.map()->erase(found);
    return removes && overrides_;
  }

  static std::string nothing_to_remove(const std::string& kind, const std::string& id, const Setting::List& entries) {
    std::vector<std::string> ids;
    for (const auto& each : entries) ids.push_back(id_of(each, kind));
    return fmt::format("there is no {} '{}' to remove{}", kind, id, did_you_mean(nearest(id, ids)));
  }

  Setting::Map& onto_;
  Problems& problems_;
  bool overrides_ = false;
};

std::filesystem::path find_included(const std::filesystem::path& main, const std::string& name) {
  auto beside = main.parent_path() / name;
  auto shipped = std::filesystem::path(CAMPAIGND_DATA_DIR) / name;
  return !std::filesystem::exists(beside) && std::filesystem::exists(shipped) ? shipped : beside;
}

/// The names `include` gives; it is taken out of the document.
std::vector<Setting> take_includes(Setting::Map& main, Problems& problems) {
  std::vector<Setting> out;
  auto found = main.find("include");
  if (found == main.end()) return out;
  auto* names = std::get_if<Setting::List>(&found->second.value);
  if (names == nullptr)
    problems.push_back(problem_at(found->second.place, "include is a list of files: write [\"…\", \"…\"]"));
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

std::vector<std::filesystem::path> overrides_beside(const std::filesystem::path& main) {
  std::vector<std::filesystem::path> out;
  auto folder = main.parent_path() / (main.stem().string() + ".d");
  std::error_code none;
  for (const auto& each : std::filesystem::directory_iterator(folder, none))
    if (each.path().extension() == ".toml" && !each.path().filename().string().starts_with('.'))
      out.push_back(each.path());
  std::ranges::sort(out);
  return out;
}

}  // namespace

Layers read_layers(const std::filesystem::path& main, Problems& problems) {
  Layers layers;
  layers.whole = true;
  layers.document.place = {std::make_shared<const std::string>(main.string())};
  layers.document.value = Setting::Map{};
  Merger merger(*layers.document.map(), problems);
  std::vector<Setting> included;
  auto add = [&](const std::filesystem::path& file, bool overrides) {
    auto node = read_toml(file, problems);
    layers.files.push_back(file);
    layers.whole = layers.whole && node.has_value();
    if (!node) return;
    if (file == main)
      included = take_includes(*node->map(), problems);
    else if (auto misplaced = node->map()->extract("include"))
      problems.push_back(problem_at(misplaced.mapped().key, "include belongs into " + main.filename().string()));
    merger.add(std::move(*node->map()), overrides);
  };
  add(main, false);
  for (const auto& each : included) {
    auto file = find_included(main, *each.text());
    if (std::filesystem::exists(file)) {
      add(file, false);
      continue;
    }
    layers.whole = false;
    problems.push_back(problem_at(each.place, fmt::format("there is no file {}, and none of that name in {}",
                                                          file.string(), CAMPAIGND_DATA_DIR)));
  }
  for (const auto& file : overrides_beside(main)) add(file, true);
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
