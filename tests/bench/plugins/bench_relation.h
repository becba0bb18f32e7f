#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "plugin/perturb.h"

namespace faultline::bench {

/// Seconds of processor time that `work` takes, over all threads of this process: with one thread
/// of the engine that is what it takes on an idle machine, even where this one is not.
double seconds_of(const std::function<void()>& work);
double median(std::vector<double> values);

/// A table with a declared key `id`, a batch column `day` and one column `v` of a type, in an
/// engine of its own; the unperturbed copy that everything is compared with; and its keyed form.
class Relation {
  public:
    /// `key` and `value` are SQL over the row number `i`; `value` may be several columns, with
    /// their names, of which one is `v`.
    Relation(const std::string& name, const std::string& key, const std::string& value,
             std::int64_t rows, unsigned threads);

    [[nodiscard]] const std::string& name() const { return name_; }
    /// Its quoted name in the store.
    [[nodiscard]] const std::string& table() const { return site_.from; }
    [[nodiscard]] engine::TypeFamily family() const { return site_.columns.at(2).family; }
    [[nodiscard]] std::int64_t rows() const { return rows_; }
    /// Seconds to make the keyed form: once for a relation, shared by all of its faults.
    [[nodiscard]] double keying() const { return keying_; }
    /// Seconds of CREATE TABLE AS SELECT * FROM the unperturbed relation.
    [[nodiscard]] double copy();
    /// Seconds of CREATE TABLE AS `select`.
    [[nodiscard]] double write(const std::string& select);
    /// Seconds to ask a fault for its SQL and count its answer key; what it gave is in `out`.
    [[nodiscard]] double perturb(const plugin::Fault& fault, plugin::Measures& measures,
                                 plugin::Perturbed& out);
    void drop(const plugin::Perturbed& perturbed);

  private:
    std::string name_;
    std::int64_t rows_;
    std::unique_ptr<engine::SqlEngine> engine_;
    std::unique_ptr<engine::Connection> connection_;
    plugin::Site site_;
    plugin::KeyedSite keyed_;
    double keying_ = 0;
    unsigned scratch_ = 0;
};

}  // namespace faultline::bench
