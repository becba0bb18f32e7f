#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace faultline::run {

/// Numbers that are known of columns by what they hold: whatever does not look at the order of
/// values is the same of every column that holds the same ones as often, in whatever node and run.
/// Those of one run stand on the base's, which no longer change by then.
class ColumnFacts {
  public:
    explicit ColumnFacts(const ColumnFacts* below = nullptr) : below_(below) {}

    /// What is known of columns with this print; nothing is of an empty one.
    [[nodiscard]] std::optional<double> find(const std::string& print,
                                             const std::string& question) const {
        if (print.empty()) return std::nullopt;
        if (const auto found = known_.find({print, question}); found != known_.end())
            return found->second;
        return below_ == nullptr ? std::nullopt : below_->find(print, question);
    }
    void keep(const std::string& print, const std::string& question, double number) {
        if (!print.empty()) known_.emplace(std::pair(print, question), number);
    }
    /// What another one found.
    void keep(const ColumnFacts& found) { known_.insert(found.known_.begin(), found.known_.end()); }

  private:
    const ColumnFacts* below_;
    std::map<std::pair<std::string, std::string>, double> known_;
};

}  // namespace faultline::run
