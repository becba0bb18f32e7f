#include "report/html/sections.h"
#include "report/numbers.h"

namespace faultline::report::html {

Markup section(const char* id, const char* title, const Markup& lead, const Markup& content) {
    if (content.empty()) return {};
    return tag("section", {{"id", id}, {"aria-labelledby", std::string(id) + "-title"}},
               tag("h2", {{"id", std::string(id) + "-title"}}, title) +
                   (lead.empty() ? lead : tag("p", {{"class", "lead"}}, lead)) + content);
}

Markup damage_cell(const std::optional<double>& damage, bool unbounded) {
    if (unbounded) return "∞";
    return damage ? number(*damage) : "–";
}

int level_of(const std::optional<double>& damage, bool unbounded) {
    if (unbounded) return 6;
    if (!damage) return 0;
    constexpr double steps[] = {0.1, 0.5, 1, 2, 5, 10};
    int level = 0;
    for (const double step : steps) level += *damage > step ? 1 : 0;
    return level;
}

}  // namespace faultline::report::html
