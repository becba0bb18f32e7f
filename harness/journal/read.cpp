#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <unordered_set>
#include <vector>

#include "core/error.h"
#include "journal/lines.h"

namespace faultline::journal {
namespace {

/// The numbers that were met. Those of a run are 0, 1, 2, …: a bit each; others, of a journal that
/// somebody made, cost more.
class Numbers {
  public:
    /// False when it was there.
    bool add(std::uint64_t number) {
        if (number >= dense) return others_.insert(number).second;
        if (number >= met_.size()) met_.resize(number + 1, false);
        if (met_[number]) return false;
        met_[number] = true;
        return true;
    }
    [[nodiscard]] bool contains(std::uint64_t number) const {
        return number < dense ? number < met_.size() && met_[number] : others_.contains(number);
    }

  private:
    static constexpr std::uint64_t dense = std::uint64_t{1} << 24U;
    std::vector<bool> met_;
    std::unordered_set<std::uint64_t> others_;
};

using Holds = std::function<bool(const TrialRecord&)>;

/// Takes one line after the other; knows what may follow what.
class Reader {
  public:
    /// `holds` may be empty, and is borrowed: every trial is held then. Of those there are at most
    /// `lines`.
    Reader(const Holds& holds, std::size_t lines) : holds_(holds) {
        if (!holds) journal_.trials.reserve(lines);
    }

    void take(const Json& line) {
        const std::string type = Fields(line, "the line").text("type");
        if (!has_header_ && type != "header") throw Malformed("the first line is not a header");
        journal_.closing.reset();
        if (type == "header") {
            if (has_header_) throw Malformed("a second header");
            journal_.header = parse_header(line);
            has_header_ = true;
        } else if (type == "base") {
            if (journal_.base) throw Malformed("a second base run");
            journal_.base = parse_base(line);
        } else if (type == "trial") {
            take_trial(parse_trial(line));
        } else if (type == "profile") {
            take_profile(parse_profile(line));
        } else if (type == "closing") {
            journal_.closing = parse_closing(line);
        } else {
            throw Malformed("lines of type \"" + type + "\" are unknown");
        }
    }

    /// The journal, trials sorted.
    Journal finish() && {
        std::sort(journal_.trials.begin(), journal_.trials.end(),
                  [](const TrialRecord& a, const TrialRecord& b) { return a.number < b.number; });
        std::stable_sort(journal_.profiles.begin(), journal_.profiles.end(),
                         [](const Profile& a, const Profile& b) {
                             return std::pair(a.trial, a.without) < std::pair(b.trial, b.without);
                         });
        return std::move(journal_);
    }

  private:
    void take_profile(Profile profile) {
        if (!journal_.base) throw Malformed("a profile before the base run");
        if (profile.trial && profile.without)
            throw Malformed("a profile of a trial and of a part left out at once");
        if (profile.trial && !numbers_.contains(*profile.trial))
            throw Malformed("a profile of trial " + std::to_string(*profile.trial) +
                            ", which is not there");
        if (!profiled_.insert({profile.trial, profile.without}).second)
            throw Malformed("a profile is there twice");
        journal_.profiles.push_back(std::move(profile));
    }

    void take_trial(TrialRecord trial) {
        if (!journal_.base) throw Malformed("a trial before the base run");
        if (!trial.values.empty() && trial.values.size() != journal_.base->series.size())
            throw Malformed("trial " + std::to_string(trial.number) + " has " +
                            std::to_string(trial.values.size()) + " values, and the base run has " +
                            std::to_string(journal_.base->series.size()) + " series");
        if (!numbers_.add(trial.number))
            throw Malformed("trial " + std::to_string(trial.number) + " is there twice");
        if (holds_ && !holds_(trial)) return;
        // Trials of one dose come one after the other.
        if (!journal_.trials.empty() && journal_.trials.back().severities == trial.severities)
            trial.severities = journal_.trials.back().severities;
        journal_.trials.push_back(std::move(trial));
    }

