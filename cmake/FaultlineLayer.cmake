# The standard library's and others' headers that every layer needs, precompiled twice: of Debug builds as they are
# and optimised.
file(WRITE "${CMAKE_BINARY_DIR}/headers.cpp.new" "// The owner of a precompiled header.\n")
file(COPY_FILE "${CMAKE_BINARY_DIR}/headers.cpp.new" "${CMAKE_BINARY_DIR}/headers.cpp" ONLY_IF_DIFFERENT)
foreach(owner faultline_headers faultline_optimised_headers)
  add_library(${owner} OBJECT "${CMAKE_BINARY_DIR}/headers.cpp")
  target_link_libraries(${owner} PRIVATE faultline_settings fmt::fmt nlohmann_json::nlohmann_json)
  target_precompile_headers(${owner} PRIVATE "${FAULTLINE_JSON_HEADER}" <fmt/format.h> <string> <vector>
                            <map> <optional> <filesystem> <memory> <functional> <algorithm>)
endforeach()
target_compile_options(faultline_optimised_headers PRIVATE $<$<CONFIG:Debug>:-O1>)

# faultline_layer(NAME [OPTIMISED] [EXCEPT file...] [USES layer...] [LIBRARIES target...])
#
# OPTIMISED: too slow to be tested as it is written, or its statements too deep for the stack, so that Debug builds
# optimise it too.
#
# One static library a layer, from every .cpp in its folder but those under EXCEPT. A layer links only what it names
# under USES, so a dependency that points the wrong way fails the link; tests/layers.py checks the
# includes as well.
function(faultline_layer name)
  cmake_parse_arguments(arg "OPTIMISED" "" "EXCEPT;USES;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp"
       "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*/*.cpp")
  foreach(file IN LISTS arg_EXCEPT)
    list(REMOVE_ITEM sources "${CMAKE_CURRENT_SOURCE_DIR}/${name}/${file}")
  endforeach()
  set(target faultline_${name})
  if(NOT sources)
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  else()
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE faultline_settings faultline_json)
    if(arg_OPTIMISED)
      target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O1>)
      target_precompile_headers(${target} REUSE_FROM faultline_optimised_headers)
    else()
      target_precompile_headers(${target} REUSE_FROM faultline_headers)
    endif()
  endif()
  target_include_directories(${target} ${scope} "${CMAKE_CURRENT_SOURCE_DIR}")
  list(TRANSFORM arg_USES PREPEND faultline_)
  target_link_libraries(${target} ${scope} ${arg_USES} ${arg_LIBRARIES})
endfunction()
