#pragma once

// The order matters: the Arrow structs are defined by faultline/arrow.h and only declared by
// duckdb.h.
#include "faultline/arrow.h"

#define DUCKDB_API_NO_DEPRECATED
#include <duckdb.h>

#include <string>
#include <utility>

namespace faultline::engine {

/// Owns one handle of DuckDB's C API. Each is destroyed through a pointer to it, which DuckDB
/// nulls.
template <typename Raw, auto Destroy>
class Handle {
  public:
    Handle() = default;
    explicit Handle(Raw raw) noexcept : raw_(raw) {}
    ~Handle() { reset(); }
    Handle(Handle&& other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
    Handle& operator=(Handle&& other) noexcept {
        if (this != &other) {
            reset();
            raw_ = std::exchange(other.raw_, nullptr);
        }
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    [[nodiscard]] Raw get() const noexcept { return raw_; }
    /// For a function that writes the handle; whatever was held goes first.
    [[nodiscard]] Raw* out() noexcept {
        reset();
        return &raw_;
    }
    explicit operator bool() const noexcept { return raw_ != nullptr; }
    void reset() noexcept {
        if (raw_ != nullptr) Destroy(&raw_);
        raw_ = nullptr;
    }

  private:
    Raw raw_ = nullptr;
};

using DatabaseHandle = Handle<duckdb_database, duckdb_close>;
using ConnectionHandle = Handle<duckdb_connection, duckdb_disconnect>;
using ConfigHandle = Handle<duckdb_config, duckdb_destroy_config>;
using PreparedHandle = Handle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using ExtractedHandle = Handle<duckdb_extracted_statements, duckdb_destroy_extracted>;
using ValueHandle = Handle<duckdb_value, duckdb_destroy_value>;
using ChunkHandle = Handle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using TypeHandle = Handle<duckdb_logical_type, duckdb_destroy_logical_type>;
using ErrorHandle = Handle<duckdb_error_data, duckdb_destroy_error_data>;
using AppenderHandle = Handle<duckdb_appender, duckdb_appender_destroy>;
using ArrowOptionsHandle = Handle<duckdb_arrow_options, duckdb_destroy_arrow_options>;
using ArrowTypesHandle =
    Handle<duckdb_arrow_converted_schema, duckdb_destroy_arrow_converted_schema>;
using ScalarFunctionHandle = Handle<duckdb_scalar_function, duckdb_destroy_scalar_function>;

/// A result is a struct and not a pointer; it must be destroyed even when the query failed.
class ResultHandle {
  public:
    ResultHandle() = default;
    ~ResultHandle() { duckdb_destroy_result(&raw_); }
    ResultHandle(const ResultHandle&) = delete;
    ResultHandle& operator=(const ResultHandle&) = delete;
    [[nodiscard]] duckdb_result* get() noexcept { return &raw_; }

  private:
    duckdb_result raw_{};
};

/// Takes over a string that DuckDB allocated; NULL gives "".
inline std::string take_text(char* text) {
    if (text == nullptr) return {};
    std::string copy(text);
    duckdb_free(text);
    return copy;
}

}  // namespace faultline::engine
