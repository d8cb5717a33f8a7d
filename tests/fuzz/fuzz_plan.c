/* The reader of plans: syntax, keys, values, references. The layer "zones.geojson" that the plans of tests/broken name is there. */
#include <ecobelt/plan.h>

#include "fuzz.h"

static const char zones[] = "{\"type\":\"FeatureCollection\",\"features\":["
                            "{\"type\":\"Feature\",\"properties\":{\"zone\":\"core\",\"grade\":1},\"geometry\":{\"type\":\"Polygon\","
                            "\"coordinates\":[[[118.2,29.2],[118.25,29.2],[118.25,29.25],[118.2,29.25],[118.2,29.2]]]}}]}";

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_companion("zones.geojson", zones);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size, ".yaml");
    eb_plan *plan = NULL;
    eb_error err;
    if (eb_plan_read(path, NULL, NULL, &plan, &err) == EB_OK) eb_plan_free(plan);
    return 0;
}
