# faultline_layer(NAME [EXCEPT file...] [USES layer...] [LIBRARIES target...])
#
# One static library a layer, from every .cpp in its folder but those under EXCEPT. A layer links only what it names
# under USES, so a dependency that points the wrong way fails the link; tests/layers.py checks the
# includes as well.
function(faultline_layer name)
  cmake_parse_arguments(arg "" "" "EXCEPT;USES;LIBRARIES" ${ARGN})
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
    target_link_libraries(${target} PRIVATE faultline_settings)
    target_precompile_headers(${target} PRIVATE <nlohmann/json.hpp> <fmt/format.h> <string> <vector>
                              <map> <optional> <filesystem> <memory> <functional> <algorithm>)
  endif()
  target_include_directories(${target} ${scope} "${CMAKE_CURRENT_SOURCE_DIR}")
  list(TRANSFORM arg_USES PREPEND faultline_)
  target_link_libraries(${target} ${scope} ${arg_USES} ${arg_LIBRARIES})
endfunction()
