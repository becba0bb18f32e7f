#include <fmt/format.h>

#include "suggest/proposals.h"
#include "suggest/wording.h"

namespace faultline::suggest {
namespace {

/// A first look must not wait long for a step that hangs.
constexpr double longest_wait = 10;

}  // namespace

void suggest_process(Proposals& proposals) {
    const auto& subject = proposals.subject();
    if (!subject.is_step) return;
    const auto rows = counted(subject.profile.rows, "row");
    if (subject.profile.rows >= 2)
        proposals.add(4, "partial_output", "half_written", {{"keep", 0.5}},
                      fmt::format("it is killed halfway and nobody says so: half of its {} are "
                                  "there",
                                  rows));
    if (subject.batches && subject.batches->count >= 3)
        proposals.add(4, "stale_output", "not_run", {{"runs", 1}},
                      fmt::format("its last run did not take place: what there was a {} before",
                                  named(subject.batches->column)));
    if (subject.profile.rows >= 1)
        proposals.add(5, "no_output", "no_output", Json::object(),
                      "it reports success and has written nothing");
    if (subject.is_command)
        proposals.add(5, "fail", "fails", Json::object(),
                      "it ends with an error: what stands or falls with it?");
    if (subject.timeout_seconds && *subject.timeout_seconds <= longest_wait)
        proposals.add(
            6, "slow", "too_slow", {{"seconds", 2 * *subject.timeout_seconds}},
            fmt::format("it takes twice the {} s that it has", shown(*subject.timeout_seconds)));
}

}  // namespace faultline::suggest