    Journal journal_;
    const Holds& holds_;
    Numbers numbers_;
    std::set<std::pair<std::optional<std::uint64_t>, std::optional<std::uint64_t>>> profiled_;
    bool has_header_ = false;
};

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& name, std::size_t line, const std::string& why) {
    throw Error(ErrorKind::user, name + ":" + std::to_string(line) + ": malformed journal: " + why);
}

/// Bytes that were never written before the power went; JSON has none of them. What follows was not
/// on disk for certain either.
bool was_never_written(const std::string& line) {
    return line.find('\0') != std::string::npos;
}

/// Whether a file that ends in its first line is a journal cut off there, and not something else
/// with its name.
bool is_beginning(const std::string& line) {
    static const std::string start = R"({"type":"header",)";
    return line.compare(0, start.size(), start, 0, std::min(line.size(), start.size())) == 0 ||
           line.find_first_not_of('\0') == std::string::npos;
}

/// How many lines there are from here on, so that what is held is allocated once: a vector that
/// grows has up to three times as much meanwhile.
std::size_t count_lines(std::istream& in) {
    const auto start = in.tellg();
    std::size_t lines = 0;
    std::vector<char> piece(1U << 16U);
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        lines +=
            static_cast<std::size_t>(std::count(piece.data(), piece.data() + in.gcount(), '\n'));
    }
    in.clear();
    in.seekg(start);
    return lines;
}

/// Nullopt when the first line is not whole.
std::optional<Journal> read_lines(std::istream& in, const std::string& name,
                                  const Holds& holds = {}) {
    Reader reader(holds, count_lines(in));
    bool torn = false;
    std::size_t number = 0;
    std::uint64_t whole = 0;
    std::string line;
    while (std::getline(in, line)) {
        ++number;
        // A line is written with its end in one go: without the end it was cut, even if what is
        // left of it happens to be JSON.
        torn = in.eof() || was_never_written(line);
        if (torn) break;
        try {
            reader.take(Json::parse(line));
        } catch (const Malformed& malformed) {
            refuse(name, number, malformed.what());
        } catch (const Json::exception& exception) {
            refuse(name, number, std::string("not JSON: ") + exception.what());
        }
        whole += line.size() + 1;
    }
    if (in.bad()) throw Error(ErrorKind::user, "cannot read " + name);
    if (whole == 0) {
        if (!is_beginning(line)) refuse(name, 1, "its first line is no header");
        return std::nullopt;
    }
    Journal journal = std::move(reader).finish();
    journal.torn = torn;
    journal.whole_bytes = whole;
    if (torn) journal.closing.reset();
    return journal;
}

Journal or_refuse(std::optional<Journal> journal, const std::string& name) {
    if (!journal) refuse(name, 1, "no header: the run was cut off before it began");
    return std::move(*journal);
}

fs::path journal_in(const fs::path& folder) {
    return folder / "journal.jsonl";
}

}  // namespace

const TrialRecord* Journal::trial(std::uint64_t number) const {
    const auto at = std::lower_bound(
        trials.begin(), trials.end(), number,
        [](const TrialRecord& trial, std::uint64_t n) { return trial.number < n; });
    return at == trials.end() || at->number != number ? nullptr : &*at;
}

Journal read_text(const std::string& text, const std::string& name) {
    std::istringstream in(text);
    return or_refuse(read_lines(in, name), name);
}

Journal read(const fs::path& folder) {
    return read(folder, {});
}

Journal read(const fs::path& folder, const Holds& holds) {
    const auto file = journal_in(folder);
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw Error(ErrorKind::user, "cannot read " + file.string() + ": " + std::strerror(errno));
    return or_refuse(read_lines(in, file.string(), holds), file.string());
}

std::optional<Journal> read_if_begun(const fs::path& folder) {
    const auto file = journal_in(folder);
    std::error_code unreadable;
    if (!fs::exists(file, unreadable) && !unreadable) return std::nullopt;
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw Error(ErrorKind::user, "cannot read " + file.string() + ": " + std::strerror(errno));
    return read_lines(in, file.string());
}

}  // namespace faultline::journal
