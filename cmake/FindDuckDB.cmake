# Finds DuckDB's C library, or fetches the pinned release.
#
# An installed DuckDB is preferred: set DuckDB_ROOT to a folder with include/duckdb.h and
# lib/libduckdb.so. Without one, two packages of the npm registry are fetched with `npm pack` and
# their checksums verified: the official shared library comes in DuckDB's own Node bindings, the
# matching header in the source package of the same version.
#
# Defines the target DuckDB::DuckDB, DuckDB_VERSION and DuckDB_LIBRARY.

set(DuckDB_PINNED_VERSION 1.4.4)
set(_duckdb_bindings_revision r.3)

find_path(DuckDB_INCLUDE_DIR duckdb.h)
find_library(DuckDB_LIBRARY duckdb)

function(_duckdb_fetch package file_stem sha256 member destination)
  if(EXISTS "${destination}/${member}")
    return()
  endif()
  find_program(NPM_EXECUTABLE npm REQUIRED)
  file(MAKE_DIRECTORY "${destination}")
  message(STATUS "DuckDB: fetching ${package}")
  execute_process(
    COMMAND "${NPM_EXECUTABLE}" pack --silent --pack-destination "${destination}" "${package}"
    WORKING_DIRECTORY "${destination}"
    RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "DuckDB: `npm pack ${package}` failed: ${errors}")
  endif()
  file(SHA256 "${destination}/${file_stem}.tgz" actual)
  if(NOT actual STREQUAL sha256)
    file(REMOVE "${destination}/${file_stem}.tgz")
    message(FATAL_ERROR "DuckDB: checksum of ${package} is ${actual}, expected ${sha256}")
  endif()
  file(ARCHIVE_EXTRACT INPUT "${destination}/${file_stem}.tgz" DESTINATION "${destination}"
       PATTERNS "package/${member}" "package/LICENSE*")
  cmake_path(GET member PARENT_PATH folder)
  file(MAKE_DIRECTORY "${destination}/${folder}")
  file(RENAME "${destination}/package/${member}" "${destination}/${member}")
  file(REMOVE "${destination}/${file_stem}.tgz")
endfunction()

if(NOT DuckDB_INCLUDE_DIR OR NOT DuckDB_LIBRARY)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    set(_arch x64)
    set(_sha 59d0f150d84bbc413aa80b9b7ae45916e710c27d18d66722d4875a7b840415a5)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    set(_arch arm64)
    set(_sha 7a3b62c524849af848b2d4e278bad56324e20f5e8b1d3fe3acd324ead28e1e0c)
  else()
    message(FATAL_ERROR "DuckDB: no pinned build for ${CMAKE_SYSTEM_PROCESSOR}; install DuckDB "
                        "${DuckDB_PINNED_VERSION} and set DuckDB_ROOT")
  endif()
  # Beside the build folders, so that every preset shares one download.
  set(_duckdb_home "${CMAKE_SOURCE_DIR}/build/deps/duckdb-${DuckDB_PINNED_VERSION}")
  _duckdb_fetch("@duckdb/node-bindings-linux-${_arch}@${DuckDB_PINNED_VERSION}-${_duckdb_bindings_revision}"
                "duckdb-node-bindings-linux-${_arch}-${DuckDB_PINNED_VERSION}-${_duckdb_bindings_revision}"
                ${_sha} libduckdb.so "${_duckdb_home}/lib")
  _duckdb_fetch("duckdb@${DuckDB_PINNED_VERSION}" "duckdb-${DuckDB_PINNED_VERSION}"
                5bb967dcbcd517670ba5f169f238fb9d6787e53752c60ebe24386169d76941ed
                src/duckdb/src/include/duckdb.h "${_duckdb_home}/source")
  set(DuckDB_INCLUDE_DIR "${_duckdb_home}/source/src/duckdb/src/include" CACHE PATH "" FORCE)
  set(DuckDB_LIBRARY "${_duckdb_home}/lib/libduckdb.so" CACHE FILEPATH "" FORCE)
endif()
set(DuckDB_VERSION ${DuckDB_PINNED_VERSION})

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDB REQUIRED_VARS DuckDB_LIBRARY DuckDB_INCLUDE_DIR
                                  VERSION_VAR DuckDB_VERSION)

if(DuckDB_FOUND AND NOT TARGET DuckDB::DuckDB)
  add_library(DuckDB::DuckDB SHARED IMPORTED)
  set_target_properties(DuckDB::DuckDB PROPERTIES
    IMPORTED_LOCATION "${DuckDB_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${DuckDB_INCLUDE_DIR}")
endif()
