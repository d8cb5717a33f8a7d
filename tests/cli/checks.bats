#!/usr/bin/env bats
# The checks of the house rules can fail: each is shown a small tree with one thing wrong.
load ../support/helper

# A tree that every check passes.
good_tree() {
  mkdir -p tree/src/po tree/src/base tree/src/geom tree/src/cli tree/include/ecobelt tree/scripts
  cp "$ECOBELT_SOURCE/.clang-format" tree/
  cat >tree/include/ecobelt/base.h <<'END'
/** What a call came to. */
typedef int eb_status;
/** Add. */
int eb_add(int a, int b);
END
  cat >tree/src/base/add.c <<'END'
#include <ecobelt/base.h>

int eb_add(int a, int b)
{
    return a + b;
}
END
  printf '#include "geom/ring.h"\n\n#include <geos_c.h>\n' >tree/src/geom/ring.c
  printf '#include "base/array.h"\n' >tree/src/geom/ring.h
  printf '#include <ecobelt/ecobelt.h>\n#include <stdio.h>\n' >tree/src/cli/cmd.h
  printf '#include "cli/cmd.h"\n\nconst char *const eb_said = N_("one of %%d");\n' >tree/src/cli/say.c
  cat >tree/src/po/zh_CN.po <<'END'
msgid ""
msgstr ""
"Project-Id-Version: tree\n"
"PO-Revision-Date: 2026-01-01 00:00+0000\n"
"Last-Translator: tree\n"
"Language-Team: tree\n"
"Language: zh_CN\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"

#, c-format
msgid "one of %d"
msgstr "%d 个中的一个"
END
  printf '#!/bin/bash\necho good\n' >tree/scripts/good
  chmod +x tree/scripts/good
}

# expect_finding CHECK TEXT: the check fails and says TEXT.
expect_finding() {
  run "$ECOBELT_SOURCE/scripts/$1" tree
  if [ "$status" -eq 77 ]; then skip "$output"; fi
  [ "$status" -eq 1 ] || show "$1 did not fail"
  [[ $output == *"$2"* ]] || show "$1 did not say: $2"
}

expect_pass() {
  run "$ECOBELT_SOURCE/scripts/$1" tree
  if [ "$status" -eq 77 ]; then skip "$output"; fi
  [ "$status" -eq 0 ] || show "$1 failed"
}

@test "a good tree passes every check" {
  good_tree
  for check in "$ECOBELT_SOURCE"/scripts/check-*; do
    run "$check" tree
    [ "$status" -eq 0 ] || [ "$status" -eq 77 ] || show "$check failed"
  done
}

@test "an empty tree passes none: nothing checked is no success" {
  mkdir tree
  for check in "$ECOBELT_SOURCE"/scripts/check-*; do
    run "$check" tree
    [ "$status" -eq 1 ] || [ "$status" -eq 77 ] || show "$check passed an empty tree"
  done
}

@test "check-deps: a module that looks to its left" {
  good_tree
  printf '#include "geom/ring.h"\n' >>tree/src/base/add.c
  expect_finding check-deps "src/base/add.c:7: base must not know geom"
}

@test "check-deps: a public header of a module to the left" {
  good_tree
  printf '#include <ecobelt/plan.h>\n' >>tree/src/geom/ring.h
  expect_finding check-deps "geom must not know plan"
}

@test "check-deps: neighbours on one level do not know each other" {
  good_tree
  mkdir tree/src/raster
  printf '#include <ecobelt/layer.h>\n' >tree/src/raster/cells.c
  expect_finding check-deps "raster must not know layer"
}

@test "check-deps: the header of all headers is for users" {
  good_tree
  printf '#include <ecobelt/ecobelt.h>\n' >tree/src/geom/ring.h
  expect_finding check-deps "geom must not know cli"
}

@test "check-deps: a library outside its room" {
  good_tree
  for header in proj.h gdal.h ogr_api.h cpl_conv.h shapefil.h libfyaml.h xlsxwriter.h igraph/igraph.h geodesic.h sqlite3.h; do
    printf '#include <%s>\n' "$header" >tree/src/geom/ring.h
    expect_finding check-deps "<$header>"
  done
}

