#include "analysis/elementary_effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <variant>

#include "core/error.h"

namespace faultline::analysis {
namespace {

struct Step {
    Eigen::Index from, to, factor;
};

/// The one factor in which two runs differ, if it is one.
std::optional<Eigen::Index> moved(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                  Eigen::Index from, Eigen::Index to) {
    const auto change = (inputs.row(from) != inputs.row(to)).eval();
    if (change.count() != 1) return std::nullopt;
    Eigen::Index factor = 0;
    change.cast<int>().maxCoeff(&factor);
    return factor;
}

/// The steps of the block at `first`, or the run where it ends to be one.
std::variant<std::vector<Step>, Eigen::Index> steps_of(
    const Eigen::Ref<const Eigen::ArrayXXd>& inputs, Eigen::Index first, bool radial) {
    std::vector<Step> steps;
    std::vector<bool> seen(static_cast<std::size_t>(inputs.cols()));
    for (Eigen::Index to = first + 1; to <= first + inputs.cols(); ++to) {
        const Eigen::Index from = radial ? first : to - 1;
        const auto factor = moved(inputs, from, to);
        if (!factor || seen[static_cast<std::size_t>(*factor)]) return to;
        seen[static_cast<std::size_t>(*factor)] = true;
        steps.push_back({from, to, *factor});
    }
    return steps;
}

}  // namespace

std::vector<Eigen::ArrayXXd> elementary_effects(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                                const Eigen::Ref<const Eigen::ArrayXXd>& outputs) {
    const Eigen::Index factors = inputs.cols(), length = factors + 1;
    if (factors == 0) throw Error(ErrorKind::user, "found no factor, expected at least one");
    if (inputs.rows() != outputs.rows())
        throw Error(ErrorKind::user, fmt::format("found {} runs of inputs and {} of outputs",
                                                 inputs.rows(), outputs.rows()));
    if (inputs.rows() == 0 || inputs.rows() % length != 0)
        throw Error(ErrorKind::user,
                    fmt::format("found {} runs, expected a multiple of {}: a trajectory of {} "
                                "factors has {} runs",
                                inputs.rows(), length, factors, length));
    std::vector<Eigen::ArrayXXd> effects(static_cast<std::size_t>(factors),
                                         Eigen::ArrayXXd(inputs.rows() / length, outputs.cols()));
    for (Eigen::Index t = 0; t < inputs.rows() / length; ++t) {
        auto steps = steps_of(inputs, t * length, false);
        if (steps.index() != 0) {
            const auto radial = steps_of(inputs, t * length, true);
            if (radial.index() != 0)
                throw Error(
                    ErrorKind::user,
                    fmt::format("run {} (the first is 1) belongs to no trajectory: "
                                "expected every {} runs to move each factor once, one at "
                                "a time",
                                std::max(std::get<1>(steps), std::get<1>(radial)) + 1, length));
            steps = radial;
        }
        for (const Step& step : std::get<0>(steps)) {
            const double width = inputs(step.to, step.factor) - inputs(step.from, step.factor);
            const auto effect = ((outputs.row(step.to) - outputs.row(step.from)) / width).eval();
            const auto finite = (outputs.row(step.to).isFinite() &&
                                 outputs.row(step.from).isFinite() && effect.isFinite())
                                    .eval();
            effects[static_cast<std::size_t>(step.factor)].row(t) =
                finite.select(effect, std::numeric_limits<double>::quiet_NaN());
        }
    }
    return effects;
}

}  // namespace faultline::analysis
