# Installs a relocatable faultline: bin/faultline, its plugins and libduckdb.so found relative to it,
# the plugin headers, and a CMake package, so that a plugin can be built outside this tree.
