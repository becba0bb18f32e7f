#include "process/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "core/error.h"

namespace faultline::process {
namespace {

constexpr int above_those_handed_on = 16;

Descriptor moved_up(const Descriptor& low) {
    const int high = fcntl(low.get(), F_DUPFD_CLOEXEC, above_those_handed_on);
    if (high < 0)
        throw Error(ErrorKind::internal, std::string("no file descriptor is left for a command: ") +
                                             std::strerror(errno));
    return Descriptor(high);
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) close(number_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (number_ >= 0) close(number_);
        number_ = other.number_;
        other.number_ = -1;
    }
    return *this;
}

Pipe::Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        throw Error(ErrorKind::internal,
                    std::string("no pipe could be made for a command: ") + std::strerror(errno));
    const Descriptor first(ends[0]), second(ends[1]);
    from = moved_up(first);
    to = moved_up(second);
}

}  // namespace faultline::process
