#include "suggest/suggest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.h"
#include "run/base_run.h"
#include "suggest/commented_json.h"
#include "suggest/measured.h"
#include "suggest/proposals.h"
#include "suggest/reach.h"
#include "suggest/tryout.h"
#include "suggest/wording.h"

namespace faultline::suggest {
namespace {

namespace fs = std::filesystem;

/// A first look must not take an afternoon: this many faults, this often each.
constexpr std::size_t most_perturbations = 80;
constexpr std::size_t most_of_a_source = 12;
constexpr std::uint64_t at_each_dose = 8;

/// What is suggested for one source, and what was left out and why.
struct Chosen {
    std::vector<Proposal> proposals;
    std::size_t left = 0;  ///< fit as well
    std::string trouble;   ///< why nothing could be tried, or empty
};

/// Whether a fault changes values alone, and only those that no metric and no check depends on.
bool goes_unseen(const Proposal& proposal, const Subject& subject,
                 const plugin::Registry& registry) {
    const auto* plugin = registry.find(proposal.plugin);
    const auto columns = proposal.params.find("columns");
    if (plugin == nullptr || columns == proposal.params.end() || !columns->is_array()) return false;
    const auto& about = plugin->about();
    return about.keeps_rows && about.keeps_order && about.keeps_schema &&
           std::all_of(columns->begin(), columns->end(), [&](const Json& column) {
               return subject.unseen.contains(column.get<std::string>());
           });
}

std::vector<Proposal> proposals_for(const Subject& subject, const plugin::Registry& registry,
                                    const engine::Dialect& dialect, std::set<std::string>& ids) {
    Proposals proposals(subject, registry, dialect, ids);
    if (subject.is_step) suggest_process(proposals);
    for (const auto recipe :
         {suggest_batches, suggest_keys, suggest_values, suggest_categories, suggest_missing,
          suggest_distribution, suggest_schema, suggest_benign, suggest_files, suggest_others})
        if (!subject.is_step) recipe(proposals);
    auto all = proposals.all();
    std::erase_if(
        all, [&](const Proposal& proposal) { return goes_unseen(proposal, subject, registry); });
    std::stable_sort(all.begin(), all.end(),
                     [](const Proposal& a, const Proposal& b) { return a.rank < b.rank; });
    return all;
}

/// Takes the ranks in turn over all sources, so that none crowds out another.
class Choice {
  public:
    Choice(const run::Experiment& experiment, const run::BaseRun& base,
           engine::Connection& connection, const plugin::Registry& registry, const Options& options)
        : experiment_(experiment),
          base_(base),
          connection_(connection),
          registry_(registry),
          options_(options) {}

    std::vector<Chosen> of(const std::vector<Subject>& subjects) {
        std::set<std::string> ids;
        std::vector<Chosen> chosen(subjects.size());
        for (std::size_t i = 0; i < subjects.size(); ++i) chosen[i] = tried(subjects[i], ids);
        trim(chosen);
        return chosen;
    }

  private:
    Chosen tried(const Subject& subject, std::set<std::string>& ids) {
        Chosen out;
        try {
            Tryout tryout(experiment_, base_, connection_, registry_, subject, options_.seed,
                          at_each_dose, options_.stop);
            for (auto& proposal :
                 proposals_for(subject, registry_, base_.engine().dialect(), ids)) {
                if (out.proposals.size() == most_of_a_source)
                    ++out.left;
                else if (tryout.works(proposal))
                    out.proposals.push_back(std::move(proposal));
            }
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::user && error.kind() != ErrorKind::data) throw;
            out.trouble = error.what();
        }
        return out;
    }
    static void trim(std::vector<Chosen>& chosen) {
        std::vector<int> ranks;
        for (const auto& source : chosen)
            for (const auto& proposal : source.proposals) ranks.push_back(proposal.rank);
        if (ranks.size() <= most_perturbations) return;
        std::sort(ranks.begin(), ranks.end());
        const int last = ranks[most_perturbations];
        std::size_t kept = static_cast<std::size_t>(
            std::lower_bound(ranks.begin(), ranks.end(), last) - ranks.begin());
        for (auto& source : chosen) {
            std::vector<Proposal> few;
            for (auto& proposal : source.proposals) {
                const bool room = proposal.rank == last && kept < most_perturbations;
                if (proposal.rank < last || room || few.empty()) {
                    if (proposal.rank >= last) ++kept;
                    few.push_back(std::move(proposal));
                } else {
                    ++source.left;
                }
            }
            source.proposals = std::move(few);
        }
    }

