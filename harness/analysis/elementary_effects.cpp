#include "analysis/elementary_effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <variant>

#include "core/error.h"

namespace faultline::analysis {
namespace {

/// Which group each factor is of, and the factors of each.
struct Players {
    Players(const Groups& groups, std::uint64_t factors) : members(members_of(groups, factors)) {
        of_factor.resize(factors);
        for (std::size_t group = 0; group < members.size(); ++group)
            for (const std::uint64_t factor : members[group]) of_factor[factor] = group;
    }
    std::vector<std::vector<std::uint64_t>> members;
    std::vector<std::size_t> of_factor;
};

struct Step {
    Eigen::Index from, to;
    std::size_t group;
};

/// The one group in which two runs differ, if it is one.
std::optional<std::size_t> moved(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                 const Players& players, Eigen::Index from, Eigen::Index to) {
    std::optional<std::size_t> group;
    for (Eigen::Index j = 0; j < inputs.cols(); ++j) {
        if (inputs(from, j) == inputs(to, j)) continue;
        const std::size_t of = players.of_factor[static_cast<std::size_t>(j)];
        if (group && *group != of) return std::nullopt;
        group = of;
    }
    return group;
}

/// The steps of the block at `first`, or the run where it ends to be one.
std::variant<std::vector<Step>, Eigen::Index> steps_of(
    const Eigen::Ref<const Eigen::ArrayXXd>& inputs, const Players& players, Eigen::Index first,
    bool radial) {
    std::vector<Step> steps;
    std::vector<bool> seen(players.members.size());
    for (std::size_t i = 1; i <= players.members.size(); ++i) {
        const Eigen::Index to = first + static_cast<Eigen::Index>(i);
        const Eigen::Index from = radial ? first : to - 1;
        const auto group = moved(inputs, players, from, to);
        if (!group || seen[*group]) return to;
        seen[*group] = true;
        steps.push_back({from, to, *group});
    }
    return steps;
}

/// What Δy is divided by: with its sign where that means something.
double width_of(const Eigen::Ref<const Eigen::ArrayXXd>& inputs, const Step& step,
                const std::vector<std::uint64_t>& factors) {
    double width = 0;
    for (const std::uint64_t factor : factors) {
        const auto j = static_cast<Eigen::Index>(factor);
        const double change = inputs(step.to, j) - inputs(step.from, j);
        if (factors.size() == 1) return change;
        width += std::abs(change) / static_cast<double>(factors.size());
    }
    return width;
}

}  // namespace

std::vector<Eigen::ArrayXXd> elementary_effects(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                                const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                                                const Groups& groups) {
    if (inputs.cols() == 0) throw Error(ErrorKind::user, "found no factor, expected at least one");
    const Players players(groups, static_cast<std::uint64_t>(inputs.cols()));
    const auto count = static_cast<Eigen::Index>(players.members.size()), length = count + 1;
    if (inputs.rows() != outputs.rows())
        throw Error(ErrorKind::user, fmt::format("found {} runs of inputs and {} of outputs",
                                                 inputs.rows(), outputs.rows()));
    const char* what = groups.empty() ? "factor" : "group";
    if (inputs.rows() == 0 || inputs.rows() % length != 0)
        throw Error(ErrorKind::user,
                    fmt::format("found {} runs, expected a multiple of {}: a trajectory of {} "
                                "{}s has {} runs",
                                inputs.rows(), length, count, what, length));
    std::vector<Eigen::ArrayXXd> effects(static_cast<std::size_t>(count),
                                         Eigen::ArrayXXd(inputs.rows() / length, outputs.cols()));
    for (Eigen::Index t = 0; t < inputs.rows() / length; ++t) {
        auto steps = steps_of(inputs, players, t * length, false);
        if (steps.index() != 0) {
            const auto radial = steps_of(inputs, players, t * length, true);
            if (radial.index() != 0)
                throw Error(ErrorKind::user,
                            fmt::format("run {} (the first is 1) belongs to no trajectory: "
                                        "expected every {} runs to move each {} once, one at "
                                        "a time",
                                        std::max(std::get<1>(steps), std::get<1>(radial)) + 1,
                                        length, what));
            steps = radial;
        }
        for (const Step& step : std::get<0>(steps)) {
            const auto& factors = players.members[step.group];
            auto effect =
                ((outputs.row(step.to) - outputs.row(step.from)) / width_of(inputs, step, factors))
                    .eval();
            if (factors.size() > 1) effect = effect.abs().eval();
            const auto finite = (outputs.row(step.to).isFinite() &&
                                 outputs.row(step.from).isFinite() && effect.isFinite())
                                    .eval();
            effects[step.group].row(t) =
                finite.select(effect, std::numeric_limits<double>::quiet_NaN());
        }
    }
    return effects;
}

}  // namespace faultline::analysis
