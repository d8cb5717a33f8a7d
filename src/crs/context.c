/* PROJ's context. */
#include "crs/context.h"
#include <string.h>
#include "base/text.h"
#include "base/translate.h"

static void keep_message(void *user, int level, const char *message)
{
    eb_proj *proj = user;
    if (level != PJ_LOG_ERROR) return;
    /* "proj_create: crs not found": the name of PROJ's function helps nobody. */
    const char *colon = strncmp(message, "proj_", 5) == 0 ? strstr(message, ": ") : NULL;
    eb_text_copy(proj->said, sizeof proj->said, colon ? colon + 2 : message);
}

eb_status eb_proj_open(eb_proj *proj, eb_error *err)
{
    proj->said[0] = 0;
    proj->context = proj_context_create();
    if (!proj->context) return eb_error_memory(err);
    proj_log_func(proj->context, proj, keep_message);
    proj_log_level(proj->context, PJ_LOG_ERROR);
    proj_context_set_enable_network(proj->context, 0);
    return EB_OK;
}

void eb_proj_close(eb_proj *proj)
{
    if (proj->context) proj_context_destroy(proj->context);
    proj->context = NULL;
}

const char *eb_proj_said(const eb_proj *proj)
{
    if (strcmp(proj->said, "crs not found") == 0) return _("no CRS has this code");
    return proj->said[0] ? proj->said : _("no reason given");
}
