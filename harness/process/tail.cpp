#include "process/tail.h"

namespace faultline::process {

void Tail::append(const char* bytes, std::size_t count) {
    total_ += count;
    if (count >= most_) {
        kept_.assign(bytes + (count - most_), most_);
        return;
    }
    kept_.append(bytes, count);
    if (kept_.size() > 2 * most_) kept_.erase(0, kept_.size() - most_);
}

std::string Tail::text() const {
    return kept_.size() > most_ ? kept_.substr(kept_.size() - most_) : kept_;
}

}  // namespace faultline::process
