#include "report/display_text.h"
#include "report/markdown/inline_text.h"
#include "report/markdown/sections.h"
#include "report/numbers.h"
#include "report/outcomes.h"
#include "report/phrases.h"
#include "report/priorities.h"

namespace faultline::report::markdown {
namespace {

constexpr std::size_t longest_said = 900;

std::string sign_of(const std::string& verdict) {
    return verdict == "held" ? "✅ held" : verdict == "deviated" ? "❌ deviated" : "❔ unknown";
}

std::string in_brief(const std::string& text) {
    return plain(cut(shown(text), longest_said));
}

/// Further lines of an item of a list stand under its text.
std::string indented(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c != '\n' && (out.empty() || out.back() == '\n')) out += "   ";
        out += c;
    }
    return out;
}

std::string entry(const Priority& priority, std::size_t number) {
    std::string text = std::to_string(number) + ". **" + in_brief(priority.headline) + "** (" +
                       code(priority.node) +
                       (priority.owner.empty() ? "" : ", " + in_brief(priority.owner)) + ")\n";
    text += "   - " + in_brief(priority.what) + "\n";
    text += "   - *How far?* " + in_brief(priority.how_far) + "\n";
    text += "   - *Would anybody notice?* " + in_brief(priority.noticed) + "\n";
    text += "   - *What to do:* " + in_brief(priority.advice);
    if (priority.trial) text += " See it: `" + replay_command(*priority.trial) + "`.";
    text += "\n";
    if (priority.guard.is_null()) return text;
    const std::string check = pasteable(priority.guard);
    if (check.size() < 2'000)
        text += "\n   <details><summary>the check</summary>\n" + indented(block(check, "json")) +
                "\n   </details>\n\n";
    return text;
}

}  // namespace

std::string verdict_part(const findings::Result& result) {
    const std::string title = result.title.empty() ? result.scenario : result.title;
    std::string text =
        "### faultline: " + sign_of(result.verdict) + " · " + in_brief(title) + "\n\n";
    if (result.status != "completed")
        text += "> The run was " + plain(result.status) +
                " before its end: this is what was seen until then.\n\n";
    text += plain(verdict_sentence(result)) + "\n\n";
    std::string facts = outcomes_text(result.trials);
    const auto& score = result.check_scores.pipeline.score;
    if (score) facts += " · checks notice " + percent(*score) + " of the harmful faults";
    if (result.structure.resilience.score)
        facts += " · resilience " + number(*result.structure.resilience.score * 100) + " of 100";
    return text + "**" + count(total_of(result.trials), "trial") + "**: " + facts + "\n";
}

std::string priorities_part(const findings::Result& result) {
    const auto all = priorities(result);
    if (all.empty()) return {};
    std::string text = "\n#### Fix first\n\n";
    for (std::size_t i = 0; i < all.size(); ++i) text += entry(all[i], i + 1);
    return text;
}

std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t most) {
    if (rows.size() < 2) return {};
    std::string text;
    for (std::size_t r = 0; r < rows.size() && r <= most; ++r) {
        text += "|";
        for (const auto& cell : rows[r]) text += " " + cell + " |";
        text += "\n";
        if (r > 0) continue;
        text += "|";
        for (std::size_t i = 0; i < rows[r].size(); ++i) text += " --- |";
        text += "\n";
    }
    if (rows.size() > most + 1)
        text += "\nand " + count(rows.size() - 1 - most) + " more in `report.html`\n";
    return text;
}

}  // namespace faultline::report::markdown
