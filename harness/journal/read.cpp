#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

#include "core/error.h"
#include "journal/lines.h"

namespace faultline::journal {
namespace {

/// Takes one line after the other; knows what may follow what.
class Reader {
  public:
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

    /// The journal, trials sorted. Throws Malformed when there was no header.
    Journal finish() && {
        if (!has_header_) throw Malformed("no header: the run was cut off before it began");
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
        if (!numbers_.insert(trial.number).second)
            throw Malformed("trial " + std::to_string(trial.number) + " is there twice");
        journal_.trials.push_back(std::move(trial));
    }

    Journal journal_;
    std::set<std::uint64_t> numbers_;
    std::set<std::pair<std::optional<std::uint64_t>, std::optional<std::uint64_t>>> profiled_;
    bool has_header_ = false;
};

[[noreturn]] void refuse(const std::string& name, std::size_t line, const std::string& why) {
    throw Error(ErrorKind::user, name + ":" + std::to_string(line) + ": malformed journal: " + why);
}

}  // namespace

Journal read_text(const std::string& text, const std::string& name) {
    Reader reader;
    bool torn = false;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        ++number;
        const std::size_t end = text.find('\n', at);
        // A line is written with its end in one go: without the end it was cut, even if what is
        // left of it happens to be JSON.
        torn = end == std::string::npos;
        if (torn) break;
        const std::string_view line(text.data() + at, end - at);
        at = end + 1;
        try {
            reader.take(Json::parse(line.begin(), line.end()));
        } catch (const Malformed& malformed) {
            refuse(name, number, malformed.what());
        } catch (const Json::exception& exception) {
            refuse(name, number, std::string("not JSON: ") + exception.what());
        }
    }
    try {
        Journal journal = std::move(reader).finish();
        journal.torn = torn;
        if (torn) journal.closing.reset();
        return journal;
    } catch (const Malformed& malformed) {
        refuse(name, 1, malformed.what());
    }
}

Journal read(const std::filesystem::path& folder) {
    const auto file = folder / "journal.jsonl";
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (!in)
        throw Error(ErrorKind::user, "cannot read " + file.string() + ": " + std::strerror(errno));
    if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
    if (in.bad() || text.fail()) throw Error(ErrorKind::user, "cannot read " + file.string());
    return read_text(std::move(text).str(), file.string());
}

}  // namespace faultline::journal
