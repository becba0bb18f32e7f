#include "model/read_columns.h"

#include <fmt/format.h>

#include "model/rules.h"
#include "model/utf8.h"

namespace faultline::model {
namespace {

bool read_entry(const Place& place, bool type_required, ColumnSpec& column) {
    ObjectReader object(place);
    bool good = object.required("name", column.name, column_name);
    if (type_required || object.has("type"))
        good = object.required("type", column.type, filled_text) && good;
    object.allow("type");
    object.close();
    return good;
}

}  // namespace

bool Columns::operator()(const Place& place, std::vector<ColumnSpec>& target) const {
    const Json& value = place.value();
    if (!value.is_object() && !value.is_array())
        return place.refuse("columns as {\"name\": \"TYPE\"} or [{\"name\": …, \"type\": …}]");
    if (value.empty()) return place.refuse("at least one column");
    NameIndex names(NameCase::fold);
    bool good = true;
    const auto keep = [&](const Place& where, ColumnSpec column) {
        if (const auto first = names.add(column.name)) {
            good = where.report(fmt::format("the column \"{}\" after \"{}\"",
                                            printable(column.name), printable(*first)),
                                "names that differ by more than case");
        } else {
            target.push_back(std::move(column));
        }
    };
    if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            ColumnSpec column;
            if (read_entry(place.element(i), type_required, column)) {
                keep(place.element(i), column);
            } else {
                good = false;
            }
        }
        return good;
    }
    place.each_member([&](const std::string& name, const Place& member) {
        ColumnSpec column{name, ""};
        if (name.empty()) {
            good = member.report("a column without a name", "the name of a column");
        } else if (filled_text(member, column.type)) {
            keep(member, column);
        } else {
            good = false;
        }
    });
    return good;
}

}  // namespace faultline::model
