#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <cstdlib>

int main(int argc, char* argv[]) {
    // RapidCheck draws a new seed at every start unless told otherwise; a test that fails must fail
    // for everybody. Set RC_PARAMS to look further: RC_PARAMS="seed=7 max_success=10000".
    setenv("RC_PARAMS", "seed=20240229", 0);
    return Catch::Session().run(argc, argv);
}
