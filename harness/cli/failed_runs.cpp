#include "cli/failed_runs.h"

#include <algorithm>

namespace faultline::cli {

bool append_failures(NumberTable& outputs) {
    const Eigen::ArrayXXd failed = 1 - outputs.values.isFinite().cast<double>();
    std::vector<Eigen::Index> losing;
    for (Eigen::Index o = 0; o < failed.cols(); ++o)
        if ((failed.col(o) > 0).any()) losing.push_back(o);
    if (losing.empty()) return false;
    bool alike =
        std::find(outputs.names.begin(), outputs.names.end(), "failed") == outputs.names.end();
    for (const Eigen::Index o : losing)
        alike = alike && (failed.col(o) == failed.col(losing.front())).all();
    if (alike) losing.resize(1);

    const Eigen::Index before = outputs.values.cols();
    outputs.values.conservativeResize(Eigen::NoChange,
                                      before + static_cast<Eigen::Index>(losing.size()));
    for (std::size_t i = 0; i < losing.size(); ++i) {
        outputs.values.col(before + static_cast<Eigen::Index>(i)) = failed.col(losing[i]);
        outputs.names.push_back(
            alike ? "failed"
                  : "failed(" + outputs.names[static_cast<std::size_t>(losing[i])] + ")");
    }
    return true;
}

}  // namespace faultline::cli
