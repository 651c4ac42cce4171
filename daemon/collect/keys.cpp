#include "daemon/collect/keys.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include "daemon/config/credentials.hpp"

namespace campaignd::collect {

namespace {

constexpr std::size_t key_size = 32;

std::string read_key(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
    throw KeyProblem(
        fmt::format("the key {} is missing: restore it from the backup of the keys; without it the database "
                    "cannot tell who is who",
                    file.filename().string()));
  if ((info.st_mode & open_to_others(file)) != 0)
    throw KeyProblem(fmt::format("the key {} can be read by others: chmod 600 it", file.filename().string()));
  std::ifstream in(file, std::ios::binary);
  std::string key((std::istreambuf_iterator<char>(in)), {});
  if (key.size() != key_size)
    throw KeyProblem(fmt::format("the key {} has {} bytes instead of {}: restore it from the backup of the keys",
                                 file.filename().string(), key.size(), key_size));
  return key;
}

/// Whole or not at all: written beside, synced, renamed.
void write_key(const std::filesystem::path& file, const std::string& key) {
  auto temporary = file.string() + ".new";
  int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool ok = fd >= 0 && ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!ok || std::rename(temporary.c_str(), file.c_str()) != 0)
    throw KeyProblem(fmt::format("the key {} cannot be written: {}", file.string(), std::strerror(errno)));
}

void sync_folder(const std::filesystem::path& folder) {
  int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

/// Of which editions a key was made, and of which it was destroyed: what tells a lost key from those.
class MadeList {
 public:
  explicit MadeList(const std::filesystem::path& state) : file_(state / "editions.made") {
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);) {
      if (line.ends_with(ended_)) destroyed_.insert(line.substr(0, line.size() - ended_.size()));
      made_.insert(line.substr(0, line.find(' ')));
    }
  }
  bool is_there() const { return std::filesystem::exists(file_); }
  bool was_made(const std::string& edition) const { return made_.contains(edition); }
  bool was_destroyed(const std::string& edition) const { return destroyed_.contains(edition); }
  void note_made(const std::string& edition) {
    if (made_.insert(edition).second) append(edition);
  }
  void note_destroyed(const std::string& edition) {
    if (destroyed_.insert(edition).second) append(edition + std::string(ended_));
  }

 private:
  void append(const std::string& line) {
    auto text = line + '\n';
    int fd = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && ::write(fd, text.data(), text.size()) == std::ssize(text) && ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    if (!ok) throw KeyProblem(fmt::format("the list {} cannot be written: {}", file_.string(), std::strerror(errno)));
  }
  static constexpr std::string_view ended_ = " destroyed";
  std::filesystem::path file_;
  std::set<std::string> made_, destroyed_;
};

/// Overwritten before it goes, so that its bytes are not left where it lay, as far as a disk can be told that.
void erase_key(const std::filesystem::path& file) {
  const std::string nothing(key_size, '\0');
  if (int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC); fd >= 0) {
    if (::write(fd, nothing.data(), nothing.size()) == std::ssize(nothing)) ::fsync(fd);
    ::close(fd);
  }
  if (::unlink(file.c_str()) != 0 && errno != ENOENT)
    throw KeyProblem(fmt::format("the key {} cannot be destroyed: {}", file.string(), std::strerror(errno)));
  sync_folder(file.parent_path());
}

/// HKDF-Expand, first block (RFC 5869).
Mac subkey(const std::string& root, std::string_view purpose) {
  return Mac(Mac(root).whole(fmt::format("campaignd {}\x01", purpose)));
}

/// Lower-case base32 (RFC 4648), the first 80 bits.
std::string base32(const Digest& digest) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    bits = bits << 8 | digest[i];
    for (held += 8; held >= 5; held -= 5) out += letters[bits >> (held - 5) & 31];
  }
  return out;
}

}  // namespace

