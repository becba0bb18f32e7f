# faultline_add_plugin(NAME source...)
#
# A plugin is a shared object that exports one C symbol. It is built into <build>/lib/faultline/plugins,
# where the harness finds it: the folder has the same place relative to the binary after installation.
# Used inside this tree and, through find_package(faultline), outside it.
function(faultline_add_plugin name)
  add_library(faultline_plugin_${name} MODULE ${ARGN})
  set_target_properties(faultline_plugin_${name} PROPERTIES
    OUTPUT_NAME ${name} PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
  if(TARGET faultline_settings)
    target_link_libraries(faultline_plugin_${name} PRIVATE faultline_settings faultline_json)
    target_link_options(faultline_plugin_${name} PRIVATE -Wl,--gc-sections)
    set_target_properties(faultline_plugin_${name} PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib/faultline/plugins")
  endif()
  target_link_libraries(faultline_plugin_${name} PRIVATE faultline::sdk)
  # Inside this tree the SDK is compiled once for all plugins in C++.
  if(TARGET faultline_plugin_headers AND "${ARGN}" MATCHES "[.]cpp")
    target_precompile_headers(faultline_plugin_${name} REUSE_FROM faultline_plugin_headers)
  endif()
endfunction()
