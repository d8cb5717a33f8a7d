/* Polygons that are meant to tile: overlaps and gaps as findings. */
#include "analysis/quality/check_run.h"
#include "analysis/quality/cover_survey.h"

static eb_status report_face(eb_check_run *run, eb_cover_face *face, eb_error *err)
{
    const char *layer = run->schema->name;
    eb_finding *found = face->hits == 0 ? eb_findings_add(run->findings, EB_FIND_GAP, layer, EB_NO_FID, face->x, face->y,
                                                          "no feature covers %.2f m2", face->area_m2)
                                        : eb_findings_add(run->findings, EB_FIND_OVERLAP, layer, face->fids[0], face->x, face->y,
                                                          "%zu features cover %.2f m2", face->hits, face->area_m2);
    if (!found) return eb_error_memory(err);
    found->other_fid = face->fids[1];
    found->area_m2 = face->area_m2;
    found->shape = face->shape;
    found->shape_size = face->size;
    face->shape = NULL;
    return EB_OK;
}

eb_status eb_check_coverage(eb_check_run *run, eb_edge_book *book, const int64_t *invalid, size_t invalid_count, eb_error *err)
{
    eb_cover_survey survey = {0};
    eb_status status = eb_cover_survey_run(run->source, book, invalid, invalid_count, run->env, &survey, err);
    for (size_t f = 0; !status && f < survey.face_count; f++)
        if (survey.faces[f].hits != 1) status = report_face(run, &survey.faces[f], err);
    eb_cover_survey_clear(&survey);
    return status;
}
