#include "layer/source.h"

#include <stdlib.h>

struct eb_sink {
    const eb_sink_ops *ops;
    void *self;
    eb_status failed;  /* a sink that has failed once never commits */
    const eb_env *env; /* asked before a commit; NULL: nobody cancels */
};

eb_status eb_sink_make(const eb_sink_ops *ops, void *self, eb_sink **out, eb_error *err)
{
    eb_sink *sink = calloc(1, sizeof *sink);
    if (!sink) {
        ops->free(self);
        return eb_error_memory(err);
    }
    sink->ops = ops;
    sink->self = self;
    *out = sink;
    return EB_OK;
}

eb_status eb_sink_write(eb_sink *sink, const eb_batch *batch, eb_error *err)
{
    if (sink->failed) return eb_error_set(err, EB_INTERNAL, "writing goes on after a failed write");
    eb_status status = sink->ops->write(sink->self, batch, err);
    if (status) sink->failed = status;
    return status;
}

eb_status eb_sink_commit(eb_sink *sink_take, eb_error *err)
{
    eb_status status =
        sink_take->failed ? eb_error_set(err, EB_INTERNAL, "a failed output is to be committed") : eb_env_check(sink_take->env, err);
    /* GDAL makes its spatial index now, and nobody knows how far it is. */
    if (status == EB_OK) eb_env_progress(sink_take->env, "finish the file", 0, 0);
    if (status == EB_OK) status = sink_take->ops->commit(sink_take->self, err);
    if (status == EB_OK) eb_env_progress(sink_take->env, "finish the file", 1, 1);
    eb_sink_abort(sink_take);
    return status;
}

void eb_sink_guard(eb_sink *sink, const eb_env *env)
{
    if (sink) sink->env = env;
}

void eb_sink_abort(eb_sink *sink_take)
{
    if (!sink_take) return;
    sink_take->ops->free(sink_take->self);
    free(sink_take);
}
