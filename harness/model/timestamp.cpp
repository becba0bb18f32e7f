#include "model/timestamp.h"

#include <chrono>
#include <optional>

namespace faultline::model {
namespace {

class Cursor {
  public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Exactly `count` digits, as a number.
    std::optional<int> digits(std::size_t count) {
        if (rest_.size() < count) return std::nullopt;
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    /// Two digits from 0 to `most`.
    bool pair_up_to(int most) {
        const auto value = digits(2);
        return value && *value <= most;
    }

  private:
    std::string_view rest_;
};

bool date(Cursor& cursor) {
    const auto year = cursor.digits(4);
    if (!year || *year < 1 || !cursor.take('-')) return false;
    const auto month = cursor.digits(2);
    if (!month || !cursor.take('-')) return false;
    const auto day = cursor.digits(2);
    if (!day) return false;
    return std::chrono::year_month_day(std::chrono::year(*year),
                                       std::chrono::month(static_cast<unsigned>(*month)),
                                       std::chrono::day(static_cast<unsigned>(*day)))
        .ok();
}

bool time_of_day(Cursor& cursor) {
    if (!cursor.pair_up_to(23) || !cursor.take(':') || !cursor.pair_up_to(59)) return false;
    if (!cursor.take(':')) return true;
    if (!cursor.pair_up_to(59)) return false;
    if (!cursor.take('.')) return true;
    int fraction = 0;
    while (fraction < 9 && cursor.digits(1)) ++fraction;
    return fraction > 0;
}

bool offset(Cursor& cursor) {
    if (cursor.at_end() || cursor.take('Z')) return true;
    if (!cursor.take('+') && !cursor.take('-')) return false;
    if (!cursor.pair_up_to(23)) return false;
    return cursor.at_end() || (cursor.take(':') && cursor.pair_up_to(59));
}

}  // namespace

bool is_iso8601(std::string_view text) {
    Cursor cursor(text);
    if (!date(cursor)) return false;
    if (cursor.at_end()) return true;
    if (!cursor.take('T') && !cursor.take(' ')) return false;
    return time_of_day(cursor) && offset(cursor) && cursor.at_end();
}

}  // namespace faultline::model
