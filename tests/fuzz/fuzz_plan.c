/* The reader of plans: syntax, keys, values; its layers are not there, so it stops at them. */
#include <unistd.h>

#include <ecobelt/plan.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size, ".yaml");
    eb_plan *plan = NULL;
    eb_error err;
    if (eb_plan_read(path, NULL, NULL, &plan, &err) == EB_OK) eb_plan_free(plan);
    unlink(path);
    return 0;
}
