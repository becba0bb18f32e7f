#include "analysis/walks.h"

#include <fmt/format.h>

#include <vector>

#include "core/error.h"

namespace faultline::analysis {
namespace {

constexpr int nobody = -1;

[[noreturn]] void refuse(Eigen::Index run, Eigen::Index length, bool grouped) {
    throw Error(ErrorKind::user,
                fmt::format("run {} (the first is 1) belongs to no walk: expected every {} runs to "
                            "move each {} once, one at a time",
                            run + 1, length, grouped ? "group" : "factor"));
}

}  // namespace

Eigen::ArrayXXi movers(const Eigen::Ref<const Eigen::ArrayXXd>& inputs, const Groups& groups) {
    if (inputs.cols() == 0) throw Error(ErrorKind::user, "found no factor, expected at least one");
    const auto members = members_of(groups, static_cast<std::uint64_t>(inputs.cols()));
    std::vector<int> player_of(static_cast<std::size_t>(inputs.cols()));
    for (std::size_t player = 0; player < members.size(); ++player)
        for (const std::uint64_t factor : members[player])
            player_of[factor] = static_cast<int>(player);

    const auto players = static_cast<Eigen::Index>(members.size()), length = players + 1;
    if (inputs.rows() == 0 || inputs.rows() % length != 0)
        throw Error(ErrorKind::user, fmt::format("found {} runs, expected a multiple of {}: a walk "
                                                 "of {} {} has {} runs",
                                                 inputs.rows(), length, players,
                                                 groups.empty() ? "factors" : "groups", length));
    Eigen::ArrayXXi result(players, inputs.rows() / length);
    for (Eigen::Index walk = 0; walk < result.cols(); ++walk) {
        std::vector<bool> moved(members.size());
        for (Eigen::Index step = 0; step < players; ++step) {
            const Eigen::Index run = walk * length + step + 1;
            int mover = nobody;
            for (Eigen::Index j = 0; j < inputs.cols(); ++j) {
                if (inputs(run, j) == inputs(run - 1, j)) continue;
                const int player = player_of[static_cast<std::size_t>(j)];
                if (mover != nobody && mover != player) refuse(run, length, !groups.empty());
                mover = player;
            }
            if (mover != nobody) {
                if (moved[static_cast<std::size_t>(mover)]) refuse(run, length, !groups.empty());
                moved[static_cast<std::size_t>(mover)] = true;
            }
            result(step, walk) = mover;
        }
        std::size_t left = 0;
        for (Eigen::Index step = 0; step < players; ++step) {
            if (result(step, walk) != nobody) continue;
            while (moved[left]) ++left;
            result(step, walk) = static_cast<int>(left++);
        }
    }
    return result;
}

}  // namespace faultline::analysis
