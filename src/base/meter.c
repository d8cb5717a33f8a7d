#include "base/meter.h"

void eb_meter_show(const eb_meter *meter)
{
    const size_t done = atomic_load(&meter->done);
    eb_env_progress(meter->env, meter->task, (double)(done < meter->total ? done : meter->total), (double)meter->total);
}

eb_status eb_meter_add(eb_meter *meter, size_t units, eb_error *err)
{
    if (!meter) return EB_OK;
    atomic_fetch_add(&meter->done, units);
    if (meter->alone) eb_meter_show(meter);
    return eb_env_check(meter->env, err);
}
