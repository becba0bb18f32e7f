#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "findings/result.h"

namespace faultline::report {

/// One thing to fix, told to somebody who sees the tool for the first time: what, whose, how far,
/// would anybody notice, and what to do. Sentences without markup; names are not made harmless yet.
struct Priority {
    enum class Kind { silent, crash, blind_check, noticed };
    Kind kind = Kind::silent;
    std::string node, owner;
    std::string headline;
    std::string what;  ///< which fault does what
    std::string how_far;
    std::string noticed;  ///< would anybody notice?
    std::string advice;   ///< what to do
    /// To be pasted into the scenario's (and the pipeline's own) checks; null: nothing to paste.
    findings::Json guard;
    std::optional<std::uint64_t> trial;  ///< the one to look at
};

/// The first `most` things to fix, one a node: what goes wrong unseen, by its damage; then what
/// crashes; then checks that are always red; then what is noticed, and still leaves a tolerance.
std::vector<Priority> priorities(const findings::Result& result, std::size_t most = 3);

/// The answer in one sentence: how many nodes can hurt, and how often nobody would know.
std::string verdict_sentence(const findings::Result& result);

/// The guard of those proposed that catches the perturbation best; nullptr: none does.
const findings::Guard* guard_against(const findings::Result& result,
                                     const std::string& perturbation);

}  // namespace faultline::report
