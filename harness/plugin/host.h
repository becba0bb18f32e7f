#pragma once

#include <chrono>
#include <deque>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/plugin.h"
#include "plugin/perturb.h"

namespace faultline::plugin {

/// The host's side of one call into a plugin: the C functions of faultline_host over the dialect,
/// the stream's draws and the site's measures. No exception leaves any of them: what went wrong is
/// kept and rethrown by rethrow() once the plugin has returned. Used by one thread.
class Host {
  public:
    struct Context {
        engine::Connection& connection;
        const engine::Dialect& dialect;
        const KeyedSite& keyed;
        Measures& measures;
        std::uint64_t stream;
        std::string with;  ///< "WITH …" that defines `from`
        std::string from;  ///< the relation before this fault
        const StopFlag* stop;
        std::vector<std::string>* notes;
        std::string prefix;  ///< of a note: who says it
        std::optional<std::chrono::steady_clock::time_point> deadline = {};
        bool doses = false;  ///< the relation has "__fl_dose"
        /// "WITH …" that defines relation->from: without what was chosen and drawn, which is the
        /// same for every trial that has this fault first; and with it.
        std::string received = {};
        std::function<std::string(const std::vector<std::string>& draws)> chosen = {};
        bool first = false;  ///< no fault comes before this one
        /// Makes a table of a statement and names it; `lasting`: for all trials.
        std::function<std::string(const std::string& statement, bool lasting)> table = {};
        /// Holds the columns of a statement, whose first are places; nothing where it cannot.
        std::function<engine::HeldColumns(const std::string& statement, std::size_t places,
                                          bool lasting)>
            hold = {};
    };
    explicit Host(Context context);
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    [[nodiscard]] const faultline_host* table() const { return &table_; }
    /// The hidden draws that the plugin asked for: `<expression> AS "<name>"`, to be added to the
    /// relation it reads. None where the engine draws natively: then its text holds the calls.
    [[nodiscard]] std::vector<std::string> drawn() const;
    [[nodiscard]] const std::map<std::string, std::int64_t>& counts() const { return counts_; }
    void rethrow();

    /// The SQL of one uniform of this stream, as a hidden column.
    [[nodiscard]] static std::string uniform_column(const engine::Dialect& dialect,
                                                    std::uint64_t stream, std::uint32_t index);

  private:
    template <class F>
    const char* text(F f) noexcept;
    /// SQL of normal number `index` times `deviation`.
    [[nodiscard]] std::string normal(std::uint32_t index, double deviation);
    [[nodiscard]] bool stopped() const;
    /// False where it was stopped before its time.
    [[nodiscard]] bool wait(double seconds) const;
    int measure(const char* aggregate, double* value, int* is_null,
                faultline_error* error) noexcept;
    int value(const char* select, const char** literal, faultline_error* error) noexcept;
    int make_table(const char* select, const char** name, faultline_error* error) noexcept;
    int hold(const char* select, std::int64_t places, std::uint32_t* held,
             faultline_error* error) noexcept;
    [[nodiscard]] std::string held_at(std::uint32_t held, std::uint32_t column,
                                      const std::string& place) const;
    /// What the plugin asks for, with what it reads defined, and whether that is the same for all
    /// trials.
    struct Asked {
        std::string statement;
        bool lasting;
    };
    [[nodiscard]] Asked asked(const char* select) const;
    /// Does the SQL name what is hit, or a draw?
    [[nodiscard]] static bool chooses(std::string_view sql);
    /// Keeps what says of itself that it must reach the caller, and tells the plugin of the rest.
    int failed(const std::exception& e, faultline_error* error) noexcept;

    Context context_;
    faultline_host table_{};
    std::vector<engine::HeldColumns> held_;
    std::deque<std::string> strings_;  // stable addresses: the plugin holds pointers into them
    std::set<std::uint32_t> uniforms_, normals_;
    std::map<std::string, std::int64_t> counts_;
    std::exception_ptr failure_;
};

}  // namespace faultline::plugin