@test "check-deps: a library in its room" {
  good_tree
  mkdir -p tree/src/{crs,measure,layer,raster,plan,report,network}
  printf '#include <proj.h>\n#include <geodesic.h>\n' >tree/src/crs/a.c
  printf '#include <geodesic.h>\n' >tree/src/measure/a.c
  printf '#include <ogr_api.h>\n#include <shapefil.h>\n' >tree/src/layer/a.c
  printf '#include <gdal.h>\n' >tree/src/raster/a.c
  printf '#include <libfyaml.h>\n' >tree/src/plan/a.c
  printf '#include <xlsxwriter.h>\n' >tree/src/report/a.c
  printf '#include <igraph/igraph.h>\n' >tree/src/network/a.c
  expect_pass check-deps
}

@test "check-deps: a module nobody planned, a header without its folder" {
  good_tree
  mkdir tree/src/misc
  printf 'int x;\n' >tree/src/misc/a.c
  expect_finding check-deps "no module misc"
  good_tree
  rm -r tree/src/misc
  printf '#include "ring.h"\n' >tree/src/geom/ring.c
  expect_finding check-deps 'write "MODULE/ring.h"'
}

long_function() {
  printf 'int %s(void)\n{\n' "$1"
  for ((i = 0; i < $2; i++)); do printf '    x = %d;\n' "$i"; done
  printf '}\n'
}

@test "check-sizes: a function of 101 lines, and one of 100" {
  good_tree
  long_function eb_long 100 >>tree/src/base/add.c
  # So that the long ones stay the exception.
  for n in 1 2 3; do long_function "eb_short$n" 2 >>tree/src/base/add.c; done
  expect_pass check-sizes
  long_function eb_longer 101 >>tree/src/base/add.c
  expect_finding check-sizes "eb_longer() has 101 lines"
}

@test "check-sizes: a file of 801 lines" {
  good_tree
  for ((i = 0; i < 801; i++)); do echo "int x$i;"; done >tree/src/base/many.c
  expect_finding check-sizes "src/base/many.c:1: 801 lines"
}

@test "check-sizes: mostly long functions" {
  good_tree
  for n in 1 2 3; do long_function "eb_f$n" 25 >>tree/src/base/add.c; done
  expect_finding check-sizes "only 1 of 4 functions are under 20 lines"
}

@test "check-banned: each of them, with its place" {
  good_tree
  for name in sprintf strcpy strcat atoi atof strtok sscanf gets gmtime localtime system setlocale; do
    printf 'void eb_f(void)\n{\n    %s(x);\n}\n' "$name" >tree/src/geom/ring.c
    expect_finding check-banned "src/geom/ring.c:3: $name()"
  done
}

@test "check-banned: speaking and exiting below cli, and not in it" {
  good_tree
  for call in 'printf("x")' 'puts("x")' 'exit(1)' 'abort()' 'fprintf(stderr, "x")' 'fputs("x", stdout)'; do
    printf 'void eb_f(void)\n{\n    %s;\n}\n' "$call" >tree/src/geom/ring.c
    expect_finding check-banned "src/geom/ring.c:3:"
    mv tree/src/geom/ring.c tree/src/cli/ring.c
    expect_pass check-banned
    rm tree/src/cli/ring.c
  done
}

@test "check-banned: not in comments, strings and longer names" {
  good_tree
  cat >tree/src/geom/ring.c <<'END'
/* system(x), as sprintf(x) */
void eb_f(void)
{
    eb_log("call exit(1) or atoi(2)"); // gets(x)
    eb_system(1);
    snprintf(text, 3, "x");
    gmtime_r(a, b);
    self->exit(1);
}
END
  expect_pass check-banned
}

@test "check-docs: a prototype without its comment" {
  good_tree
  printf 'int eb_bare(void);\n' >>tree/include/ecobelt/base.h
  expect_finding check-docs "eb_bare() has no comment directly above"
}

@test "check-docs: a comment shared with the line above, and a gap" {
  good_tree
  printf '/** One. */\nint eb_one(void);\n\nint eb_two(void);\n' >>tree/include/ecobelt/base.h
  expect_finding check-docs "base.h:8: eb_two()"
  printf '/** Far. */\n\nconst char *eb_far(void);\n' >tree/include/ecobelt/far.h
  expect_finding check-docs "far.h:3: eb_far()"
}

