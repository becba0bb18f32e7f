#include "cli/radial_inputs.h"

#include <fmt/format.h>

#include "core/error.h"

namespace faultline::cli {

void require_radial(const Eigen::ArrayXXd& inputs, const Groups& groups, bool second_order) {
    const auto members = members_of(groups, static_cast<std::uint64_t>(inputs.cols()));
    const auto k = static_cast<Eigen::Index>(members.size());
    const Eigen::Index step = second_order ? 2 * k + 2 : k + 2;
    const auto refuse = [&](Eigen::Index run) {
        throw Error(
            ErrorKind::user,
            fmt::format("run {} of the inputs (the first is 1) is not what `faultline sample "
                        "--method sobol{}` puts there: for each base row A, AB_1 … AB_{}, {}B; was "
                        "the sample made {} --second-order{}?",
                        run + 1, second_order ? " --second-order" : "", k,
                        second_order ? fmt::format("BA_1 … BA_{}, ", k) : "",
                        second_order ? "without" : "with",
                        groups.empty() ? ", or with --groups" : ", or with other groups"));
    };
    if (inputs.rows() == 0 || inputs.rows() % step != 0) refuse(inputs.rows());
    std::vector<Eigen::Index> group_of(static_cast<std::size_t>(inputs.cols()));
    for (std::size_t g = 0; g < members.size(); ++g)
        for (const std::uint64_t factor : members[g])
            group_of[factor] = static_cast<Eigen::Index>(g);
    for (Eigen::Index from = 0; from < inputs.rows(); from += step) {
        const Eigen::Index last = from + step - 1;
        for (Eigen::Index run = 0; run < step - 2; ++run) {
            const bool swapped = run >= k;
            const Eigen::Index moved = run % k, of = swapped ? last : from,
                               other = swapped ? from : last;
            for (Eigen::Index j = 0; j < inputs.cols(); ++j) {
                const bool moves = group_of[static_cast<std::size_t>(j)] == moved;
                if (inputs(from + 1 + run, j) != inputs(moves ? other : of, j))
                    refuse(from + 1 + run);
            }
        }
    }
}

}  // namespace faultline::cli
