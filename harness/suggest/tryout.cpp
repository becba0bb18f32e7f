#include "suggest/tryout.h"

#include <fmt/format.h>

#include "core/draws.h"
#include "core/error.h"
#include "plugin/damage.h"
#include "run/own_folder.h"

namespace faultline::suggest {
namespace {

/// Above this many rows a replicate is as good as the next: chance hits some in each of them.
constexpr std::int64_t large = 100000;

}  // namespace

Tryout::Tryout(const run::Experiment& experiment, const run::BaseRun& base,
               engine::Connection& connection, const plugin::Registry& registry,
               const Subject& subject, std::uint64_t seed, std::uint64_t replicates,
               const StopFlag* stop)
    : connection_(connection),
      dialect_(base.engine().dialect()),
      registry_(registry),
      seed_(seed),
      replicates_(replicates),
      stop_(stop),
      subject_(subject) {
    const auto node = subject.node;
    const auto& address = base.plan().result(node);
    auto table = dialect_.store(address);
    if (subject.is_step) {
        // With no metric to answer, no step is needed, and its rows are in no table yet.
        step_ = table = dialect_.store(fmt::format("{}/rows/{}", address, node));
        connection.execute(dialect_.create_table_as(table, subject.select));
    }
    site_ = plugin::make_keyed_site(connection, dialect_,
                                    run::site_of(experiment, node, table, base.columns(node)),
                                    dialect_.store(fmt::format("{}/keyed/{}", address, node)));
}

Tryout::~Tryout() {
    try {
        connection_.execute(dialect_.drop_table(site_.table));
        if (!step_.empty()) connection_.execute(dialect_.drop_table(step_));
    } catch (const Error&) {  // NOLINT: the store is put away with the engine soon after
    }
}

bool Tryout::works(const Proposal& proposal) {
    const auto* plugin = registry_.find(proposal.plugin);
    if (plugin == nullptr) return false;
    try {
        const plugin::Fault fault(proposal.id, *plugin, proposal.params, "", "");
        std::vector<Problem> problems;
        if (plugin->about().has_file)
            plugin::check_fits_files(fault, subject_.name, *subject_.files, subject_.encoding,
                                     problems);
        else
            plugin::check_fits(fault, site_.site, problems);
        if (!problems.empty()) return false;
        // What only waits or fails has nothing to be tried on: it acts whatever the rows are.
        const auto& about = plugin->about();
        if (!about.has_file && !about.has_rewrite && !about.has_transform) return true;
        const auto replicates = fault.draws() && site_.rows < large ? replicates_ : 1;
        for (std::uint64_t replicate = 0; replicate < replicates; ++replicate)
            if (!(about.has_file ? damages(fault, replicate) : applies(fault, replicate)))
                return false;
        return true;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::cancelled || error.kind() == ErrorKind::internal) throw;
        return false;
    }
}

bool Tryout::applies(const plugin::Fault& fault, std::uint64_t replicate) {
    unsigned scratch = 0;
    const auto stream = stream_of(seed_, fault.id().c_str(), replicate);
    const auto done = plugin::perturb(
        connection_, dialect_, site_, {{&fault, 1, stream}}, measures_,
        [&] { return dialect_.store(fmt::format("/tryout/{}", scratch++)); }, stop_);
    bool sound = true;
    try {
        // Its rows are made as well: some SQL binds, counts, and then fails on a value.
        (void)connection_.query(fmt::format("SELECT count(*) FROM ({}) AS perturbed", done.select));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        sound = false;
    }
    for (const auto& table : done.made) connection_.execute(dialect_.drop_table(table));
    const auto& key = done.answer_keys.at(0);
    return sound && (key.changed_anything() || !key.expected_any);
}

bool Tryout::damages(const plugin::Fault& fault, std::uint64_t replicate) {
    const run::OwnFolder folder;
    const auto stream = stream_of(seed_, fault.id().c_str(), replicate);
    const auto done = plugin::damage({connection_,
                                      dialect_,
                                      subject_.name,
                                      subject_.format,
                                      *subject_.files,
                                      folder.path(),
                                      stop_,
                                      {}},
                                     {{&fault, 1, stream}});
    return done.answer_keys.at(0).changed_anything();
}

}  // namespace faultline::suggest
