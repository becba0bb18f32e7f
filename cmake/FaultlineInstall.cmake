# Installs a relocatable faultline: bin/faultline, its plugins and libduckdb.so found relative to it,
# the plugin headers, and a CMake package, so that a plugin can be built outside this tree.
#
# Plain lib/, never lib/<architecture>/: the binary looks for <its folder>/../lib/faultline/plugins,
# wherever the tree has been moved to.
include(CMakePackageConfigHelpers)

# Every plugin of this tree, whatever its folder is called: adding one edits nothing here.
get_property(_plugin_folders DIRECTORY "${CMAKE_SOURCE_DIR}/plugins" PROPERTY SUBDIRECTORIES)
set(_plugins "")
foreach(_folder IN LISTS _plugin_folders)
  get_property(_targets DIRECTORY "${_folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(_target IN LISTS _targets)
    get_target_property(_type ${_target} TYPE)
    if(_type STREQUAL "MODULE_LIBRARY")
      list(APPEND _plugins ${_target})
    endif()
  endforeach()
endforeach()

# What it takes to use faultline: `cmake --build … --target program`.
add_custom_target(builtin_plugins DEPENDS ${_plugins})
add_custom_target(program DEPENDS ${_plugins})
if(TARGET faultline)
  add_dependencies(program faultline)
  set_target_properties(faultline PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/faultline")
  install(TARGETS faultline RUNTIME DESTINATION bin)
  install(TARGETS faultline-keeper RUNTIME DESTINATION lib/faultline)
endif()
if(_plugins)
  install(TARGETS ${_plugins} LIBRARY DESTINATION lib/faultline/plugins)
endif()

# The engine travels along under the name that the binary asks for, which is its SONAME.
file(REAL_PATH "${DuckDB_LIBRARY}" _duckdb)
install(FILES "${_duckdb}" DESTINATION lib/faultline RENAME libduckdb.so)

install(DIRECTORY "${CMAKE_SOURCE_DIR}/include/faultline" DESTINATION include
        FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/scenarios" DESTINATION share/faultline
        PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY "${CMAKE_SOURCE_DIR}/docs/schema" DESTINATION share/faultline OPTIONAL)

set(_package lib/cmake/faultline)
install(TARGETS faultline_sdk EXPORT faultlineTargets)
install(EXPORT faultlineTargets NAMESPACE faultline:: DESTINATION ${_package})
configure_package_config_file(cmake/faultlineConfig.cmake.in
  "${CMAKE_BINARY_DIR}/faultlineConfig.cmake" INSTALL_DESTINATION ${_package})
# The plugin interface is what outsiders build against; it does not depend on the machine's word size.
write_basic_package_version_file("${CMAKE_BINARY_DIR}/faultlineConfigVersion.cmake"
  COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
install(FILES "${CMAKE_BINARY_DIR}/faultlineConfig.cmake"
              "${CMAKE_BINARY_DIR}/faultlineConfigVersion.cmake"
              "${CMAKE_SOURCE_DIR}/cmake/FaultlinePlugin.cmake" DESTINATION ${_package})
