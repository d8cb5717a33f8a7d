#include "report/html/parts.h"

const char *eb_page_word(const eb_page *page, const char *en)
{
    return eb_translate_to(page->lang, en);
}

void eb_page_line(eb_page *page, const char *tag, const char *kind, const char *text)
{
    eb_string_addf(&page->out, "<%s", tag);
    if (*kind) eb_string_addf(&page->out, " class=\"%s\"", kind);
    eb_string_add(&page->out, ">");
    eb_xml_add(&page->out, text);
    eb_string_addf(&page->out, "</%s>", tag);
}

void eb_page_section(eb_page *page, const char *id, const char *title)
{
    eb_string_addf(&page->out, "\n<h2 id=\"%s\"><span class=\"no\">%d</span>", id, ++page->section);
    eb_xml_add(&page->out, title);
    eb_string_add(&page->out, "</h2>\n");
}
