#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/file.hpp"

namespace faultline::sdk {

/// The whole file: faults of files have it in memory.
inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text(static_cast<std::size_t>(std::filesystem::file_size(path)), '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in) throw std::runtime_error("cannot read " + path.filename().string());
    return text;
}

inline void write_file(const std::filesystem::path& path, std::string_view text) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    if (!out) throw std::runtime_error("cannot write " + path.filename().string());
}

/// The least number of bytes to add, take away or overwrite that turns `a` into `b` (Levenshtein's
/// distance). For long texts that differ in long parts: of the part between their common beginning
/// and their common end, the longer one, which is never less.
inline std::int64_t bytes_between(std::string_view a, std::string_view b) {
    const auto begin = static_cast<std::size_t>(
        std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
    a.remove_prefix(begin);
    b.remove_prefix(begin);
    const auto end = static_cast<std::size_t>(
        std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin());
    a.remove_suffix(end);
    b.remove_suffix(end);
    constexpr std::size_t most = 1 << 16;
    if (a.empty() || b.empty() || a.size() > most / b.size())
        return static_cast<std::int64_t>(std::max(a.size(), b.size()));
    std::vector<std::int64_t> row(b.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = static_cast<std::int64_t>(j);
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto corner = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto above = row[j + 1];
            row[j + 1] = std::min({above + 1, row[j] + 1, corner + (a[i] == b[j] ? 0 : 1)});
            corner = above;
        }
    }
    return row.back();
}

/// Which of a file's `count` units (0, 1, …) are hit: those whose draw is below the share that the
/// host states, or exactly that share with the smallest draws. So doses nest.
class Hits {
  public:
    Hits(const File& file, const Call& call, std::int64_t count) : call_(call), share_(file.share) {
        if (!file.exact || share_ >= 1) return;
        std::vector<std::pair<double, std::int64_t>> draws;
        draws.reserve(static_cast<std::size_t>(count));
        for (std::int64_t unit = 0; unit < count; ++unit) draws.emplace_back(draw(unit), unit);
        const auto k =
            static_cast<std::size_t>(std::floor(share_ * static_cast<double>(count) + 0.5));
        exact_ = true;
        if (k == 0) return;
        std::nth_element(draws.begin(), draws.begin() + static_cast<std::ptrdiff_t>(k) - 1,
                         draws.end());
        last_ = draws[k - 1];
        none_ = false;
    }
    [[nodiscard]] bool operator()(std::int64_t unit) const {
        if (share_ >= 1) return true;
        if (!exact_) return draw(unit) < share_;
        return !none_ && std::pair(draw(unit), unit) <= last_;
    }

  private:
    /// Draw 0 of a unit is this one: what a plugin draws besides begins at 1.
    [[nodiscard]] double draw(std::int64_t unit) const { return call_.draw(unit, 0); }

    const Call& call_;
    double share_;
    bool exact_ = false, none_ = true;
    std::pair<double, std::int64_t> last_;
};

}  // namespace faultline::sdk
