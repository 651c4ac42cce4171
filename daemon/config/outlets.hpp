#pragma once
/// The table of outlets: whose country and role are known. Neither is ever guessed from language or domain (M-18).
#include <map>
#include <string>

namespace campaignd {

struct Outlet {
  std::string domain;  ///< registrable: "lemonde.fr"
  std::string name;
  std::string country;        ///< ISO 3166-1, "FR"; empty: in no one country
  bool distribution = false;  ///< a press-release wire: what it carries was sent out, not picked up
};
using Outlets = std::map<std::string, Outlet>;  ///< by domain

}  // namespace campaignd
