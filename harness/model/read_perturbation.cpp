#include "model/read_perturbation.h"

#include "model/rules.h"

namespace faultline::model {
namespace {

constexpr double default_relative_tolerance = 0.01;

const OneOf<Measure> measure_name{{{"seconds", Measure::seconds}}};

bool read_severity(const Place& place, SeverityMap& severity) {
    ObjectReader object(place);
    if (!object.is_object()) return false;
    object.required("param", severity.param, filled_text);
    object.required("from", severity.from, Number{});
    object.required("to", severity.to, Number{});
    object.close();
    return true;
}

bool read_tolerance(const Place& place, Tolerance& tolerance) {
    ObjectReader object(place);
    if (!object.is_object()) return false;
    if (place.value().empty())
        return place.refuse("at least one of \"absolute\", \"relative\", \"noise\"");
    const Number not_negative{.least = 0};
    object.optional("absolute", tolerance.absolute, not_negative);
    object.optional("relative", tolerance.relative, not_negative);
    object.optional("noise", tolerance.noise, not_negative);
    object.close();
    return true;
}

}  // namespace

bool read_perturbation(const Place& place, Perturbation& perturbation) {
    perturbation.pointer = place.pointer();
    ObjectReader object(place);
    if (!object.is_object()) return false;
    object.required("id", perturbation.id, identifier);
    object.required("node", perturbation.node, identifier);
    object.optional("consumer", perturbation.consumer, identifier);
    object.required("plugin", perturbation.plugin, identifier);
    object.optional("params", perturbation.params, any_object);
    object.optional("severity", perturbation.severity, read_severity);
    object.close();
    return true;
}

bool read_metric(const Place& place, Metric& metric) {
    metric.pointer = place.pointer();
    ObjectReader object(place);
    if (!object.is_object()) return false;
    object.required("id", metric.id, identifier);
    object.required("output", metric.output, identifier);
    object.exactly_one_of({"sql", "measure"});
    object.optional("sql", metric.sql, filled_text);
    object.optional("measure", metric.measure, measure_name);
    if (object.has("measure") && !object.has("sql")) {
        object.only("by", "beside \"sql\": a run has no segments");
        // Time moves by itself, by more than a share that suits sums and counts.
        if (!object.has("tolerance"))
            object.place().report("no \"tolerance\" for what is measured",
                                  "\"tolerance\" beside \"measure\"");
    }
    object.optional("by", metric.by, one_or_many(column_name, NameCase::fold, 0));
    metric.tolerance.relative = default_relative_tolerance;
    if (object.has("tolerance")) metric.tolerance.relative.reset();
    object.optional("tolerance", metric.tolerance, read_tolerance);
    object.close();
    return true;
}

}  // namespace faultline::model
