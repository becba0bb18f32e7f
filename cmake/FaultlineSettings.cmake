# How every target of the project is compiled.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

# -O3 is for the estimators and the draws (harness/CMakeLists.txt): elsewhere it gains nothing.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # The sloppiness that ccache asks for before it keeps anything compiled with a precompiled header. It goes by
  # what a compilation read (depend mode), not by a preprocessor's output: that names a precompiled header that
  # is there, so that the one made in its place would be looked up by the old one's content. Without
  # include_file_mtime: a header saved while a file is compiled would be kept as what the object was made of.
  set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_DEPEND=1
      CCACHE_SLOPPINESS=pch_defines,time_macros
      "${CCACHE_PROGRAM}")
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

add_library(faultline_settings INTERFACE)
target_compile_options(faultline_settings INTERFACE -Wall -Wextra -Wconversion -Wshadow
                       $<$<BOOL:${FAULTLINE_WERROR}>:-Werror>)
# To Clang, -Wconversion means signs as well; GCC is the reference.
target_compile_options(faultline_settings INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>)
# GCC 12 sees impossible copies in std::string once it optimises (its bugs 105651 and 105329).
target_compile_options(faultline_settings INTERFACE
  $<$<AND:$<CONFIG:Release>,$<COMPILE_LANG_AND_ID:CXX,GNU>>:-Wno-restrict;-Wno-stringop-overflow>)
# ccache can keep what comes out twice the same alone.
target_compile_options(faultline_settings INTERFACE
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-Xclang -fno-pch-timestamp>)
if(FAULTLINE_SANITIZE)
  # GCC 12 takes the sanitizers' own instructions for uses of what was never set and for accesses out
  # of bounds; the other builds see the same code without them.
  target_compile_options(faultline_settings INTERFACE
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized;-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>)
  target_compile_options(faultline_settings INTERFACE -fsanitize=${FAULTLINE_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_compile_options(faultline_settings INTERFACE
    $<$<CXX_COMPILER_ID:Clang>:-fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/scripts/sanitizers.ignore>)
  target_compile_definitions(faultline_settings INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(faultline_settings INTERFACE -fsanitize=${FAULTLINE_SANITIZE})
endif()
# The engine allocates in many small statements what glibc's allocator consolidates again and again:
# with jemalloc a trial costs a third less. For programs only, and not under a sanitizer, which brings
# its own.
add_library(faultline_allocator INTERFACE)
find_library(JEMALLOC_LIBRARY jemalloc)
if(JEMALLOC_LIBRARY AND NOT FAULTLINE_SANITIZE)
  # Nobody calls it by name, so the linker has to be told that it is needed.
  target_link_libraries(faultline_allocator INTERFACE
    -Wl,--push-state,--no-as-needed "${JEMALLOC_LIBRARY}" -Wl,--pop-state)
endif()
# Results must not depend on how the compiler contracts or reorders floating point.
target_compile_options(faultline_settings INTERFACE -ffp-contract=off)

# JSON, compiled once for all (json_instances.h), and optimised in every build.
# Hidden, since a plugin exports one symbol, and in sections, of which it keeps what it calls.
add_library(faultline_json STATIC "${PROJECT_SOURCE_DIR}/cmake/json_instances.cpp")
target_link_libraries(faultline_json PRIVATE faultline_settings PUBLIC nlohmann_json::nlohmann_json)
target_compile_options(faultline_json PRIVATE $<IF:$<CONFIG:Debug>,-O1,-O2> -ffunction-sections)
set_target_properties(faultline_json PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON UNITY_BUILD OFF)
set(FAULTLINE_JSON_HEADER "${PROJECT_SOURCE_DIR}/cmake/json_instances.h")
