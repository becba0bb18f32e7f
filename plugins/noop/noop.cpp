// The smallest complete plugin: copy this folder, rename it, and change what it does.
//
// It does nothing, in both ways that a plugin can do something: as SQL (rewrite) and on the rows
// themselves (transform). A plugin needs one of the two; prefer rewrite, which streams, runs on any
// engine and can be shown to the user. docs/writing-a-plugin.md explains every line below.

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

class Noop {
  public:
    // What the plugin says of itself. The host checks it when it loads the plugin, and checks what
    // the user writes against "params" before the class below is ever made.
    static constexpr const char* describe = R"json({
      "name": "noop",
      "version": "1.0.0",
      "summary": "Changes nothing: a template for plugins, and a fault that no pipeline may notice",
      "keywords": ["nothing", "control", "placebo", "baseline"],
      "group": "benign twins",
      "dose": "continuous",
      "unit": "cell",
      "scales": "magnitude",
      "doses_rows": true,
      "at_severity_1": "nothing is changed",
      "accepts": ["any"],
      "keeps": ["schema", "rows", "order"],
      "benign": true,
      "params": {"type": "object", "properties": {}},
      "examples": [{}, {"columns": ["price"], "fraction": 0.5}]
    })json";

    // `params` holds the plugin's own parameters, checked, with defaults filled in. Throw
    // ParamError for what a JSON Schema cannot say, such as two parameters that exclude each other.
    explicit Noop(const nlohmann::json& /*params*/) {}

    // Answers with the SQL of the perturbed relation. Projection starts as "every column as it is";
    // here one would call replace(column, expression), keep(predicate), rename, drop, add and so
    // on. call.selected() says which rows are hit, call.severity() how hard, call.uniform(i) and
    // call.normal(i) are random numbers that stay the same for the same row and seed.
    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        auto out = Projection(relation, call).build();
        out.identity = true;  // nothing changes, and that is no mistake
        return out;
    }

    // Reads rows and writes rows. Columns that are not replaced, hidden ones among them, pass
    // through. A transform counts what it did itself, here by saying that there was nothing to do.
    void transform(const Relation& /*relation*/, const Call& call, ArrowReader& in,
                   ArrowWriter& out) const {
        while (auto batch = in.next()) {
            if (call.cancelled()) throw Cancelled();
            out.write(std::move(*batch));
        }
        call.count("identity", 1);
    }
};

}  // namespace

FAULTLINE_PLUGIN(Noop)
