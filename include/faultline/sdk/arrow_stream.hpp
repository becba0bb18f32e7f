#pragma once

#include <cerrno>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "faultline/arrow.h"
#include "faultline/sdk/arrow_column.hpp"
#include "faultline/sdk/arrow_schema.hpp"

namespace faultline::sdk {

/// Some rows of every column, in order. Cheap to copy and to slice. Rows are dropped, repeated and
/// moved by writing slices, which works for columns of every type.
class Batch {
  public:
    Batch(std::vector<ArrowColumn> columns, std::int64_t rows)
        : columns_(std::move(columns)), rows_(rows) {}

    [[nodiscard]] std::int64_t rows() const { return rows_; }
    [[nodiscard]] const ArrowColumn& column(std::size_t index) const { return columns_.at(index); }
    /// `column` has as many rows as the batch and the format of the one it takes the place of.
    void replace(std::size_t index, ArrowColumn column) {
        if (column.size() != rows_ || column.format() != columns_.at(index).format())
            throw std::logic_error("a replaced column must keep its length and format");
        columns_[index] = std::move(column);
    }
    [[nodiscard]] Batch slice(std::int64_t from, std::int64_t length) const {
        std::vector<ArrowColumn> columns;
        for (const auto& column : columns_) columns.push_back(column.slice(from, length));
        return {std::move(columns), length};
    }
    /// Hands it over as an Arrow struct array, released by the receiver.
    void export_to(ArrowArray* out) const;

  private:
    std::vector<ArrowColumn> columns_;
    std::int64_t rows_;
};

/// Reads what the host hands to transform. Owns the stream.
class ArrowReader {
  public:
    explicit ArrowReader(ArrowArrayStream* stream) : stream_(*stream) {
        stream->release = nullptr;  // moved: ours from here on
        ArrowSchema schema{};
        if (stream_.get_schema(&stream_, &schema) != 0) {
            const auto message = error();
            stream_.release(&stream_);
            throw std::runtime_error(message);
        }
        schema_ = std::shared_ptr<ArrowSchema>(new ArrowSchema(schema), [](ArrowSchema* s) {
            if (s->release != nullptr) s->release(s);
            delete s;
        });
    }
    ~ArrowReader() {
        if (stream_.release != nullptr) stream_.release(&stream_);
    }
    ArrowReader(const ArrowReader&) = delete;
    ArrowReader& operator=(const ArrowReader&) = delete;

    [[nodiscard]] std::size_t width() const {
        return static_cast<std::size_t>(schema_->n_children);
    }
    [[nodiscard]] std::string name(std::size_t index) const {
        return schema_->children[index]->name;
    }
    /// Position of a column, hidden ones ("__fl_selected") included.
    [[nodiscard]] std::size_t index_of(const std::string& name) const {
        for (std::size_t i = 0; i < width(); ++i)
            if (this->name(i) == name) return i;
        throw std::runtime_error("the stream has no column " + name);
    }
    [[nodiscard]] const std::shared_ptr<ArrowSchema>& schema() const { return schema_; }

    /// The next rows, or nothing at the end.
    std::optional<Batch> next() {
        ArrowArray raw{};
        if (stream_.get_next(&stream_, &raw) != 0) throw std::runtime_error(error());
        if (raw.release == nullptr) return std::nullopt;
        const std::shared_ptr<ArrowArray> array(new ArrowArray(raw), [](ArrowArray* a) {
            if (a->release != nullptr) a->release(a);
            delete a;
        });
        std::vector<ArrowColumn> columns;
        for (std::size_t i = 0; i < width(); ++i) {
            auto view = *array->children[i];
            view.offset += array->offset;  // the parent's offset counts for its children as well
            view.length = array->length;
            columns.emplace_back(schema_->children[i]->format, view, array);
        }
        return Batch(std::move(columns), array->length);
    }

  private:
    std::string error() {
        const char* message =
            stream_.get_last_error != nullptr ? stream_.get_last_error(&stream_) : nullptr;
        return message != nullptr ? message : "the Arrow stream failed";
    }

    ArrowArrayStream stream_;
    std::shared_ptr<ArrowSchema> schema_;
};

/// Collects what a transform hands back.
class ArrowWriter {
  public:
    void use_schema(std::shared_ptr<ArrowSchema> schema) { schema_ = std::move(schema); }
    /// The columns are those of the reader's schema, in its order.
    void write(Batch batch) {
        if (batch.rows() > 0) batches_.push_back(std::move(batch));
    }
    /// Makes the stream that is handed back. It owns everything it needs.
    void export_to(ArrowArrayStream* out) &&;

  private:
    std::shared_ptr<ArrowSchema> schema_;
    std::vector<Batch> batches_;
};

namespace detail {

struct BatchExport {
    std::vector<std::unique_ptr<ArrowArray>> children;
    std::vector<ArrowArray*> pointers;
    const void* buffers[1] = {nullptr};

    static void release(ArrowArray* array) {
        auto* self = static_cast<BatchExport*>(array->private_data);
        for (auto& child : self->children)
            if (child->release != nullptr) child->release(child.get());
        array->release = nullptr;
        delete self;
    }
    static void release_column(ArrowArray* array) {
        delete static_cast<std::shared_ptr<const void>*>(array->private_data);
        array->release = nullptr;
    }
};

struct WriterStream {
    std::shared_ptr<ArrowSchema> schema;
    std::vector<Batch> batches;
    std::size_t next = 0;
    std::string error;

    template <class F>
    static int guard(ArrowArrayStream* stream, F f) noexcept {
        auto* self = static_cast<WriterStream*>(stream->private_data);
        try {
            f(*self);
            return 0;
        } catch (const std::exception& e) {
            self->error = e.what();
            return EIO;
        }
    }
};

}  // namespace detail

inline void Batch::export_to(ArrowArray* out) const {
    auto holder = std::make_unique<detail::BatchExport>();
    for (const auto& column : columns_) {
        auto child = std::make_unique<ArrowArray>(column.view());
        // Each column holds its own share of the buffers: a consumer may move it out of the batch.
        child->private_data = new std::shared_ptr<const void>(column.owner());
        child->release = detail::BatchExport::release_column;
        holder->pointers.push_back(child.get());
        holder->children.push_back(std::move(child));
    }
    *out = {};
    out->length = rows_;
    out->n_buffers = 1;
    out->buffers = holder->buffers;
    out->n_children = static_cast<std::int64_t>(holder->children.size());
    out->children = holder->pointers.data();
    out->release = detail::BatchExport::release;
    out->private_data = holder.release();
}

inline void ArrowWriter::export_to(ArrowArrayStream* out) && {
    using State = detail::WriterStream;
    auto state = std::make_unique<State>();
    state->schema = std::move(schema_);
    state->batches = std::move(batches_);
    *out = {};
    out->get_schema = [](ArrowArrayStream* stream, ArrowSchema* schema) {
        return State::guard(stream, [&](State& self) { copy_schema(*self.schema, schema); });
    };
    out->get_next = [](ArrowArrayStream* stream, ArrowArray* array) {
        return State::guard(stream, [&](State& self) {
            *array = {};  // a released array is the end of the stream
            if (self.next < self.batches.size()) self.batches[self.next++].export_to(array);
        });
    };
    out->get_last_error = [](ArrowArrayStream* stream) -> const char* {
        return static_cast<State*>(stream->private_data)->error.c_str();
    };
    out->release = [](ArrowArrayStream* stream) {
        delete static_cast<State*>(stream->private_data);
        stream->release = nullptr;
    };
    out->private_data = state.release();
}

}  // namespace faultline::sdk
