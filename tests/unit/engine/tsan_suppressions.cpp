/// Read by ThreadSanitizer alone. libduckdb.so is built without it, so that the locks inside it are
/// not seen and its own threads look like races; what is reported beyond it is ours. Weak, so that
/// a test program that has its own keeps it.
extern "C" __attribute__((weak)) const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
    return "race:libduckdb.so\nmutex:libduckdb.so\ncalled_from_lib:libduckdb.so\n";
}
