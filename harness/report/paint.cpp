#include "report/paint.h"

namespace faultline::report {
namespace {

const char* code_of(Hue hue) {
    switch (hue) {
        case Hue::plain:
            return "";
        case Hue::bold:
            return "1";
        case Hue::faint:
            return "2";
        case Hue::red:
            return "1;31";
        case Hue::yellow:
            return "33";
        case Hue::green:
            return "32";
        case Hue::cyan:
            return "36";
    }
    return "";
}

}  // namespace

std::string Paint::operator()(Hue hue, const std::string& text) const {
    if (!colour_ || hue == Hue::plain || text.empty()) return text;
    return std::string("\x1b[") + code_of(hue) + "m" + text + "\x1b[0m";
}

}  // namespace faultline::report
