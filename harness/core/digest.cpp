#include "core/digest.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <fstream>
#include <memory>
#include <vector>

#include "core/error.h"

namespace faultline {
namespace {
std::string hex_of(XXH128_hash_t hash) {
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}
}  // namespace

Digest& Digest::add(std::string_view part) {
    add(static_cast<std::uint64_t>(part.size()));
    bytes_.append(part);
    return *this;
}

Digest& Digest::add(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8)
        bytes_.push_back(static_cast<char>((number >> shift) & 0xffu));
    return *this;
}

std::string Digest::hex() const {
    return hex_of(XXH3_128bits(bytes_.data(), bytes_.size()));
}

std::uint64_t Digest::word() const {
    return XXH3_128bits(bytes_.data(), bytes_.size()).high64;
}

std::string digest_of_file(const std::filesystem::path& path, const StopFlag* stop) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Error(ErrorKind::user, "cannot read " + path.string());
    const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(),
                                                                                XXH3_freeState);
    XXH3_128bits_reset(state.get());
    std::vector<char> block(1 << 20);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
        if (stop != nullptr && stop->requested())
            throw Error(ErrorKind::cancelled, "interrupted while reading " + path.string());
        XXH3_128bits_update(state.get(), block.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (in.bad()) throw Error(ErrorKind::user, "cannot read " + path.string());
    return hex_of(XXH3_128bits_digest(state.get()));
}

}  // namespace faultline