@test "check-docs: README must know every command, and no option that is gone" {
  good_tree
  echo 'text' >tree/README.md
  export ECOBELT_BUILD
  expect_finding check-docs "README.md:1: the command help is not shown"
  "$ECOBELT" --json-usage | python3 -c 'import json, sys; [print("    ecobelt", c["name"]) for c in json.load(sys.stdin)["commands"]]' >tree/README.md
  expect_pass check-docs
  echo '    ecobelt help --verbosely' >>tree/README.md
  expect_finding check-docs "there is no option --verbosely"
}

@test "check-format: a line as no formatter leaves it" {
  good_tree
  printf 'int eb_add( int a,int b );\n' >tree/src/base/add.h
  expect_finding check-format "src/base/add.h:1"
  "$ECOBELT_SOURCE/scripts/check-format" --fix tree
  expect_pass check-format
}

@test "check-words: each rule" {
  good_tree
  for text in 'a path /ho''me/somebody/x' 'a file in /wo''rk/main' 'TO''DO later' 'FIX''ME' 'see iss''ue #12' 'blank at the end ' $'return\r' $'int\tx;'; do
    printf '/* fine */\n// %s\n' "$text" >tree/src/base/words.c
    expect_finding check-words "src/base/words.c:2:"
  done
  printf 'no newline' >tree/src/base/words.c
  expect_finding check-words "no newline at the end"
  printf '\xb0\xa1\n' >tree/src/base/words.c
  expect_finding check-words "not UTF-8"
  printf '// The workflow: /dev/null, /tmp and https://example.org/home/page are fine; mktemp XXXXXX too\n' >tree/src/base/words.c
  expect_pass check-words
}

@test "check-translations: a text that is new, gone, empty, fuzzy, English, with another format, or that nothing translates" {
  good_tree
  expect_pass check-translations
  printf 'eb_error_set(err, EB_USAGE, "a new %%s here", name);\n' >tree/src/cli/new.c
  expect_finding check-translations 'src/cli/new.c: not in the catalogue: "a new %s here"'
  printf 'const char *word = "two plain words";\n' >tree/src/cli/new.c
  expect_finding check-translations 'src/cli/new.c:1: English that nothing translates: "two plain words"'
  rm tree/src/cli/new.c
  local good
  good=$(cat tree/src/po/zh_CN.po)
  printf '%s\n\nmsgid "gone for good"\nmsgstr "没有了"\n' "$good" >tree/src/po/zh_CN.po
  expect_finding check-translations 'the sources no longer say "gone for good"'
  printf '%s\n' "${good/个中的一个/one of them}" >tree/src/po/zh_CN.po
  expect_finding check-translations 'has no Chinese'
  printf '%s\n' "${good/\%d 个/%s 个}" >tree/src/po/zh_CN.po
  expect_finding check-translations 'are not the same'
  printf '%s\n' "${good/c-format/fuzzy, c-format}" >tree/src/po/zh_CN.po
  expect_finding check-translations 'fuzzy: "one of %d"'
  printf '%s\n' "${good/msgstr \"%d 个中的一个\"/msgstr \"\"}" >tree/src/po/zh_CN.po
  expect_finding check-translations 'not translated: "one of %d"'
}

@test "check-scripts: a script that does not parse, one that cannot be run" {
  good_tree
  printf '#!/bin/bash\nif true; then\n' >tree/scripts/bad
  chmod +x tree/scripts/bad
  expect_finding check-scripts "scripts/bad"
  printf '#!/bin/bash\necho fine\n' >tree/scripts/bad
  chmod -x tree/scripts/bad
  expect_finding check-scripts "not executable"
  chmod +x tree/scripts/bad
  expect_pass check-scripts
  printf '#!/usr/bin/python3\nif True\n' >tree/scripts/bad
  expect_finding check-scripts "scripts/bad:2:"
}

@test "the checks look at what git knows, or at everything in an unpacked archive" {
  good_tree
  mkdir -p tree/build-x/src/geom
  printf 'int eb_f(void)\n{\n    system(x);\n}\n' >tree/src/geom/new.c
  expect_finding check-banned "src/geom/new.c:3"
  git -C tree init -q
  echo new.c >tree/.gitignore
  expect_pass check-banned
  git -C tree add -f src/geom/new.c
  expect_finding check-banned "src/geom/new.c:3"
}