    const run::Experiment& experiment_;
    const run::BaseRun& base_;
    engine::Connection& connection_;
    const plugin::Registry& registry_;
    const Options& options_;
};

/// The line above a node's faults.
std::string heading(const Subject& subject) {
    if (subject.is_step)
        return fmt::format("==== {}, a step: {}", named(subject.name),
                           counted(subject.profile.rows, "row"));
    auto text = fmt::format(
        "==== {}: {}, {}", named(subject.name), counted(subject.profile.rows, "row"),
        counted(
            static_cast<std::int64_t>(subject.profile.columns.size() + subject.profile.left_out),
            "column"));
    if (!subject.key.empty())
        text += fmt::format(", key {}{}", named(fmt::format("{}", fmt::join(subject.key, ", "))),
                            subject.key_declared ? "" : " (not declared: it looks like one)");
    if (subject.batches)
        text += fmt::format(", {} by {}", counted(subject.batches->count, "batch"),
                            named(subject.batches->column));
    return text;
}

/// Names, and how many more there are of them.
std::string first_of(const std::set<std::string>& names) {
    constexpr std::size_t most = 8;
    std::string text;
    std::size_t told = 0;
    for (const auto& name : names) {
        if (told == most) break;
        text += (told++ == 0 ? "" : ", ") + named(name);
    }
    if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
    return text;
}

void write_source(CommentedJson& out, const Subject& subject, const Chosen& chosen) {
    out.blank();
    out.comment(heading(subject));
    if (subject.profile.left_out > 0)
        out.comment(
            fmt::format("{} columns were looked at: those that the pipeline mentions first; "
                        "the other {} were not",
                        most_columns, subject.profile.left_out));
    if (!subject.unseen.empty())
        out.comment("no metric and no check below depends on " + first_of(subject.unseen) +
                    ": of faults of their values none is suggested");
    if (!subject.batch_candidate.empty())
        out.comment(
            fmt::format("no batch column is declared; \"batch\": \"{}\" in the pipeline "
                        "would allow faults of days that do not come",
                        named(subject.batch_candidate)));
    if (!chosen.trouble.empty()) out.comment("nothing could be tried here: " + chosen.trouble);
    for (const auto& proposal : chosen.proposals) {
        out.comment(proposal.why);
        out.element({{"id", proposal.id},
                     {"node", proposal.node},
                     {"plugin", proposal.plugin},
                     {"params", proposal.params}});
    }
    if (chosen.left > 0)
        out.comment(fmt::format("left out here to keep this short: {}",
                                counted(static_cast<std::int64_t>(chosen.left), "further fault")));
}

void write_items(CommentedJson& out, const char* key, const std::vector<Item>& items) {
    out.open_array(key);
    for (const auto& item : items) {
        if (!item.why.empty()) out.comment(item.why);
        out.element(item.body);
    }
    out.close_array();
}

/// How the document names the pipeline. Both paths are taken as written: a link stays a link, as it
/// will when the scenario is read.
std::string path_from(const fs::path& folder, const fs::path& pipeline) {
    const auto to = fs::absolute(pipeline).lexically_normal();
    const auto relative = to.lexically_relative(fs::absolute(folder / ".").lexically_normal());
    return relative.empty() ? to.generic_string() : relative.generic_string();
}

}  // namespace

std::string starter_scenario(const fs::path& pipeline, const plugin::Registry& registry,
                             const Options& options) {
    const run::Experiment experiment{{}, run::load_workflow(pipeline), {}, {}, {}, {}, {}, {}, {}};
    // One thread: sums of doubles, and so the doses, are the same every time.
    run::BaseOptions base_options;
    base_options.stop = options.stop;
    base_options.survey_files = true;
    run::BaseRun base(experiment, base_options);
    base.run();
    const auto connection = base.engine().connect();
    connection->stop_when({std::nullopt, options.stop});

    auto subjects = subjects_of(experiment, base, *connection);
    const auto checks = checks_of(subjects);
    const auto metrics = metrics_of(experiment, base, *connection);
    auto unseen = unseen_columns(experiment, base, registry, subjects, metrics, checks);
    for (auto& subject : subjects) subject.unseen = std::move(unseen[subject.node]);
    for (auto& step : steps_of(experiment, base, *connection)) subjects.push_back(std::move(step));
    const auto chosen = Choice(experiment, base, *connection, registry, options).of(subjects);
    if (std::all_of(chosen.begin(), chosen.end(),
                    [](const Chosen& source) { return source.proposals.empty(); }))
        throw Error(
            ErrorKind::user,
            fmt::format("{}: there is nothing to suggest: no plugin that was found fits any "
                        "of its nodes (`faultline plugins` lists them)",
                        pipeline.string()));

    const auto& name = experiment.workflow.pipeline.name;
    CommentedJson out(
        fmt::format("A starter scenario for {}, by `faultline suggest`: faults that fit its "
                    "sources and steps, at doses\n"
                    "taken from the data as it is today. Each was tried on that data. Every number "
                    "here is a guess to\n"
                    "be improved by somebody who knows the pipeline: tolerances first, then the "
                    "faults that can happen.",
                    named(name)));
    out.member("faultline", "scenario/1");
    out.member("title", fmt::format("What can hurt {} without anyone noticing?", name));
    out.member("pipeline", path_from(options.folder, pipeline));
    out.comment("the same seed gives the same rows, trial by trial");
    out.member("seed", options.seed);
    out.blank();
    out.open_array("perturbations");
    for (std::size_t i = 0; i < subjects.size(); ++i) write_source(out, subjects[i], chosen[i]);
    out.close_array();
    out.blank();
    out.comment(
        "What must not move, and how far it may. 2 % in all, 5 % in a part, which moves more "
        "by chance.");
    write_items(out, "metrics", metrics);
    out.blank();
    out.comment("What ought to notice. These hold today; put the checks that you have here.");
    write_items(out, "checks", checks);
    out.blank();
    out.comment("each fault alone; faults that draw rows at random as often as this");
    out.member("design", {{"method", "one_at_a_time"}, {"replicates", at_each_dose}});
    return out.finish();
}

}  // namespace faultline::suggest
