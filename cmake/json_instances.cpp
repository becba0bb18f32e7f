#define FAULTLINE_JSON_INSTANCE template
#include "json_instances.h"
