/* What analyses say of the columns of their results is what a plan checks: all that a run gives must be known before it. */
#include "eb_test.h"

#include "plan/run.h"

static char room[256];

#define SHIPPED(name) name ": {path: " TEST_SOURCE_DIR "/layers/" name ".geojson}\n  "

/* Every analysis, with and without what adds columns to its results; later steps read what earlier ones make. */
static const char all_steps[] =
    "layers:\n"
    "  " SHIPPED("counties") SHIPPED("park") SHIPPED("designations") SHIPPED("rivers") SHIPPED("roads") SHIPPED("heritage_sites")
        SHIPPED("scenic_areas") SHIPPED("facilities")
            SHIPPED("west_new_city_bounds") "\nsteps:\n"
                                            "  - {id: plain, area: {layer: park, by: name}}\n"
                                            "  - {id: planar, area: {layer: park, by: name, method: geodesic, round: 'ha:2'}}\n"
                                            "  - {id: lengths, area: {layer: roads, by: class, inside: counties}}\n"
                                            "  - {id: sheets, area: {sheet: H50G001001}}\n"
                                            "  - {id: belt, corridor: {lines: rivers, by: name, width_m: [1000], tolerance_m: 1}}\n"
                                            "  - {id: rings, corridor: {lines: rivers, by: name, width_m: [500, 1000], tolerance_m: 1, "
                                            "rings: true, dissolve: true, clip: counties,\n"
                                            "      weight: counties, weight_field: population_2020}}\n"
                                            "  - {id: cross, tabulate: {zones: counties, zone: name, features: designations, class: kind, "
                                            "cross: [park], cross_zone: [name]}}\n"
                                            "  - {id: roads_in, tabulate: {zones: counties, zone: name, features: roads, class: class}}\n"
                                            "  - {id: protected, designations: {layers: [park, designations], by: name}}\n"
                                            "  - {id: both, overlay: {first: counties, second: park, op: intersection}}\n"
                                            "  - {id: without, overlay: {first: counties, second: park, op: difference}}\n"
                                            "  - {id: merged, dissolve: {layer: both, by: [name_2, published_km2], sum: [area_m2]}}\n"
                                            "  - {id: joined, dissolve: {layer: roads, by: class}}\n"
                                            "  - {id: city, enclose: {lines: west_new_city_bounds}}\n"
                                            "  - {id: tour, route: {network: roads, stops: heritage_sites, order: best, snap_m: 5000, "
                                            "inside: park, service_km: 20}}\n"
                                            "  - {id: reached, access: {places: scenic_areas, network: roads, at_least: 二级, facilities: "
                                            "facilities, reach_min: 30}}\n"
                                            "  - {id: net, network: {network: roads}}\n";

static bool knows(const eb_plan *plan, const eb_ref *ref, bool table, const char *column)
{
    const eb_node *place = plan->steps[ref->index].node;
    return eb_plan_check_column(plan, place, ref, table, column, NULL) == EB_OK;
}

static bool holds_texts(const eb_plan *plan, const eb_ref *ref, const char *column)
{
    return eb_plan_check_number(plan, plan->steps[ref->index].node, ref, column, NULL) != EB_OK;
}

/** Append "belt.name: WHAT" for a table's columns of which the plan has not the right idea. */
static void look_at_table(const eb_run *run, size_t step, const eb_table *table, eb_string *wrong)
{
    const eb_ref ref = {EB_REF_STEP, step, eb_run_role(run, step, eb_table_name(table))};
    for (size_t c = 0; c < eb_table_column_count(table); c++) {
        const eb_column *column = eb_table_column_at(table, c);
        const bool text = column->type == EB_COLUMN_TEXT;
        if (strcmp(column->name, "status") == 0) continue; /* of what is schematic */
        if (!knows(run->plan, &ref, true, column->name))
            eb_string_addf(wrong, " %s.%s: unknown", eb_table_name(table), column->name);
        else if (holds_texts(run->plan, &ref, column->name) != text)
            eb_string_addf(wrong, " %s.%s: %s", eb_table_name(table), column->name, text ? "text" : "no text");
    }
}

static void look_at_layer(const eb_run *run, const eb_result *result, eb_string *wrong)
{
    const eb_schema *schema = eb_layer_schema(result->layer);
    const eb_ref ref = {EB_REF_STEP, result->step, eb_run_role(run, result->step, result->id)};
    for (size_t f = 0; f < schema->field_count; f++)
        if (!knows(run->plan, &ref, false, schema->fields[f].name))
            eb_string_addf(wrong, " %s.%s: unknown field", result->id, schema->fields[f].name);
}

