/* What a [地块坐标] text file says of its coordinates: only what can be read as it says is read. */
#include "layer/parcel_reader.h"

#include "base/text.h"
#include "base/translate.h"

#include <stdio.h>
#include <string.h>

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (eb_text_same(text, words[i])) return true;
    return false;
}

static bool holds_one_of(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(text, words[i])) return true;
    return false;
}

static eb_status refuse_value(const eb_parcel_reader *self, const char *key, const char *value, const char *why, const char *hint,
                              eb_error *err)
{
    char text[400];
    snprintf(text, sizeof text, "%s=%s: %s", key, value, eb_translate(why));
    eb_text_trim_utf8(text, sizeof text);
    return eb_parcel_refuse(self, err, text, hint);
}

static eb_status judge_unit(const eb_parcel_reader *self, eb_error *err)
{
    static const char *const metres[] = {"", "米", "公尺", "m", "metre", "meter", "metres", "meters"};
    static const char *const degrees[] = {"", "度", "度分秒", "十进制度", "degree", "degrees"};
    const bool angle = self->plane == 0;
    const char *unit = self->facts.unit;
    const bool fine =
        angle ? is_one_of(unit, degrees, sizeof degrees / sizeof *degrees) || is_one_of(unit, metres, sizeof metres / sizeof *metres)
              : is_one_of(unit, metres, sizeof metres / sizeof *metres);
    if (fine) return EB_OK;
    if (!angle && is_one_of(unit, degrees, sizeof degrees / sizeof *degrees))
        return refuse_value(self, "计量单位", unit, N_("but by their size the coordinates are metres"), N_("correct the line: 计量单位=米"),
                            err);
    return refuse_value(self, "计量单位", unit, N_("coordinates are read in metres, or in degrees"),
                        N_("bring the coordinates to metres, and say 计量单位=米"), err);
}

/* The user's own CRS takes the place of what the file says of projection and zones. */
static eb_status judge_projection(eb_parcel_reader *self, const eb_parcel_words *words, eb_error *err)
{
    static const char *const gauss[] = {"高斯", "Gauss", "gauss", "GAUSS", "克吕格", "横轴墨卡托"};
    static const char *const three[] = {"3", "三"}, *const six[] = {"6", "六"};
    eb_parcel_facts *facts = &self->facts;
    if (strncmp(facts->bands, three[0], strlen(three[0])) == 0 || strncmp(facts->bands, three[1], strlen(three[1])) == 0)
        facts->width = 3;
    else if (strncmp(facts->bands, six[0], strlen(six[0])) == 0 || strncmp(facts->bands, six[1], strlen(six[1])) == 0)
        facts->width = 6;
    if (words->crs || self->plane == 0) return EB_OK;
    const char *hint = N_("name the CRS: --from-crs of ecobelt convert, or crs: in a plan");
    if (facts->projection[0] && !holds_one_of(facts->projection, gauss, sizeof gauss / sizeof *gauss))
        return refuse_value(self, "投影类型", facts->projection, N_("only Gauss-Krüger is read without a CRS"), hint, err);
    if (facts->bands[0] && !facts->width)
        return refuse_value(self, "几度分带", facts->bands, N_("only zones of 3 and 6 degrees are read without a CRS"), hint, err);
    return EB_OK;
}

/* Bytes of the separator that @p at, which is no end, begins with: comma, semicolon or blank, half or full width; 0 for any other sign. */
static size_t separator_size(const char *at)
{
    static const char *const wide[] = {"，", "；", "、", "　"};
    if (strchr(",; \t", *at)) return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        if (strncmp(at, wide[i], strlen(wide[i])) == 0) return strlen(wide[i]);
    }
    return 0;
}

static bool is_all_zero(const char *list)
{
    for (const char *at = list; *at;) {
        char word[40];
        double value = 0;
        size_t skip = separator_size(at), size = 0;
        while (!skip && at[size] && !separator_size(at + size)) size++;
        if (size >= sizeof word) return false;
        memcpy(word, at, size);
        word[size] = '\0';
        if (size && (!eb_text_to_real(word, &value) || value != 0)) return false;
        at += skip ? skip : size;
    }
    return true;
}

/* Are they in the coordinates already, or has the reader to apply them? The file does not say. */
static eb_status judge_shift(eb_parcel_reader *self, const eb_parcel_words *words, eb_error *err)
{
    if (is_all_zero(self->facts.shift)) return EB_OK;
    if (words->shift && !eb_text_same(words->shift, "done"))
        return eb_error_set(err, EB_USAGE, "SHIFT is done or not said, not \"%s\"", words->shift);
    if (words->shift) {
        eb_notes_add(&self->notes, "转换参数=%s: taken to be in the coordinates already", self->facts.shift);
        return EB_OK;
    }
    return refuse_value(self, "转换参数", self->facts.shift, N_("the file does not say whether they are in the coordinates already"),
                        N_("if they are: \"FILE.txt|option:SHIFT=done\"; if not, set them to 0 in the file and give them to --helmert"),
                        err);
}

eb_status eb_parcel_judge_attributes(eb_parcel_reader *self, const eb_parcel_words *words, eb_error *err)
{
    eb_status status = judge_unit(self, err);
    if (!status) status = judge_projection(self, words, err);
    return status ? status : judge_shift(self, words, err);
}
