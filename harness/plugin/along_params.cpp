#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "plugin/along.h"
#include "plugin/key_reader.h"

namespace faultline::plugin {
namespace {

using Shape = Along::Shape;

/// What each shape makes of `start` and `end` where they are not stated. The trend has neither.
struct Extent {
    Shape shape;
    double start, end;
    bool has_start, has_end;
};
constexpr Extent extents[] = {{Shape::step, 0.5, 1, true, false},
                              {Shape::ramp, 0.5, 1, true, true},
                              {Shape::trend, 0, 1, false, false},
                              {Shape::spike, 0.45, 0.55, true, true},
                              {Shape::season, 0, 1, true, true}};

void read_place(KeyReader& keys, const char* key, bool takes, Along::Place& out) {
    if (!keys.has(key)) return;
    const auto& value = keys.at(key);
    if (!takes)
        keys.wrong(key, value, fmt::format("no \"{}\": this shape has none", key));
    else if (value.is_number() && value.get<double>() >= 0 && value.get<double>() <= 1)
        out = {value.get<double>(), "", true};
    else if (value.is_string() && !value.get_ref<const std::string&>().empty())
        out = {0, value.get<std::string>(), true};
    else
        keys.wrong(key, value,
                   "a share from 0 (the column's smallest value) to 1 (its largest), or one of its "
                   "values as text: \"2024-03-10\"");
}

}  // namespace

std::string cannot_follow(const Description& about) {
    if (!about.selects || about.unit == Unit::column || about.unit == Unit::file ||
        about.unit == Unit::record || about.unit == Unit::byte || about.unit == Unit::call)
        return fmt::format("{} does not go to single rows or batches", about.name);
    if (about.scales == "magnitude" && !about.doses_rows)
        return fmt::format("{} is as severe for one row as for the next", about.name);
    return {};
}

Along read_along(const Json& along, const Place& place, std::vector<Problem>& problems) {
    Along out;
    KeyReader keys(along, place, problems);
    const std::vector<std::string> known{"column", "shape", "start", "end", "cycles"};
    for (const auto& [key, value] : along.items())
        if (std::find(known.begin(), known.end(), key) == known.end())
            problems.push_back(
                {place.file, pointer_to(place.pointer, key), fmt::format("\"{}\"", key),
                 fmt::format("one of {}", fmt::join(known, ", ")), nearest_name(key, known)});
    keys.text("column", "the name of the column that says when", out.column);
    keys.choice<Shape>("shape",
                       {{"step", Shape::step},
                        {"ramp", Shape::ramp},
                        {"trend", Shape::trend},
                        {"spike", Shape::spike},
                        {"season", Shape::season}},
                       out.shape);
    const auto& extent = *std::find_if(std::begin(extents), std::end(extents),
                                       [&](const Extent& e) { return e.shape == out.shape; });
    out.start = {extent.start, "", false};
    out.end = {extent.end, "", false};
    read_place(keys, "start", extent.has_start, out.start);
    read_place(keys, "end", extent.has_end, out.end);
    const bool shares = out.start.value.empty() && out.end.value.empty();
    if (extent.has_end && shares) {
        auto from = out.start.share, to = out.end.share;
        out.settle(from, to);
        const auto at = [](const Along::Place& end) {
            return fmt::format("{}{}", end.share, end.stated ? "" : " where none is stated");
        };
        // At what was written, and not at a default.
        if (!out.has_extent(from, to) && out.end.stated)
            keys.wrong("end", to,
                       fmt::format("an end after the start, which is at {}", at(out.start)));
        else if (!out.has_extent(from, to))
            keys.wrong("start", from,
                       fmt::format("a start before the end, which is at {}", at(out.end)));
    }
    if (keys.has("cycles") && out.shape != Shape::season)
        keys.wrong("cycles", keys.at("cycles"), "no \"cycles\" unless shape is season");
    keys.number("cycles", 1e-3, 1e6, out.cycles);
    return out;
}

}  // namespace faultline::plugin
