#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/paint.h"

namespace faultline::report {

/// One cell: its text is made harmless when it is added.
struct Cell {
    std::string text;
    Hue hue = Hue::plain;
};

/// Rows under aligned headings, fitted to a width. Where the table is too wide, columns that may go
/// before shrinking are left out, then those that may shrink do, the widest first, and what does
/// not fit goes on in the next line of its cell: nothing is cut off. Where that is not enough,
/// columns that may go after shrinking are left out.
class Table {
  public:
    enum class Align { left, right };
    enum class Left { never, before_shrinking, after_shrinking };
    struct Column {
        std::string heading;
        Align align = Align::left;
        std::size_t least = 0;   ///< may shrink to this many columns of the terminal; 0: never
        Left out = Left::never;  ///< when it may be left out of a table that is too wide
    };

    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
    /// As many cells as columns. The paragraphs of `below`, those that are not empty, follow under
    /// the row's second column.
    void add(std::vector<Cell> row, std::vector<std::string> below = {});
    /// Needs no column to shrink or go?
    [[nodiscard]] bool fits(std::size_t width, std::size_t indent = 2) const;
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    /// Lines ending in a newline, each after `indent` spaces. A column with nothing in it is left
    /// out.
    [[nodiscard]] std::string text(const Paint& paint, std::size_t width,
                                   std::size_t indent = 2) const;

  private:
    [[nodiscard]] std::vector<std::size_t> natural_widths() const;
    void leave_out(std::vector<std::size_t>& widths, std::size_t available, Left when) const;
    void shrink(std::vector<std::size_t>& widths, std::size_t available) const;

    struct Row {
        std::vector<Cell> cells;
        std::vector<std::string> below;
    };
    std::vector<Column> columns_;
    std::vector<Row> rows_;
};

}  // namespace faultline::report
