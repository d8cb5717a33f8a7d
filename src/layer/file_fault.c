/* What the checks of files say. */
#include "layer/file_check.h"

#include "base/translate.h"

const char eb_copy_again[] = N_("copy the file again");
const char eb_copy_or_part[] =
    N_("copy the file again, or take what can be read: --allow-partial of ecobelt convert, allow_partial: in a plan");

eb_status eb_file_fault(const char *file, const char *what, const char *advice, eb_error *err)
{
    eb_error_set(err, EB_INPUT, "%s", eb_translate(what));
    eb_error_where(err, file, NULL, EB_NO_FID);
    eb_error_hint(err, "%s", eb_translate(advice));
    return EB_INPUT;
}
