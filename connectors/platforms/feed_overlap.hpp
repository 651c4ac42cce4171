#pragma once
/// Whether a list shown now reaches back to what an earlier poll saw of it.
#include <string>
#include <vector>

#include "connectors/post.hpp"

namespace campaignd {

/// `remembered`: the first entries of the earlier list; `shown`: all of this one, newest first as a rule, none twice.
/// What heads both lists in the same places may be pinned there, and what stands alone among new entries may stand
/// there for ever: neither shows that nothing was missed. So a list joins only if
///   - everything remembered still heads it, or nothing follows behind the common head (the list is `whole`), or
///   - behind the common head two remembered entries stand in the remembered order, or
///   - behind it one entry was remembered at all and is shown, or what came first behind it then is the last entry now
///     (of a `whole` list), all others being new.
/// Without a memory nothing joins.
bool overlaps(const std::vector<std::string>& remembered, const std::vector<std::string>& shown, bool whole);

/// How far back the list reaches without a gap: from its newest entry on, as long as the dates descend. What stands
/// behind the first break may stand there by the editors' choice. A time to come is no article's.
std::optional<sys_ms> reaches_back_to(const std::vector<Finding>& found, sys_ms now);

}  // namespace campaignd
