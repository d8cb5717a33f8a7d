#!/usr/bin/env bats
# What a run hands over to people who never see a terminal: report.html in a browser and on paper, statistics.xlsx in LibreOffice.
load ../support/helper

setup_file() { quzhou_runs; }

# browse PAGE OPTION...: load a page; what it logs to its console is in console.txt, every address it asked for in asked.txt.
browse() {
  local page=$1
  shift
  run --separate-stderr timeout 300 chromium --headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --disable-extensions "--user-data-dir=$BATS_TEST_TMPDIR/profile" --enable-logging=stderr \
    "--log-net-log=$BATS_TEST_TMPDIR/net.json" --net-log-capture-mode=Everything "$@" "file://$page"
  [ "$status" -eq 0 ] || show "the browser failed"
  grep -F CONSOLE <<<"$stderr" >console.txt || true
  python3 -B - >asked.txt <<'END'
import json, re
text = open("net.json", encoding="utf-8").read()
try:
    log = json.loads(text)
except ValueError:  # the browser ended before it closed the list
    log = json.loads(text.rstrip().rstrip(",") + "]}")
# What the browser itself looks for at its start has no page as its initiator.
for event in log["events"]:
    given = event.get("params") or {}
    if re.match("(https?|wss?|ftp):", given.get("url", "")) and given.get("initiator", "").startswith(("file:", "null")):
        print(given["url"])
END
}

@test "report: a browser loads it without a word on the console and without asking for anything" {
  need chromium
  for lang in en zh; do
    browse "$BATS_FILE_TMPDIR/$lang/report.html" --window-size=1280,3000 "--screenshot=$BATS_TEST_TMPDIR/$lang.png"
    assert_file "$lang.png"
    assert_equal "" "$(cat console.txt)"
    assert_equal "" "$(cat asked.txt)"
  done
}

@test "report: no screen is too narrow for it" {
  need chromium
  for lang in en zh; do
    run --separate-stderr python3 -B "$ECOBELT_SOURCE/tests/browser/check_report.py" "$BATS_FILE_TMPDIR/$lang/report.html"
    assert_exit 0
  done
}

@test "report: the watch over console and network would see something" {
  need chromium
  printf '<title>x</title><script>console.error("seen")</script><img src="http://127.0.0.1:9/seen.png">' >bad.html
  browse "$PWD/bad.html" "--screenshot=$PWD/bad.png"
  grep -q seen console.txt || show "nothing of the console was seen"
  grep -q seen.png asked.txt || show "no request was seen"
}

@test "report: nothing in it runs, even if someone put it there" {
  need chromium
  # The policy of the page holds for what could be smuggled into it.
  sed 's|</body>|<script>document.title="ran"</script><img src=x onerror="document.title=1"></body>|' "$BATS_FILE_TMPDIR/en/report.html" >smuggled.html
  browse "$PWD/smuggled.html" --dump-dom
  assert_out "<title>Quzhou ecology and tourism account</title>"
}

@test "report: on paper it is A4 with numbered pages and the headings of long tables on each" {
  need chromium pdfinfo pdftotext
  for lang in en zh; do
    browse "$BATS_FILE_TMPDIR/$lang/report.html" --no-pdf-header-footer "--print-to-pdf=$BATS_TEST_TMPDIR/$lang.pdf"
    run pdfinfo $lang.pdf
    assert_out A4
    pages=$(sed -n 's/^Pages: *//p' <<<"$output")
    [ "$pages" -ge 10 ] && [ "$pages" -le 40 ] || show "$pages pages"
    run pdftotext -layout $lang.pdf -
    assert_out "3 / $pages"
    if [ $lang = en ]; then words='Question and parameters'; else words=内容与参数; fi
    # What was asked is longer than a page.
    [ "$(grep -c "$words" <<<"$output")" -ge 2 ] || show "the headings are not repeated"
    if [ $lang = zh ]; then assert_out 计算值与公布值对照; fi
  done
}

# as_office FORMAT FILE: convert with LibreOffice into sheets/.
as_office() {
  run timeout 300 soffice --headless "-env:UserInstallation=file://$BATS_TEST_TMPDIR/office" --convert-to "$1" --outdir sheets "$2"
  [ "$status" -eq 0 ] || show "LibreOffice failed"
  refute_out Error
}

@test "workbook: LibreOffice opens it and computes the same totals" {
  need soffice
  # Without what the file remembers of its formulas, the program must compute them.
  run python3 -B "$ECOBELT_SOURCE/tests/support/totals.py" strip "$BATS_FILE_TMPDIR/en/statistics.xlsx" bare.xlsx kept.json
  formulas=${output% formulas}
  [ "$formulas" -ge 50 ] || show "few formulas"
  as_office 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1' bare.xlsx
  run python3 -B "$ECOBELT_SOURCE/tests/support/totals.py" compare sheets kept.json
  assert_out "$formulas totals, 0 wrong"
  run cat 'sheets/bare-Park by zone (schematic).csv'
  assert_out "252.38"
}

@test "workbook: LibreOffice prints every sheet, in both languages" {
  need soffice pdfinfo pdftotext
  for lang in en zh; do
    as_office pdf "$BATS_FILE_TMPDIR/$lang/statistics.xlsx"
    run pdfinfo sheets/statistics.pdf
    tables=$(find "$BATS_FILE_TMPDIR/$lang/statistics" -name '*.csv' | wc -l)
    [ "$(sed -n 's/^Pages: *//p' <<<"$output")" -ge $((tables + 6)) ] || show "fewer pages than sheets"
    run pdftotext -layout sheets/statistics.pdf -
    # A number that does not fit its column is shown as ###; a formula that fails begins with # or Err.
    refute_out '###'
    refute_out '#NAME'
    refute_out '#REF'
    refute_out 'Err:'
    if [ $lang = zh ]; then assert_out 合计; else assert_out 'Riverside belt by county'; fi
  done
}
