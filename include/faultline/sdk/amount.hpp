#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/params.hpp"
#include "faultline/sdk/relation.hpp"

namespace faultline::sdk {

/// How much numbers change, as people say it: in the column's unit, as a share of each value, or in
/// the column's own standard deviations (one of them where nothing is stated).
class Amount {
  public:
    /// Reads the three parameters of these names, whose default is null. Throws ParamError where
    /// more than one is stated.
    Amount(const nlohmann::json& params, const char* absolute, const char* relative,
           const char* sigmas)
        : absolute_(stated<double>(params, absolute)),
          relative_(stated<double>(params, relative)),
          sigmas_(stated<double>(params, sigmas)) {
        if ((absolute_ ? 1 : 0) + (relative_ ? 1 : 0) + (sigmas_ ? 1 : 0) > 1)
            throw ParamError(std::string("state one of ") + absolute + ", " + relative + " and " +
                             sigmas);
    }

    [[nodiscard]] bool is_stated() const { return absolute_ || relative_ || sigmas_; }
    [[nodiscard]] bool is_relative() const { return relative_.has_value(); }
    /// Nothing changes, by definition.
    [[nodiscard]] bool is_zero() const {
        return absolute_ == 0.0 || relative_ == 0.0 || sigmas_ == 0.0;
    }
    /// In full: in the column's unit, or the share of each value where it is relative.
    [[nodiscard]] double full(const Column& column, const Call& call) const {
        if (absolute_) return *absolute_;
        if (relative_) return *relative_;
        return sigmas_.value_or(1) * call.deviation(column);
    }
    /// SQL: the column's value moved by the amount, at this severity and the row's dose.
    [[nodiscard]] std::string moved(const Column& column, const Call& call) const {
        const auto value = call.as_double(column);
        const auto amount = full(column, call);
        if (!relative_) return value + " + " + call.dosed(amount);
        return value + " * " +
               (call.doses_rows() ? "(" + call.number(1) + " + " + call.dosed(amount) + ")"
                                  : call.number(1 + call.severity() * amount));
    }

  private:
    std::optional<double> absolute_, relative_, sigmas_;
};

}  // namespace faultline::sdk
