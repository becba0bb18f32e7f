/* A shared object like any other. */
int some_other_library(void);
int some_other_library(void) {
    return 42;
}
