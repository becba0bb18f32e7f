#include "cases.h"

#include <catch2/catch.hpp>
#include <filesystem>

namespace faultline::conformance {

const std::vector<Case>& cases() {
    static const plugin::Registry registry = [] {
        plugin::Registry loaded;
        for (const char* folder : {"plugins", "sample_plugins"})
            loaded.load_folder(std::filesystem::path(FAULTLINE_PLUGIN_ROOT) / folder, true);
        return loaded;
    }();
    static const std::vector<Case> all = [] {
        std::vector<Case> out;
        for (const auto* plugin : registry.plugins())
            for (const auto& example : plugin->about().examples) {
                if (plugin->about().has_rewrite) out.push_back({plugin, example, false});
                if (plugin->about().has_transform) out.push_back({plugin, example, true});
            }
        REQUIRE(registry.rejected().empty());
        REQUIRE(out.size() >= 20);
        return out;
    }();
    return all;
}

std::vector<std::vector<engine::Value>> content(StandardRelation& relation,
                                                const std::string& from) {
    return relation.query("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM " + from + " ORDER BY ALL").rows;
}
std::vector<std::vector<engine::Value>> content(StandardRelation& relation,
                                                const plugin::Perturbed& perturbed) {
    return content(relation, "(" + perturbed.select + ")");
}

engine::Value checksum(StandardRelation& relation, const plugin::Perturbed& perturbed) {
    return relation
        .query(
            "SELECT CAST(count(*) AS VARCHAR) || ' ' || CAST(bit_xor(hash(t)) AS VARCHAR) || ' ' "
            "|| "
            "CAST(sum(CAST(hash(t) % 1000003 AS BIGINT)) AS VARCHAR) FROM (" +
            perturbed.select + ") t")
        .rows.at(0)
        .at(0);
}

}  // namespace faultline::conformance
