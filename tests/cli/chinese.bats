#!/usr/bin/env bats
# Chinese: who says it, and what stays the same.
load ../support/helper

@test "the language: --lang, ECOBELT_LANG, the locale, LANGUAGE; no Chinese locale need be on the machine" {
  eb nothing --lang zh
  assert_exit 2
  assert_err "没有命令"
  eb nothing --lang=zh
  assert_err "没有命令"
  ECOBELT_LANG=zh eb nothing
  assert_err "没有命令"
  LC_ALL=zh_CN.UTF-8 eb nothing
  assert_err "没有命令"
  LC_ALL=en_GB.UTF-8 LANGUAGE=zh_CN:en eb nothing
  assert_err "没有命令"
  eb nothing
  assert_err "there is no command"
  LC_ALL=zh_CN.UTF-8 eb nothing --lang en
  assert_err "there is no command"
  LC_ALL=C LANGUAGE=zh_CN eb nothing
  assert_err "there is no command"
}

@test "numbers, names of columns and exit codes are the same in every language" {
  eb area "$LAYERS/park.geojson" --by name_zh --json --lang zh
  assert_exit 0
  local zh
  zh=$(json '[[r["name_zh"], r["area_m2"], r["official_m2"]] for r in d["tables"][0]["rows"]]')
  eb area "$LAYERS/park.geojson" --by name_zh --json
  assert_exit 0
  assert_equal "$zh" "$(json '[[r["name_zh"], r["area_m2"], r["official_m2"]] for r in d["tables"][0]["rows"]]')"
}
