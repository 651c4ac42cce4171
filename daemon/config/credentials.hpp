#pragma once
/// Where secrets lie: in files of their own, one each, never in the configuration.
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace campaignd {

struct Campaign;

/// The rights on a file that make it no secret. systemd may grant a credential by an access list, which shows as the
/// group's right to read; its folder is ours alone.
mode_t open_to_others(const std::filesystem::path& file);

class Credentials {
 public:
  /// Looked for in $CREDENTIALS_DIRECTORY (systemd's LoadCredential) first, then in the folder `credentials` beside the
  /// configuration file.
  explicit Credentials(const std::filesystem::path& configuration);

  bool has(const std::string& name) const { return !find(name).empty(); }
  struct Secret {
    std::string text;  ///< trimmed; never printed
  };
  struct Unreadable {
    std::string why;  ///< names the file, never what is in it
  };
  std::variant<Secret, Unreadable> read(const std::string& name) const;
  /// Where a credential of this name may be put.
  std::filesystem::path place_of(const std::string& name) const { return beside_ / name; }

 private:
  std::filesystem::path find(const std::string& name) const;  ///< empty: nowhere
  std::vector<std::filesystem::path> folders_;
  std::filesystem::path beside_;
};

/// Gives every source the credential it is to use: the one it names, else "CONNECTOR-PARTNER" of a partner's account,
/// else "CONNECTOR", where such a file is there; where each server has its own, "CONNECTOR-HOST". Sources that need one
/// and have none go to `campaign.off`. What was named and cannot be read is told in `warnings`, each with the source's
/// id.
void give_credentials(Campaign& campaign, const Credentials& credentials, std::vector<std::string>& warnings);

}  // namespace campaignd
