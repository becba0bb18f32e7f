#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/duckdb_handles.h"
#include "engine/engine.h"

namespace faultline::engine {

enum class StopReason { none, timed_out, interrupted };

/// Why `condition` asks to stop at this moment.
StopReason reason_to_stop(const StopWhen& condition);

/// One background thread for a database, which interrupts the statements whose StopWhen has come.
/// It fires again every few milliseconds for as long as the statement is watched, since an
/// interrupt that reaches DuckDB before the statement has begun is lost. Thread-safe.
class Interrupter {
  public:
    /// Watches one statement from construction to destruction. Throws Error(cancelled) when the
    /// condition holds already. `connection` must outlive it.
    class Watch {
      public:
        Watch(Interrupter& owner, duckdb_connection connection, const StopWhen& condition);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        /// Throws Error(cancelled) when the condition holds now: for work in several steps.
        void check() const;
        /// What this watch fired for, if it did.
        [[nodiscard]] StopReason fired() const;

      private:
        friend class Interrupter;
        Interrupter& owner_;
        duckdb_connection connection_;
        const StopWhen& condition_;
        bool watched_;
        StopReason fired_ = StopReason::none;  // guarded by owner_.mutex_
    };

    Interrupter();
    ~Interrupter();
    Interrupter(const Interrupter&) = delete;
    Interrupter& operator=(const Interrupter&) = delete;

  private:
    void run();
    void fire_due();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Watch*> watches_;  // guarded by mutex_
    bool asleep_ = false;          // guarded by mutex_
    bool stopping_ = false;        // guarded by mutex_
    std::thread thread_;           // last: it uses all of the above
};

/// Throws Error(cancelled) with the message that fits `reason`, which is not `none`.
[[noreturn]] void throw_cancelled(StopReason reason);
/// Throws Error(cancelled) where `condition` asks to stop at this moment.
void throw_if_stopped(const StopWhen& condition);

}  // namespace faultline::engine
