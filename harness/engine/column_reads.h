#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>

#include "engine/engine.h"

namespace faultline::engine {

/// Which columns of what it reads a SELECT needs to give what it gives, as the engine's own planner
/// sees it: over empty tables, with every optimisation off that looks at values. In an engine of
/// its own that holds no data. Used by one thread.
class ColumnReads {
  public:
    /// `now` as EngineOptions::now.
    explicit ColumnReads(const std::string& now);

    using Relations = std::map<std::string, Schema>;
    /// By relation, the columns read; one that is not named there is not looked at at all. nullopt
    /// where the planner does not say: then all are needed.
    [[nodiscard]] std::optional<std::map<std::string, std::set<std::string>>> of(
        const std::string& select, const Relations& relations);

    /// Of the columns of a SELECT's result, those that are handed on as they were read: nothing
    /// computes them, so nothing fails when they are left out. Rather too few than too many.
    [[nodiscard]] std::set<std::string> handed_on(const std::string& select, const Schema& result);

    /// Those, and those whose computing cannot fail whatever `relations` hold: another value in
    /// them is another value of the result and never an error. Rather too few than too many.
    [[nodiscard]] std::set<std::string> unfailing(const std::string& select,
                                                  const Relations& relations, const Schema& result);

  private:
    /// The parse tree of a plain SELECT; null of anything else.
    [[nodiscard]] nlohmann::json top_select(const std::string& select);

    std::unique_ptr<SqlEngine> engine_;
    std::unique_ptr<Connection> connection_;
    std::map<std::string, std::string> there_;  ///< by relation, the columns of its table
};

}  // namespace faultline::engine
