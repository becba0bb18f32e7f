#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// Stands in for libFuzzer where there is none: runs the target on every seed of a folder, and on
// copies damaged in a fixed pseudo-random way. The target crashes, or all is well.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int damaged_copies = 300;

void run(const std::string& bytes) {
    // A copy of its own, so that a sanitizer sees a read beyond the end.
    const std::vector<std::uint8_t> data(bytes.begin(), bytes.end());
    (void)LLVMFuzzerTestOneInput(data.data(), data.size());
}

std::string damaged(std::string bytes, std::mt19937& random) {
    const auto below = [&random](std::size_t bound) {
        return random() % std::max<std::size_t>(bound, 1);
    };
    for (auto times = 1 + below(4); times > 0 && !bytes.empty(); --times) {
        const std::size_t at = below(bytes.size());
        switch (below(4)) {
            case 0:
                bytes[at] = static_cast<char>(random());
                break;
            case 1:
                bytes.erase(at, 1 + below(16));
                break;
            case 2:
                bytes.insert(at, bytes.substr(below(bytes.size()), below(32)));
                break;
            default:
                bytes.resize(at);
        }
    }
    return bytes;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 3;
    }
    std::vector<std::filesystem::path> seeds;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1], none))
        if (entry.is_regular_file()) seeds.push_back(entry.path());
    std::sort(seeds.begin(), seeds.end());
    if (seeds.empty()) {
        std::fprintf(stderr, "%s: no seeds\n", argv[1]);
        return 1;
    }
    std::mt19937 random(20240229);
    for (const auto& seed : seeds) {
        std::ifstream in(seed, std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(in)),
                                std::istreambuf_iterator<char>());
        run(bytes);
        for (int copy = 0; copy < damaged_copies; ++copy) run(damaged(bytes, random));
    }
    std::printf("%zu seeds, %d damaged copies of each\n", seeds.size(), damaged_copies);
    return 0;
}
