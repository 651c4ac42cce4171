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

Digest keyed_hash(std::string_view key, std::string_view text) { return Mac(key).of(text); }

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1)
    throw std::runtime_error("no random bytes to be had");
  return out;
}

Keys Keys::open(const std::filesystem::path& state, const std::set<std::string>& editions, bool has_database) {
  Keys keys;
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
  auto root = obtain(root_file, !has_database);
  keys.alias_ = Mac(Mac(root).whole("campaignd alias\x01"));  // HKDF-Expand, first block (RFC 5869)
  keys.seal_key_ = Mac(root).whole("campaignd seal\x01");
  // A new edition gets its key when it is first configured; the list of those made tells a new one from a lost one.
  auto list_file = state / "editions.made";
  if (has_database && !std::filesystem::exists(list_file))
    throw KeyProblem("the list editions.made is missing beside the database: restore it with the keys it names");
  std::set<std::string> known;
  {
    std::ifstream in(list_file);
    for (std::string line; std::getline(in, line);) known.insert(line);
  }
  for (const auto& edition : editions) {
    auto file = state / ("edition-" + edition + ".key");
    keys.editions_.emplace(edition, Mac(obtain(file, !known.contains(edition))));
    if (!known.contains(edition)) std::ofstream(list_file, std::ios::app) << edition << '\n';
  }
  return keys;
}

Digest Keys::alias(std::string_view name) const { return alias_->of(name); }

Digest Keys::pseudonym(const std::string& edition, std::string_view platform, std::string_view author) const {
  return editions_.at(edition).of(fmt::format("{}|{}", platform, author));
}

}  // namespace campaignd::collect