Mac::Mac(std::string_view key) {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  context_.reset(EVP_MAC_CTX_new(algorithm), EVP_MAC_CTX_free);
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
  if (context_ == nullptr || EVP_MAC_init(context_.get(), bytes, key.size(), params) != 1)
    throw std::runtime_error("OpenSSL has no HMAC-SHA-256");
}

std::string Mac::whole(std::string_view text) const {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  std::size_t size = 0;
  auto* context = context_.get();
  bool ok = EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
            EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1 &&
            EVP_MAC_final(context, reinterpret_cast<unsigned char*>(out.data()), &size, out.size()) == 1;
  if (!ok) throw std::runtime_error("OpenSSL could not make an HMAC");
  out.resize(size);
  return out;
}

Digest Mac::of(std::string_view text) const {
  auto full = whole(text);
  Digest out{};
  std::copy_n(full.begin(), out.size(), out.begin());
  return out;
}

std::filesystem::path key_file(const std::filesystem::path& state, const std::string& edition) {
  return state / ("edition-" + edition + ".key");
}

Digest keyed_hash(std::string_view key, std::string_view text) { return Mac(key).of(text); }

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1)
    throw std::runtime_error("no random bytes to be had");
  return out;
}

Keys Keys::open(const std::filesystem::path& state, const std::set<std::string>& editions, bool has_database,
                const std::set<std::string>& with_authors) {
  Keys keys;
  keys.state_ = state;
  std::filesystem::path root_file = state / "root.key";
  std::error_code unreadable;
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY"))
    if (auto given = std::filesystem::path(credentials) / "root.key"; std::filesystem::exists(given, unreadable))
      root_file = given;
  if (unreadable && unreadable != std::errc::no_such_file_or_directory)
    throw KeyProblem(fmt::format("the credentials cannot be read: {}", unreadable.message()));
  auto obtain = [&](const std::filesystem::path& file, bool may_make) {
    if (may_make && !std::filesystem::exists(file)) {
      write_key(file, random_bytes(key_size));
      keys.made_.push_back(file.filename().string());
    }
    return read_key(file);
  };
  // Who asked to be forgotten is known under the root key alone: with another one they would come back.
  auto root = obtain(root_file, !has_database && !std::filesystem::exists(state / "suppressed"));
  keys.alias_ = subkey(root, "alias");
  keys.suppression_ = subkey(root, "suppression");
  keys.export_ = subkey(root, "export");
  keys.seal_key_ = Mac(root).whole("campaignd seal\x01");
  MadeList list(state);
  if (has_database && !list.is_there())
    throw KeyProblem("the list editions.made is missing beside the database: restore it with the keys it names");
  for (const auto& edition : editions) {
    auto file = key_file(state, edition);
    if (list.was_destroyed(edition)) {
      erase_key(file);
      continue;
    }
    bool may_make = !list.was_made(edition) && !with_authors.contains(edition);
    keys.editions_->emplace(edition, Mac(obtain(file, may_make)));
    list.note_made(edition);
  }
  return keys;
}

Digest Keys::alias(std::string_view name) const { return alias_->of(name); }

Digest Keys::pseudonym(const std::string& edition, std::string_view platform, std::string_view author) const {
  return editions_->at(edition).of(fmt::format("{}|{}", platform, author));
}

Digest Keys::suppression(std::string_view network, std::string_view account) const {
  return suppression_->of(fmt::format("{}|{}", network, account));
}

Digest Keys::suppression(const Digest& pseudonym) const {
  return suppression_->of(std::string_view(reinterpret_cast<const char*>(pseudonym.data()), pseudonym.size()));
}

std::string Keys::export_id(std::string_view text) const { return base32(export_->of(text)); }

void Keys::destroy(const std::string& edition) {
  MadeList(state_).note_destroyed(edition);  // first: from here on it is no lost one
  erase_key(key_file(state_, edition));
  editions_->erase(edition);
}

}  // namespace campaignd::collect
