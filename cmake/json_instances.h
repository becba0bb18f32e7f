#pragma once

// What nlohmann's templates become for the two kinds of JSON value in use, compiled once for the
// whole tree (json_instances.cpp, the library faultline_json) and not again in every file that
// touches one: a third of all machine code that a build wrote was this. Seen through the
// precompiled headers; a file that does not see it compiles its own copies, as the SDK's users do.

#include <nlohmann/json.hpp>
#include <string>

#ifndef FAULTLINE_JSON_INSTANCE
#define FAULTLINE_JSON_INSTANCE extern template
#endif

namespace nlohmann {

// Parsed from a string, and from characters that end with a null.
#define FAULTLINE_JSON_PARSER(Json, Input)                                        \
    FAULTLINE_JSON_INSTANCE class detail::lexer<Json, Input>;                     \
    FAULTLINE_JSON_INSTANCE class detail::parser<Json, Input>;                    \
    FAULTLINE_JSON_INSTANCE bool detail::parser<Json, Input>::sax_parse_internal( \
        detail::json_sax_dom_parser<Json>*);                                      \
    FAULTLINE_JSON_INSTANCE bool detail::parser<Json, Input>::sax_parse_internal( \
        detail::json_sax_dom_callback_parser<Json>*)

#define FAULTLINE_JSON_VALUE(Json)                                                            \
    FAULTLINE_JSON_INSTANCE class detail::json_sax_dom_parser<Json>;                          \
    FAULTLINE_JSON_INSTANCE class detail::json_sax_dom_callback_parser<Json>;                 \
    FAULTLINE_JSON_PARSER(Json, detail::iterator_input_adapter<const char*>);                 \
    FAULTLINE_JSON_PARSER(Json, detail::iterator_input_adapter<std::string::const_iterator>); \
    FAULTLINE_JSON_INSTANCE class detail::serializer<Json>

FAULTLINE_JSON_INSTANCE class basic_json<>;
FAULTLINE_JSON_VALUE(json);
FAULTLINE_JSON_INSTANCE class basic_json<ordered_map>;
FAULTLINE_JSON_VALUE(ordered_json);

#undef FAULTLINE_JSON_VALUE
#undef FAULTLINE_JSON_PARSER

}  // namespace nlohmann
