/**
 * @file report/xml.h
 * Text inside XML.
 */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include "base/text.h"

/** Append text for an attribute or an element; characters that XML cannot hold are left out. */
void eb_xml_add(eb_string *out, const char *text);
/** A number as an attribute. */
void eb_xml_number(eb_string *out, const char *name, double value);

#endif