static void enter_room(eb_plan **plan)
{
    eb_error err = {0};
    eb_test_enter(room, sizeof room);
    FILE *out = fopen("plan.yaml", "wb");
    ck_assert_ptr_nonnull(out);
    fputs(all_steps, out);
    fclose(out);
    EB_ASSERT_OK(eb_plan_read("plan.yaml", NULL, NULL, plan, &err), &err);
}

START_TEST(what_a_run_gives_was_known_before)
{
    eb_plan *plan = NULL;
    eb_run *run = NULL;
    eb_error err = {0};
    eb_string wrong = {0};
    enter_room(&plan);
    const eb_status status = eb_plan_run(plan, EB_LANG_EN, NULL, &run, &err);
    ck_assert_msg(status == EB_OK || status == EB_FINDINGS, "%s", err.message);
    for (size_t i = 0; i < run->table_count; i++) look_at_table(run, run->table_steps[i], run->tables[i], &wrong);
    for (size_t i = 0; i < run->result_count; i++) look_at_layer(run, &run->results[i], &wrong);
    ck_assert_msg(wrong.size == 0, "%s", eb_string_get(&wrong));
    eb_string_clear(&wrong);
    eb_run_free(run);
    eb_plan_free(plan);
    eb_test_leave(room);
}
END_TEST

/* Each of these is there with another parameter, or is a name of something else. */
static const struct {
    const char *id, *column;
    bool table;
} absent[] = {{"plain", "rounded", true},          {"plain", "sheet", true},       {"plain", "reference_km2", true},
              {"plain", "planar_m2", true},        {"belt", "weight", true},       {"belt", "inner_m", true},
              {"belt", "inner_m", false},          {"rings", "name", false},       {"rings", "population_2020", true},
              {"belt", "share_of_clip_pct", true}, {"cross", "name", true},        {"cross", "zone_3", true},
              {"roads_in", "zone_2", true},        {"without", "name_2", false},   {"tour", "inside_km", true},
              {"plain", "rounded_ha", false},      {"planar", "rounded_mu", false}};

START_TEST(what_parameters_leave_out_is_not_there)
{
    eb_plan *plan = NULL;
    enter_room(&plan);
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        const eb_ref ref = eb_plan_find(plan, absent[i].id, absent[i].table, plan->step_count);
        ck_assert_int_eq(ref.kind, EB_REF_STEP);
        ck_assert_msg(!knows(plan, &ref, absent[i].table, absent[i].column), "%s.%s", absent[i].id, absent[i].column);
    }
    eb_plan_free(plan);
    eb_test_leave(room);
}
END_TEST

/* The rows of the registry speak of parameters and columns that there are. */
START_TEST(yields_name_what_there_is)
{
    for (size_t a = 0; a < eb_analysis_count(); a++) {
        const eb_analysis *analysis = eb_analysis_at(a);
        for (size_t i = 0; i < analysis->yield_count; i++) {
            const eb_yield *yield = &analysis->yields[i];
            char *words = strdup(yield->from ? yield->from : ""), *rest = NULL;
            for (char *key = strtok_r(words, ",", &rest); key; key = strtok_r(NULL, ",", &rest)) {
                const eb_param *param = eb_params_find(analysis->params, analysis->param_count, key);
                ck_assert_msg(param && (param->type == EB_PARAM_FIELD || (yield->layer && param->type == EB_PARAM_LAYER)), "%s: %s",
                              analysis->name, key);
            }
            free(words);
            words = strdup(yield->texts ? yield->texts : "");
            for (char *text = strtok_r(words, ",", &rest); text; text = strtok_r(NULL, ",", &rest))
                ck_assert_msg(strstr(yield->columns, text) != NULL, "%s: %s", analysis->name, text);
            free(words);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan columns");
    TCase *columns = tcase_create("columns");
    tcase_set_timeout(columns, 300);
    tcase_add_test(columns, what_a_run_gives_was_known_before);
    tcase_add_test(columns, what_parameters_leave_out_is_not_there);
    tcase_add_test(columns, yields_name_what_there_is);
    suite_add_tcase(suite, columns);
    return eb_test_run(suite);
}
