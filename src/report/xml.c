#include "report/xml.h"

void eb_xml_add(eb_string *out, const char *text)
{
    for (const char *at = text; *at; at++) {
        const unsigned char c = (unsigned char)*at;
        switch (c) {
        case '&':
            eb_string_add(out, "&amp;");
            break;
        case '<':
            eb_string_add(out, "&lt;");
            break;
        case '>':
            eb_string_add(out, "&gt;");
            break;
        case '"':
            eb_string_add(out, "&quot;");
            break;
        case '\n':
            eb_string_add(out, "&#10;");
            break;
        default:
            if (c >= 0x20) eb_string_add_bytes(out, at, 1); /* XML has no other control characters */
        }
    }
}

void eb_xml_number(eb_string *out, const char *name, double value)
{
    char number[40];

    eb_text_from_real(number, sizeof number, value);
    eb_string_addf(out, " %s=\"%s\"", name, number);
}
