#include "graph/palette.h"

#include <array>

namespace faultline::graph {
namespace {
constexpr std::array light = {"#77aadd", "#eedd88", "#ffaabb", "#44bb99",
                              "#ee8866", "#99ddff", "#bbcc33", "#aaaa00"};
const std::string nobody = "#eeeeee";
}  // namespace

Palette::Palette(const model::Pipeline& pipeline) {
    for (const auto& node : pipeline.nodes)
        if (!node.owner.empty() &&
            colours_.emplace(node.owner, light.at(owners_.size() % light.size())).second)
            owners_.push_back(node.owner);
}

const std::string& Palette::colour_of(const std::string& owner) const {
    const auto found = colours_.find(owner);
    return found == colours_.end() ? nobody : found->second;
}

}  // namespace faultline::graph
