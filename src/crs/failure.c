/* A walk over coordinates that failed, as an error. */
#include "crs/failure.h"
#include <math.h>
#include <string.h>
#include "base/text.h"
#include "base/translate.h"

static void no_image(const eb_block_result *result, const eb_crs *from, const char *to, bool outside, eb_error *err)
{
    char x[40], y[40], words[300];
    const char *name = from ? eb_crs_info_get(from)->name : _("the analysis plane");
    const double box[4] = {result->x, result->y, result->x, result->y};
    eb_text_from_real(x, sizeof x, result->x);
    eb_text_from_real(y, sizeof y, result->y);
    if (outside) {
        eb_error_set(err, EB_REFUSED, "the coordinate %s, %s of %s lies outside the area that the datum shift to %s is made for", x, y,
                     name, eb_translate(to));
        eb_error_hint(err, "give the parameters of your region with --helmert dx,dy,dz[,rx,ry,rz,scale]");
        return;
    }
    eb_error_set(err, EB_REFUSED, "the coordinate %s, %s of %s has no place in %s", x, y, name, eb_translate(to));
    eb_crs_guess(box, words, sizeof words);
    if (from) eb_error_hint(err, "the numbers look like %s", words);
}

eb_status eb_failure(const eb_block_result *result, const eb_crs *from, const char *to, bool outside, eb_error *err)
{
    if (result->broken) return eb_error_set(err, EB_INPUT, "the shape's bytes are broken");
    if (isfinite(result->x) && isfinite(result->y))
        no_image(result, from, to, outside, err);
    else
        eb_error_set(err, EB_REFUSED, "a coordinate is not a finite number");
    eb_error_at(err, result->x, result->y);
    return EB_REFUSED;
}
