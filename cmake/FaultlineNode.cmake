# faultline_node_modules(FOLDER VARIABLE)
#
# Installs what FOLDER/package-lock.json pins, once for all presets and again only when the lock
# changes, below build/deps. VARIABLE is set to the folder that then holds node_modules. Node and npm
# of Debian 12 or later; npm verifies every package against the digest in the lock.
function(faultline_node_modules folder variable)
  find_program(NODE_EXECUTABLE NAMES node nodejs REQUIRED)
  find_program(NPM_EXECUTABLE npm REQUIRED)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}/package-lock.json")
  file(SHA256 "${folder}/package-lock.json" digest)
  string(SUBSTRING ${digest} 0 16 digest)
  file(STRINGS "${folder}/package.json" named REGEX "\"name\":")
  string(REGEX REPLACE ".*\"name\": *\"([^\"]*)\".*" "\\1" named "${named}")
  set(home "${CMAKE_SOURCE_DIR}/build/deps/${named}-${digest}")
  # Presets may be configured at the same time.
  file(MAKE_DIRECTORY "${CMAKE_SOURCE_DIR}/build/deps")
  file(LOCK "${home}.lock" GUARD FUNCTION TIMEOUT 600)
  if(NOT EXISTS "${home}/installed")
    message(STATUS "npm: installing ${named}")
    file(REMOVE_RECURSE "${home}")
    file(COPY "${folder}/package.json" "${folder}/package-lock.json" "${folder}/.npmrc"
         DESTINATION "${home}")
    execute_process(
      COMMAND "${NPM_EXECUTABLE}" ci --ignore-scripts --no-audit --no-fund --silent
      WORKING_DIRECTORY "${home}" RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE errors)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "`npm ci` for ${folder} failed: ${errors}")
    endif()
    file(TOUCH "${home}/installed")
  endif()
  set(${variable} "${home}" PARENT_SCOPE)
endfunction()
