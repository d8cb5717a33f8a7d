/* What is wrong with a plan: all of it, in the order in which it stands there. */
#include "plan/model.h"

#include "base/array.h"

#include <stdlib.h>

bool eb_plan_go_on(const eb_plan *plan, eb_status now, eb_status *all, eb_error *err)
{
    eb_problems *list = plan->problems;

    if (now == EB_OK) {
        *err = (eb_error){0};
        return true;
    }
    *all = now;
    if (now != EB_USAGE && now != EB_INPUT && now != EB_REFUSED) return false;
    if (err->code == EB_OK) return true; /* kept already, by what is inside */
    if (!eb_array_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items)) {
        *all = eb_error_memory(err);
        return false;
    }
    list->items[list->count++] = *err;
    *err = (eb_error){0};
    return true;
}

static int by_place(const void *a, const void *b)
{
    const eb_error *p = a, *q = b;

    return p->line != q->line ? (p->line > q->line) - (p->line < q->line) : (p->column > q->column) - (p->column < q->column);
}

eb_status eb_plan_tell_problems(const eb_plan *plan, const eb_plan_options *options, eb_error *err)
{
    eb_problems *list = plan->problems;

    qsort(list->items, list->count, sizeof *list->items, by_place);
    const bool tell = options && options->tell;
    for (size_t i = 0; tell && i + 1 < list->count; i++) options->tell(options->user, &list->items[i]);
    *err = list->items[tell ? list->count - 1 : 0];
    err->code = list->items[0].code;
    return err->code;
}
