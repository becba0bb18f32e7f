#include "suggest/proposals.h"

#include <algorithm>

#include "model/utf8.h"
#include "suggest/wording.h"

namespace faultline::suggest {

void Proposals::add(int rank, const std::string& plugin, const std::string& what, Json params,
                    const std::string& why) {
    if (registry_.find(plugin) == nullptr) return;
    // A column that is key and reference in one comes by twice.
    for (const auto& known : all_)
        if (known.plugin == plugin && known.params == params) return;
    all_.push_back({rank, id_of(what), subject_.name, plugin, std::move(params), why});
}

void Proposals::add_on(const ColumnProfile& column, int rank, const std::string& plugin,
                       const std::string& what, Json params, const std::string& why) {
    const auto* known = registry_.find(plugin);
    if (known == nullptr || column.present() == 0 ||
        !plugin::is_accepted(column.column.family, known->about().accepts))
        return;
    Json whole = {{"columns", Json::array({column.column.name})}};
    whole.update(params);
    if (column.nulls > 0 && known->about().selects && !params.contains("where"))
        whole["where"] = dialect_.quote(column.column.name) + " is not null";
    add(rank, plugin, column.column.name + "_" + what, std::move(whole), why);
}

Json Proposals::share(double share, std::int64_t units) {
    return {{"fraction", at_least_one(share, units)}, {"exact", true}};
}

bool Proposals::has(const std::string& plugin) const {
    return std::any_of(all_.begin(), all_.end(),
                       [&](const Proposal& proposal) { return proposal.plugin == plugin; });
}

std::string Proposals::id_of(const std::string& what) {
    // An id has 128 bytes and no control characters; a number tells apart what is cut to be alike.
    constexpr std::size_t longest = 110;
    const auto id = model::printable(subject_.name + "_" + what, longest);
    auto unique = id;
    for (int n = 2; !ids_.insert(unique).second; ++n) unique = id + "_" + std::to_string(n);
    return unique;
}

}  // namespace faultline::suggest
