#include "findings/exit_code.h"

namespace faultline::findings {

int exit_code(const Result& result) {
    if (result.status == "failed") return 4;
    if (result.status == "interrupted") return 130;
    if (result.verdict == "deviated") return 1;
    return result.verdict == "held" ? 0 : 2;
}

}  // namespace faultline::findings
