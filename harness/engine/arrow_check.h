#pragma once

#include "faultline/arrow.h"

namespace faultline::engine {

/// Checks what a foreign Arrow schema claims before anything follows its pointers: formats known,
/// children as many as the format needs, names there, nested no deeper than 64. Throws
/// Error(plugin).
///
/// What the C interface does not tell cannot be checked: how long a buffer is, and whether a
/// pointer that is not NULL leads anywhere.
void check_schema(const ArrowSchema& schema);

/// Checks an array against its schema, already checked: released or not, lengths and offsets,
/// buffers and children that must be there, list and string offsets that never fall and stay inside
/// the child, dictionary indexes in range, text in UTF-8. Throws Error(plugin). Linear in the data.
void check_array(const ArrowArray& array, const ArrowSchema& schema);

/// Counts the nulls of every part whose producer left them uncounted (-1). DuckDB 1.4.4 takes an
/// uncounted dictionary array for one without nulls. The array has been checked.
void count_nulls(ArrowArray& array);

}  // namespace faultline::engine
