#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/stop.h"
#include "journal/records.h"
#include "plugin/answer_key.h"
#include "run/questions.h"

namespace faultline::run {

/// What one trial computed and others take over: a relation with what the faults behind it did, or
/// the answers of a question.
struct SharedResult {
    std::string select;                             ///< of a relation
    std::map<std::string, plugin::AnswerKey> keys;  ///< by perturbation
    std::vector<Answer> answers;                    ///< of metrics
    journal::CheckState check;
    bool like_base = false;  ///< a relation that has just the base's rows
    /// Addresses that were not computed on the way to it, as all that they read was like the base.
    std::set<std::string> spared = {};
};

/// Results that several trials need, each computed by whoever comes first and dropped after the
/// last of those that said they would need it. Thread-safe.
class SharedResults {
  public:
    /// Before any trial runs: `name` will be needed by one more trial.
    void expect(const std::string& name);
    [[nodiscard]] bool shares(const std::string& name) const;
    /// Whether some trial is at work on one of these at this moment.
    [[nodiscard]] bool any_being_made(const std::vector<std::string>& names) const;
    /// A trial has ended that expected these. Returns the tables that nobody needs any longer; the
    /// caller drops them.
    std::vector<std::string> release(const std::vector<std::string>& names);

  private:
    friend class Claim;
    enum class State { absent, being_made, there, failed };
    struct Entry {
        std::uint64_t expected = 0;
        State state = State::absent;
        SharedResult result;
        std::string table;  ///< to be dropped with it; empty: none
    };
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::unordered_map<std::string, Entry> entries_;
    std::size_t being_made_ = 0;  ///< entries in that state
};

/// One trial's turn at a shared result: it is there, or the trial has to make and publish it, or
/// (where nobody shares it, or another trial failed to make it) the trial makes it for itself.
///
/// Waits while another trial makes the result. That cannot go round in a circle as long as a trial
/// that holds a claim claims only what it is made from.
class Claim {
  public:
    /// `shared` may be null: nothing is shared. Throws Error(cancelled) when `stop` is requested
    /// while waiting.
    Claim(SharedResults* shared, const std::string& name, const StopFlag* stop)
        : Claim(shared, name, stop, true) {}
    /// One that does not wait: where another trial is making it, pending() says so and the claim
    /// is nobody's.
    static Claim without_waiting(SharedResults* shared, const std::string& name) {
        return {shared, name, nullptr, false};
    }
    ~Claim();  ///< gives up what was not published
    Claim(Claim&& other) noexcept;
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    Claim& operator=(Claim&&) = delete;

    /// Null unless it is there. Valid until the trial releases the name.
    [[nodiscard]] const SharedResult* ready() const { return ready_; }
    [[nodiscard]] bool mine() const { return mine_; }
    [[nodiscard]] bool pending() const { return pending_; }
    /// Of one's own claim; `table` passes to the shared results.
    void publish(SharedResult result, const std::string& table);

  private:
    Claim(SharedResults* shared, const std::string& name, const StopFlag* stop, bool waits);

    SharedResults* shared_;
    std::string name_;
    const SharedResult* ready_ = nullptr;
    bool mine_ = false;
    bool pending_ = false;
};

}  // namespace faultline::run
