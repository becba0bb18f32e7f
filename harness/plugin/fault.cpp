#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/digest.h"
#include "core/json_pointer.h"
#include "plugin/instance.h"
#include "plugin/params.h"
#include "plugin/perturb.h"

namespace faultline::plugin {
namespace {

/// Keys sorted: two spellings of the same params are the same fault.
std::string canonical(const Json& value) {
    return nlohmann::json::parse(value.dump()).dump();
}

bool allows(const Json& property, const char* type) {
    const auto stated = property.value("type", Json());
    return stated == type ||
           (stated.is_array() && std::find(stated.begin(), stated.end(), type) != stated.end());
}

}  // namespace

Fault::Fault(std::string id, const Plugin& plugin, const Json& params, const std::string& file,
             const std::string& pointer, const std::string& mapped)
    : id_(std::move(id)), plugin_(&plugin), stated_(params), file_(file), pointer_(pointer) {
    std::vector<Problem> problems;
    const Place place{file, pointer_to(pointer, "params")};
    if (!params.is_object()) {
        problems.push_back({file, place.pointer, params.dump(), "an object", ""});
    } else {
        params_ = read_own_params(plugin.about(), params, place, mapped, problems);
        selection_ = read_selection(plugin.about(), params, place, problems);
    }
    if (problems.empty() && (mapped.empty() || params_.contains(mapped))) {
        try {
            const Instance probe(plugin, params_);
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::user) throw;
            problems.push_back(
                {file, place.pointer, canonical(params),
                 fmt::format("params that {} can use: {}", plugin.about().name, e.what()), ""});
        }
    }
    if (!problems.empty()) throw Error(std::move(problems));
}

bool Fault::draws() const {
    return draws_at(1) || (plugin_->about().scales_fraction() && draws_at(0.5));
}

bool Fault::plugin_draws(double severity) const {
    if (plugin_->table().draws == nullptr) return true;
    const Instance instance(*plugin_, params_);
    return contained(plugin_->about().name, "draws", [&](faultline_error*) {
               return plugin_->table().draws(instance.raw(), severity);
           }).code != 0;
}

bool Fault::draws_at(double severity) const {
    const auto& about = plugin_->about();
    if (about.draws && plugin_draws(severity)) return true;
    const auto share = share_at(severity);
    if (!about.selects || share <= 0) return false;
    // A row of dose ½ is hit by chance even where the share is all.
    const auto& along = selection_.along;
    const bool graded = along && along->shape != Along::Shape::step &&
                        along->shape != Along::Shape::spike && about.scales_fraction();
    if (share >= 1 && !graded) return false;
    // Which batches are the latest is no matter of chance; rows tie, and ties go by draw.
    const bool ordered = selection_.sampling == Selection::Sampling::latest ||
                         selection_.sampling == Selection::Sampling::earliest;
    return !(about.unit == Unit::batch && ordered);
}

double Fault::share_at(double severity) const {
    return plugin_->about().scales_fraction() ? severity * selection_.fraction
                                              : selection_.fraction;
}

bool Fault::acts_at(double severity) const {
    return plugin_->about().dose == Dose::binary ? severity >= 0.5 : severity > 0;
}

Fault Fault::with(const std::string& param, double value) const {
    const auto properties = plugin_->about().params.value("properties", Json::object());
    auto params = stated_;
    const bool whole = std::nearbyint(value) == value && std::abs(value) < 9e15;
    if (properties.contains(param) && allows(properties[param], "number")) {
        params[param] = value;
    } else if (properties.contains(param) && allows(properties[param], "integer") && whole) {
        params[param] = static_cast<std::int64_t>(value);
    } else if (const auto admitted = admitted_keys(plugin_->about());
               param == "fraction" &&
               std::find(admitted.begin(), admitted.end(), param) != admitted.end()) {
        params[param] = value;
    } else if (properties.contains(param) && allows(properties[param], "integer")) {
        throw Error({problem("/severity", fmt::format("\"{}\" set to {}", param, value),
                             fmt::format("severities at which it is a whole number: {} of {} takes "
                                         "no other",
                                         param, plugin_->about().name),
                             "")});
    } else {
        std::vector<std::string> numbers;
        if (std::find(admitted.begin(), admitted.end(), "fraction") != admitted.end())
            numbers.emplace_back("fraction");
        for (const auto& [name, property] : properties.items())
            if (allows(property, "number") || allows(property, "integer")) numbers.push_back(name);
        throw Error({problem("/severity/param", fmt::format("\"{}\" set to {}", param, value),
                             fmt::format("a numeric parameter of {}: {}", plugin_->about().name,
                                         fmt::join(numbers, ", ")),
                             nearest_name(param, numbers))});
    }
    return {id_, *plugin_, params, file_, pointer_};
}

std::string Fault::identity() const {
    return Digest()
        .add(plugin_->about().name)
        .add(plugin_->digest())
        .add(canonical(params_))
        .add(canonical(stated_))
        .hex();
}

Problem Fault::problem(const std::string& place, const std::string& found,
                       const std::string& expected, const std::string& nearest) const {
    return {file_, pointer_ + place, found, expected, nearest};
}

}  // namespace faultline::plugin
