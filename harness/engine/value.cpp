#include "engine/value.h"

namespace faultline::engine {

const char* name_of(TypeFamily family) {
    switch (family) {
        case TypeFamily::boolean:
            return "boolean";
        case TypeFamily::integer:
            return "integer";
        case TypeFamily::decimal:
            return "decimal";
        case TypeFamily::floating:
            return "floating";
        case TypeFamily::text:
            return "text";
        case TypeFamily::date:
            return "date";
        case TypeFamily::time:
            return "time";
        case TypeFamily::timestamp:
            return "timestamp";
        case TypeFamily::interval:
            return "interval";
        case TypeFamily::binary:
            return "binary";
        case TypeFamily::nested:
            return "nested";
        case TypeFamily::other:
            return "other";
    }
    return "other";
}

}  // namespace faultline::engine
