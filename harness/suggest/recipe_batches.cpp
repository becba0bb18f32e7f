#include <fmt/format.h>

#include "suggest/proposals.h"
#include "suggest/wording.h"

namespace faultline::suggest {
namespace {

/// Exactly the last batch.
Json latest(const BatchProfile& batches) {
    return {{"fraction", at_least_one(0, batches.count)}, {"sampling", "latest"}};
}

Json with(Json params, const Json& more) {
    params.update(more);
    return params;
}

void propose_batches(Proposals& proposals, const BatchProfile& batches) {
    const auto name = named(batches.column);
    const auto one = latest(batches);
    proposals.add(
        0, "missing_batches", "latest_missing", one,
        fmt::format("the last of {} by {} has not come ({})", counted(batches.count, "batch"), name,
                    counted(batches.latest, "row")));
    if (batches.count >= 5) {
        const Json some = {{"fraction", at_least_one(0.05, batches.count)}};
        proposals.add(1, "missing_batches", "some_missing", some,
                      fmt::format("{} of the {}, anywhere; one has {} to {} rows, {} in the middle",
                                  percent(some["fraction"].get<double>()),
                                  counted(batches.count, "batch"), counted(batches.smallest),
                                  counted(batches.largest), counted(batches.middle)));
    }
    if (batches.latest >= 2)
        proposals.add(2, "missing_batches", "latest_half",
                      with(one, {{"mode", "truncate"}, {"keep", 0.5}}),
                      fmt::format("of the last one only half the {} have come",
                                  counted(batches.latest, "row")));
    proposals.add(2, "repeated_batches", "latest_twice", one, "the last one is loaded twice");
    proposals.add(3, "repeated_batches", "latest_stale", with(one, {{"mode", "stale"}}),
                  "in place of the last one, the one before again");
    proposals.add(5, "batch_volume", "latest_triple", with(one, {{"factor", 3}}),
                  "the last one has three times the rows");
}

}  // namespace

void suggest_batches(Proposals& proposals) {
    const auto& subject = proposals.subject();
    const auto& batches = subject.batches;
    if (batches && batches->count >= 2) {
        propose_batches(proposals, *batches);
        const auto some = Proposals::share(0.05, subject.profile.rows);
        proposals.add(3, "late_rows", "late", some,
                      fmt::format("{} of the rows come a batch later by {}",
                                  percent(some["fraction"].get<double>()), named(batches->column)));
    }
    const auto dose = [](const ColumnProfile& column) {
        return Proposals::share(0.01, column.present());
    };
    auto times = subject.of(Role::batch);
    for (const auto* column : subject.of(Role::time)) times.push_back(column);
    for (const auto* column : times)
        if (column->temporal()) {
            proposals.add_on(
                *column, 4, "future_timestamps", "in_future", dose(*column),
                fmt::format("a few rows beyond {}, the last time there is", column->last));
            break;
        }
    for (const auto* column : times)
        if (column->column.family == engine::TypeFamily::timestamp) {
            proposals.add_on(*column, 4, "timezone_shift", "zone", {{"hours", -5}},
                             "times of another zone, five hours off");
            break;
        }
}

void suggest_benign(Proposals& proposals) {
    const auto& subject = proposals.subject();
    proposals.add(2, "extra_column", "extra_column", Json::object(),
                  "benign: a column more; a check that fires here is a false alarm");
    if (subject.profile.rows < 2) return;
    proposals.add(4, "row_order", "row_order", Json::object(),
                  "benign: the same rows in another order");
    proposals.add(5, "growth", "growth", {{"more", 0.1}},
                  "benign: a tenth more rows like those there are");
    if (subject.batches && subject.batches->count >= 5)
        proposals.add(6, "holiday", "holiday",
                      {{"fraction", at_least_one(0.05, subject.batches->count)}},
                      "benign: a low day now and then");
}

}  // namespace faultline::suggest
