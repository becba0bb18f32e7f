#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/error.h"

/// The problems that an action throws as one user's error; fails the test when it throws none.
template <class Action>
std::vector<faultline::Problem> problems_of(const Action& action) {
    try {
        action();
    } catch (const faultline::Error& error) {
        CHECK(error.kind() == faultline::ErrorKind::user);
        CHECK_FALSE(error.problems().empty());
        return error.problems();
    }
    FAIL_CHECK("nothing was refused");
    return {};
}

/// Whether one of the problems stands at `pointer` and its message holds `words`.
inline bool has_problem(const std::vector<faultline::Problem>& problems, const std::string& pointer,
                        const std::string& words) {
    for (const auto& problem : problems)
        if (problem.pointer == pointer && problem.message().find(words) != std::string::npos)
            return true;
    return false;
}

inline std::string listed(const std::vector<faultline::Problem>& problems) {
    std::string text;
    for (const auto& problem : problems) text += problem.message() + "\n";
    return text;
}
